package io.readahead.server.netty.fake.io.netty.handler.codec.http;

import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedInput;

/** Has the field of Netty's. */
public class HttpChunkedInput implements ChunkedInput<Object> {

    private final ChunkedInput<Object> input;

    public HttpChunkedInput(ChunkedInput<Object> input) {
        this.input = input;
    }

    @Override
    public boolean isEndOfInput() throws Exception {
        return input.isEndOfInput();
    }

    @Override
    public void close() throws Exception {
        input.close();
    }

    @Override
    public Object readChunk(Object allocator) throws Exception {
        return input.readChunk(allocator);
    }

    @Override
    public long length() {
        return input.length();
    }

    @Override
    public long progress() {
        return input.progress();
    }
}
