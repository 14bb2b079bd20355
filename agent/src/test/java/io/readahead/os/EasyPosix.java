package io.readahead.os;

/**
 * Opens and closes everything at once; what a disk holds, how it reads and what is in the page cache is for each test to say.
 *
 * <p>Threads: any; no state.
 */
public abstract class EasyPosix implements PosixLibrary {

    private static final int FD = 100;

    @Override
    public int open(String path) {
        return FD;
    }

    @Override
    public int openForWriting(String path) {
        return FD;
    }

    @Override
    public int close(int fd) {
        return 0;
    }

    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        return 0;
    }

    @Override
    public String strerror(int errno) {
        return "errno " + errno;
    }

    /** For what the reader asks of a window that was read: nobody can say, so it is gone over. */
    @Override
    public int mincore(int fd, long offset, long length) {
        return -Errno.ENOSYS;
    }

    @Override
    public int readableNow(int fd, long offset) {
        throw new UnsupportedOperationException("the stream asks its Residency");
    }

    /** For what the reader asks of a window before it reads: nothing is left of an earlier read. */
    @Override
    public long cachedPages(int fd, long offset, long length) {
        return 0;
    }
}
