package io.readahead.os;

import java.util.function.IntSupplier;

/**
 * Brings a range of a file into the page cache and waits until it is there.
 *
 * <p>{@code POSIX_FADV_WILLNEED} only starts the read. The wait is for a byte, and then a look (mincore(2)) whether the rest has come: who
 * reads a page marks it as used, and a page that is used once more, by the loop that sends it, is for the kernel one of those that
 * are worth keeping. A download would push out what is hot, and under memory pressure what was sent would stay and what was read ahead
 * would go. A range of 64 KB or less comes by one read, and needs no look where all its pages are counted: a look takes a mapping, and
 * all readers share one lock.
 * Where pages may carry a mark of the kernel's readahead, or nobody can say, the range is gone over: {@code sendfile} to
 * {@code /dev/null} waits for every page and copies nothing (85 us for a resident MB, where a copying read costs 530 us).
 *
 * <p>Threads: readahead threads only; waits for the disk, for ever where the disk never answers.
 */
public final class RangeReader {

    /** What a few small reads of the server leave in a range: the first of them alone brings 4 pages. */
    private static final long REMNANT_PAGES = 32;
    /** What one step of going over reads, and one advice always: who gets less by a byte goes over the rest. */
    private static final long STEP_BYTES = 64 * 1024;
    /**
     * What is announced at a time. A kernel that does not preempt itself is at the advice for 1 MB for 0.4 ms, and an event loop that
     * becomes runnable meanwhile waits for that, and then for the reader's turn to end (Linux 6.18, 2 cores). As much as the kernel reads
     * at a time by default: disks that count requests have no more of them than without the agent.
     */
    private static final long ADVICE_BYTES = 128 * 1024;

