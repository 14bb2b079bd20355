package io.readahead.server.netty.fake.io.netty.handler.stream;

import java.io.RandomAccessFile;

/** Has the fields of Netty's. */
public class ChunkedFile extends Counting {

    private final RandomAccessFile file;
    private final int chunkSize;
    private long offset;
    private final long endOffset;

    public ChunkedFile(RandomAccessFile file, long offset, long end, int chunkSize) {
        this.file = file;
        this.chunkSize = chunkSize;
        this.offset = offset;
        this.endOffset = end;
    }

    @Override
    public Object readChunk(Object allocator) {
        offset += Math.min(chunkSize, endOffset - offset);
        return file;
    }

    @Override
    public long progress() {
        return offset;
    }
}
