package io.readahead.os;

/**
 * Brings a range of a file into the page cache and waits until it is there.
 *
 * <p>{@code POSIX_FADV_WILLNEED} only starts the read; {@code sendfile} to {@code /dev/null} waits for every page and copies
 * nothing (85 us for a resident MB, where a copying read costs 530 us).
 *
 * <p>Threads: readahead threads only; waits for the disk, for ever where the disk never answers.
 */
public final class RangeReader {

    private static final long PAGE_BYTES = 4096;
    /** What a few small reads of the server leave in a range: the first of them alone brings 4 pages. */
    private static final long REMNANT_PAGES = 32;

    private final PosixLibrary posix;
    private int devNull;

    /** Opens {@code /dev/null}, which stays open until {@link #close}. */
    public RangeReader(PosixLibrary posix) {
        this.posix = posix;
        this.devNull = posix.openForWriting("/dev/null");
        if (devNull < 0) {
            throw new IllegalStateException("/dev/null can't be opened for writing: errno " + -devNull);
        }
    }

    /**
     * Reads a range.
     *
     * <p>Errors: never throws; the reader of the file meets what the disk said when it reads for itself.
     * <p>Source: posix_fadvise(2), POSIX_FADV_WILLNEED; sendfile(2).
     *
     * @return bytes that are in the page cache now, fewer than length at the end of the file, or the negated errno
     */
    public long read(int fd, long offset, long length) {
        int advised = posix.posix_fadvise(fd, offset, length, PosixLibrary.POSIX_FADV_WILLNEED);
        return advised == -Errno.EBADF ? advised : goOver(fd, offset, length);
    }

    /**
     * Goes over a range that is in the page cache, so that the kernel's readahead, where a page of it is marked, goes on from this thread.
     *
     * <p>Errors and source: as {@link #read}.
     *
     * @return as {@link #read}
     */
    public long goOver(int fd, long offset, long length) {
        long done = 0;
        while (done < length) {
            long sent = posix.sendfile(devNull, fd, offset + done, length - done);
            if (sent == -Errno.EINTR) {
                continue;
            }
            if (sent < 0) {
                return done > 0 ? done : sent;
            }
            if (sent == 0) {
                break;
            }
            done += sent;
        }
        return done;
    }

    /**
     * Whether of the whole pages of a range a few are in the page cache, and most are not: what a server's own small reads leave.
     *
     * <p>Errors: false where cachestat(2) is missing or refused.
     */
    public boolean hasRemnant(int fd, long offset, long length) {
        long begin = (offset + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        long pages = (offset + length) / PAGE_BYTES - begin / PAGE_BYTES;
        long cached = pages > 0 ? posix.cachedPages(fd, begin, pages * PAGE_BYTES) : 0;
        return cached > 0 && cached <= Math.min(REMNANT_PAGES, pages / 2);
    }

    /** Closes {@code /dev/null}, once; nothing may be read afterwards. */
    public synchronized void close() {
        if (devNull >= 0) {
            posix.close(devNull);
            devNull = -Errno.EBADF;
        }
    }
}
