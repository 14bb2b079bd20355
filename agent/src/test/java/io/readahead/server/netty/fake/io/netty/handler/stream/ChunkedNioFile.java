package io.readahead.server.netty.fake.io.netty.handler.stream;

import java.nio.channels.FileChannel;

/** Has the fields of Netty's. */
public class ChunkedNioFile extends Counting {

    private final FileChannel in;
    private final int chunkSize;
    private long offset;
    private final long endOffset;

    public ChunkedNioFile(FileChannel in, long offset, long end, int chunkSize) {
        this.in = in;
        this.chunkSize = chunkSize;
        this.offset = offset;
        this.endOffset = end;
    }

    @Override
    public Object readChunk(Object allocator) {
        offset += Math.min(chunkSize, endOffset - offset);
        return in;
    }

    @Override
    public long progress() {
        return offset;
    }
}
