package io.readahead.transfer;

import io.readahead.os.EasyPosix;
import io.readahead.os.FileFacts;
import io.readahead.os.Residency;

/** A disk without state: everything before {@link #HOT} is cold, and a read takes no time. Threads: any. */
final class InstantDisk extends EasyPosix implements Residency {

    /** From here on everything is in the page cache. */
    static final long HOT = 1L << 30;

    private static final long FILE_BYTES = 1L << 31;

    @Override
    public long readablePrefix(int fd, long position, long length) {
        return position < HOT ? 0 : length;
    }

    @Override
    public int stat(int fd, FileFacts result) {
        result.set(true, FILE_BYTES, 1);
        return 0;
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        return count;
    }
}
