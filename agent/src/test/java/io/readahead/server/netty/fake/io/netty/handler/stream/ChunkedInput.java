package io.readahead.server.netty.fake.io.netty.handler.stream;

/** Has Netty's name, as far as a relocated copy has it. @param <T> what a chunk is */
public interface ChunkedInput<T> {

    boolean isEndOfInput() throws Exception;

    void close() throws Exception;

    T readChunk(Object allocator) throws Exception;

    long length();

    long progress();
}
