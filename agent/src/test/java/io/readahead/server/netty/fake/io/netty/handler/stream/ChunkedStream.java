package io.readahead.server.netty.fake.io.netty.handler.stream;

import java.io.PushbackInputStream;

/** Has the fields of Netty's. */
public class ChunkedStream extends Counting {

    private final PushbackInputStream in;
    private final int chunkSize;
    private long offset;

    public ChunkedStream(PushbackInputStream in, int chunkSize) {
        this.in = in;
        this.chunkSize = chunkSize;
    }

    @Override
    public Object readChunk(Object allocator) {
        offset += chunkSize;
        return in;
    }

    @Override
    public long progress() {
        return offset;
    }
}
