package io.readahead.server.netty.fake.io.netty.channel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** What the agent needs of Netty's, with the two methods as they are in 4.1.136 and 4.2.18. */
public class DefaultFileRegion {

    private final FileChannel file;
    private final long position;
    private final long count;

    public DefaultFileRegion(FileChannel file, long position, long count) {
        this.file = file;
        this.position = position;
        this.count = count;
    }

    /** Sends what comes behind the first bytes of the region. */
    public long transferTo(WritableByteChannel target, long behind) throws IOException {
        long written = file.transferTo(this.position + behind, count - behind, target);
        if (written == 0) {
            validate(this, behind);
        }
        return written;
    }

    static void validate(DefaultFileRegion region, long position) throws IOException {
        long size = region.file.size();
        long count = region.count - position;
        if (region.position + count + position > size) {
            throw new IOException("Underlying file size " + size + " smaller then requested count " + region.count);
        }
    }
}
