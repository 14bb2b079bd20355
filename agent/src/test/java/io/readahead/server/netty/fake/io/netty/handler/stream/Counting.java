package io.readahead.server.netty.fake.io.netty.handler.stream;

/** What all inputs of the tests have alike. */
abstract class Counting implements ChunkedInput<Object> {

    @Override
    public boolean isEndOfInput() {
        return false;
    }

    @Override
    public void close() {
        // The tests close their files themselves.
    }

    @Override
    public long length() {
        return -1;
    }
}
