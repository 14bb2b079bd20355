package io.readahead.it.guests;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Sends files in regions of its own, as some libraries do. */
public final class OwnRegionServer {

    private OwnRegionServer() {
    }

    /** Serves a folder until the process is ended. Arguments: the folder, and NIO or EPOLL. */
    public static void main(String[] arguments) throws InterruptedException {
        NettyGuest.serve(arguments, (channel, file) -> channel.writeAndFlush(new OwnRegion(file, file.size())));
    }

    /** What a region needs that sends nothing itself. */
    private abstract static class AbstractRegion extends AbstractReferenceCounted implements FileRegion {

        @Override
        public long position() {
            return 0;
        }

        @Override
        @Deprecated
        public long transfered() {
            return transferred();
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

    /** Has the interface by its superclass alone. */
    private static final class OwnRegion extends AbstractRegion {

        private final FileChannel file;
        private final long size;
        private long sent;

        OwnRegion(FileChannel file, long size) {
            this.file = file;
            this.size = size;
        }

        @Override
        public long count() {
            return size;
        }

        @Override
        public long transferred() {
            return sent;
        }

        @Override
        public long transferTo(WritableByteChannel target, long position) throws IOException {
            long now = file.transferTo(position, size - position, target);
            sent += Math.max(0, now);
            return now;
        }

        @Override
        protected void deallocate() {
            try {
                file.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
