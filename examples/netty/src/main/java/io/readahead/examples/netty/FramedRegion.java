package io.readahead.examples.netty;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A header and a file in one FileRegion, so that nothing can come between them. Threads: the event loop. */
final class FramedRegion extends AbstractReferenceCounted implements FileRegion {

    private final ByteBuffer header;
    private final FileRegion file;
    private final long count;
    private long transferred;

    FramedRegion(byte[] header, FileRegion file) {
        this.header = ByteBuffer.wrap(header);
        this.file = file;
        this.count = header.length + file.count();
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred;
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long written = 0;
        if (header.hasRemaining()) {
            written = target.write(header);
        }
        if (!header.hasRemaining()) {
            written += file.transferTo(target, file.transferred());
        }
        transferred += written;
        return written;
    }

    @Override
    protected void deallocate() {
        file.release();
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