    private final PosixLibrary posix;
    /** Whether it was refused: a security module may allow reading and not mapping, and write a line each time. */
    private volatile boolean mincoreRefused;
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
     * <p>Source: posix_fadvise(2), POSIX_FADV_WILLNEED; mincore(2); sendfile(2).
     *
     * @param fd says the file's descriptor, for each system call anew; a negative one ends it
     * @param cachedBefore what {@link #cachedPages} has said of the range
     * @return bytes that are in the page cache now, fewer than length at the end of the file, or the negated errno
     */
    public long read(IntSupplier fd, long offset, long length, long cachedBefore) {
        // Who may not know is told that everything is there.
        boolean quietly = cachedBefore == 0 && (isOneRead(length) || readyBytes(fd, offset + length - 1, 1) == 0);
        int advised = announce(fd, offset, length);
        if (advised == -Errno.EBADF) {
            return advised;
        }
        return quietly ? await(fd, offset, length) : goOver(fd, offset, length);
    }

    /** Whether one read brings a range, in order: then its last byte speaks for it, and no mapping is made to ask about the others. */
    private static boolean isOneRead(long length) {
        return length <= STEP_BYTES;
    }

    private int announce(IntSupplier fd, long offset, long length) {
        int answer = 0;
        for (long done = 0; done < length && answer != -Errno.EBADF; done += ADVICE_BYTES) {
            if (done > 0) {
                Thread.yield();    // loops first
            }
            answer = posix.posix_fadvise(fd.getAsInt(), offset + done, Math.min(ADVICE_BYTES, length - done),
                    PosixLibrary.POSIX_FADV_WILLNEED);
        }
        return answer;
    }

    /**
     * Waits for a range that was announced, and of which nothing was cached; answers as {@link #read}.
     *
     * <p>Linux 6.18, force_page_cache_ra(): of one advice no more is read than the larger of {@code read_ahead_kb} and
     * {@code max_sectors_kb}, on FUSE 128 KB, and the rest is forgotten.
     */
    private long await(IntSupplier fd, long offset, long length) {
        if (!isOneRead(length)) {
            announceTheRest(fd, offset, length);
        }
        long ready = 0;
        long awaited = length - 1;
        while (true) {
            long answer = readByte(fd, offset + awaited);
            if (answer == 1 && isOneRead(length) && !hasHoles(fd, offset, length)) {
                return length;
            }
            long more = readyBytes(fd, offset + ready, length - ready);
            if (answer < 0) {
                long came = ready + Math.max(0, more);
                return came > 0 && came < length ? came : answer;
            }
            if (ready + more >= length) {
                return length;
            }
            if (answer == 0 || more < 0 || awaited == ready && more < STEP_BYTES) {
                return goOver(fd, offset, length, ready);    // the file was cut, nobody can say, or pages have gone again
            }
            ready += more;
            awaited = ready;
        }
    }

    /** Linux 6.18, page_cache_ra_unbounded(): where there is no memory for a page, what comes behind it is not read either. */
    private boolean hasHoles(IntSupplier fd, long offset, long length) {
        long pages = posix.cachedPages(fd.getAsInt(), offset, length);
        return pages >= 0 && pages < Pages.in(offset, length);
    }

    private void announceTheRest(IntSupplier fd, long offset, long length) {
        long announced = 0;
        long counted = cachedBytes(fd, offset, length);
        while (counted > announced && counted < length) {
            announced = counted;
            announce(fd, offset + counted, length - counted);
            counted = cachedBytes(fd, offset, length);
        }
    }

    /** What of the beginning of a range is cached or on its way, where it is one piece; negative where nobody can say. */
    private long cachedBytes(IntSupplier fd, long offset, long length) {
        long pages = posix.cachedPages(fd.getAsInt(), offset, length);
        return pages < 0 ? pages : bytesOf(pages, offset, length);
    }

    /** What of a range is in the page cache, to the first page that is not; negative where nobody can say. */
    private long readyBytes(IntSupplier fd, long offset, long length) {
        if (mincoreRefused) {
            return -Errno.EPERM;
        }
        long pages = Pages.in(offset, length);
        long ready = 0;
        long asked = 0;
        while (ready == asked && asked < pages) {
            int more = posix.mincore(fd.getAsInt(), (offset / Pages.BYTES + ready) * Pages.BYTES, (pages - ready) * Pages.BYTES);
            if (more < 0) {
                mincoreRefused = more == -Errno.EACCES || more == -Errno.EPERM || more == -Errno.ENOSYS;
                return more;
            }
            asked += Math.min(pages - asked, PosixLibrary.MINCORE_PAGES);
            ready += more;
        }
        return bytesOf(ready, offset, length);
    }

    /** Whether all of a range is in the page cache; who may not know, or can't ask, is told that it is. Takes a mapping. */
    public boolean isThere(IntSupplier fd, long offset, long length) {
        long ready = readyBytes(fd, offset, length);
        return ready < 0 || ready >= length;
    }

    /** Bytes of a range that lie in so many pages from its first one on. */
    private static long bytesOf(long pages, long offset, long length) {
        return Math.max(0, Math.min(length, Pages.bytesFrom(offset, pages)));
    }

    private long readByte(IntSupplier fd, long offset) {
        long answer;
        do {
            answer = posix.sendfile(devNull, fd.getAsInt(), offset, 1);
        } while (answer == -Errno.EINTR);
        return answer;
    }

    /**
     * Goes over a range that is in the page cache, so that the kernel's readahead, where a page of it is marked, goes on from this thread.
     *
     * <p>Errors and source: as {@link #read}.
     *
     * @return as {@link #read}
     */
    public long goOver(IntSupplier fd, long offset, long length) {
        return goOver(fd, offset, length, 0);
    }

    /** @param before bytes of it that need not be gone over, and count */
    private long goOver(IntSupplier fd, long offset, long length, long before) {
        long done = before;
        while (done < length) {
            long sent = posix.sendfile(devNull, fd.getAsInt(), offset + done, length - done);
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
     * Counts the pages of a range that are in the page cache: those that lie in it alone, for the others came with what is beside it; of a
     * range that has none such, all.
     *
     * <p>Errors: negative where cachestat(2) is missing or refused.
     */
    public long cachedPages(IntSupplier fd, long offset, long length) {
        long pages = pagesWithin(offset, length);
        return pages > 0 ? posix.cachedPages(fd.getAsInt(), firstPageWithin(offset) * Pages.BYTES, pages * Pages.BYTES)
                : posix.cachedPages(fd.getAsInt(), offset, length);
    }

    /** Whether so many pages of a range are few enough to be what a server's own small reads leave. */
    public static boolean isRemnant(long cachedPages, long offset, long length) {
        return cachedPages > 0 && cachedPages <= Math.min(REMNANT_PAGES, pagesWithin(offset, length) / 2);
    }

    private static long firstPageWithin(long offset) {
        return (offset + Pages.BYTES - 1) / Pages.BYTES;
    }

    private static long pagesWithin(long offset, long length) {
        return (offset + length) / Pages.BYTES - firstPageWithin(offset);
    }

    /** Closes {@code /dev/null}, once; nothing may be read afterwards. */
    public synchronized void close() {
        if (devNull >= 0) {
            posix.close(devNull);
            devNull = -Errno.EBADF;
        }
    }
}
