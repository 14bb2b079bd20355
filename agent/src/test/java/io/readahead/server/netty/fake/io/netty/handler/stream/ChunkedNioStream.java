package io.readahead.server.netty.fake.io.netty.handler.stream;

import java.nio.channels.ReadableByteChannel;

/** Has the fields of Netty's. */
public class ChunkedNioStream extends Counting {

    private final ReadableByteChannel in;
    private final int chunkSize;
    private long offset;

    public ChunkedNioStream(ReadableByteChannel in, int chunkSize) {
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
