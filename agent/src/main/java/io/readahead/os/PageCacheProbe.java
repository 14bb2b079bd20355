package io.readahead.os;

/**
 * Says how much of a range can be read from the page cache without waiting.
 *
 * <p>Evidence comes in layers. cachestat(2) first: it starts no I/O, and absent pages end the question; but it counts pages that
 * are still being read. So {@code preadv2(RWF_NOWAIT)} of one byte confirms every {@value #PAGES_BETWEEN_SAMPLES}th page and the
 * last (of {@value #PAGES_BETWEEN_SAMPLES} pages or fewer the last alone: one read brings them in, in order), and is asked only
 * where the pages are there, because a miss starts a read and may wait on metadata (0.2 ms on ext4, 4.4 ms on btrfs).
 *
 * <p>Where the file system can't answer that (overlay, FUSE: EOPNOTSUPP), or the kernel, mincore(2) confirms: of a disk that never answers,
 * the pages that somebody asked for count as cached for ever, and a loop that believed it would never come back. It is the last
 * choice because it needs a mapping, whose making and unmaking takes the lock of the process's memory map; and it says "resident" of
 * everything to who neither owns the file nor may write to it, but there cachestat has said EPERM before.
 *
 * <p>Units: bytes. Errors: never throws. Threads: any, event loops included; waits for nothing but, rarely, metadata.
 */
public final class PageCacheProbe implements Residency {

    private static final long PAGE_BYTES = 4096;
    private static final int PAGES_BETWEEN_SAMPLES = 8;
    /** Where a range is partly cached: the least that is worth a send of its own. */
    private static final long SMALLEST_PREFIX_BYTES = 64 * 1024;

    private final PosixLibrary posix;
    private volatile boolean cachestatMissing;
    private volatile boolean nowaitMissing;

    public PageCacheProbe(PosixLibrary posix) {
        this.posix = posix;
    }

    /**
     * Tries each layer on a file that was read a moment ago, so that later questions skip what this kernel lacks.
     *
     * @param fd any regular file
     * @return a word for the start-up line: what the host allows
     */
    public String selfTest(int fd) {
        long cached = posix.cachedPages(fd, 0, PAGE_BYTES);
        cachestatMissing = cached == -Errno.ENOSYS;
        int readable = posix.readableNow(fd, 0);
        nowaitMissing = readable == -Errno.ENOSYS || readable == -Errno.EINVAL || readable == -Errno.EPERM;
        // glibc says EOPNOTSUPP of a kernel without preadv2 too, so other files are asked all the same.
        boolean saysNothing = nowaitMissing || readable == -Errno.EOPNOTSUPP;
        if (cachestatMissing) {
            return saysNothing ? "none" : "nowait";
        }
        return saysNothing ? "cachestat" : "cachestat+nowait";
    }

    @Override
    public long readablePrefix(int fd, long position, long length) {
        long cached = length;
        boolean counted = false;
        if (!cachestatMissing) {
            cached = cachedPrefix(fd, position, length);
            counted = cached >= 0;
            if (cached == 0) {
                return 0;
            }
            if (!counted) {
                if (cached == -Errno.EBADF) {
                    return UNKNOWN;
                }
                cached = length;
            }
        }
        long readable = nowaitMissing ? UNKNOWN : confirmedPrefix(fd, position, cached);
        return readable == UNKNOWN && counted ? mappedPrefix(fd, position, cached) : readable;
    }

    /** By mincore(2), what of a range that is cached can be read; all of it where that can't be asked either. */
    private long mappedPrefix(int fd, long position, long length) {
        int ready = posix.mincore(fd, position, length);
        if (ready < 0) {
            return length;
        }
        long readable = Math.min(length, (position / PAGE_BYTES + ready) * PAGE_BYTES - position);
        return ready == 0 || readable < length && readable < SMALLEST_PREFIX_BYTES ? 0 : readable;
    }

    /** The longest of length, length / 2, ... that is cached as a whole; 0 where not even the smallest is; or the negated errno. */
    private long cachedPrefix(int fd, long position, long length) {
        long candidate = length;
        while (true) {
            long cached = posix.cachedPages(fd, position, candidate);
            if (cached < 0) {
                return cached;
            }
            if (cached >= pagesIn(position, candidate)) {
                return candidate;
            }
            // Little of it is there: skip the halves that can't be whole.
            long most = Math.min(candidate / 2, cached * PAGE_BYTES);
            if (most < SMALLEST_PREFIX_BYTES) {
                return 0;
            }
            candidate = most;
        }
    }

    private long confirmedPrefix(int fd, long position, long length) {
        long end = position + length;
        long sample = position;
        if (length <= PAGES_BETWEEN_SAMPLES * PAGE_BYTES && posix.readableNow(fd, end - 1) == 1) {
            return length;
        }
        while (true) {
            int answer = posix.readableNow(fd, sample);
            if (answer == -Errno.EAGAIN) {
                return roundedPrefix(position, sample);
            }
            if (answer < 0) {
                return UNKNOWN;
            }
            if (sample / PAGE_BYTES == (end - 1) / PAGE_BYTES || answer == 0) {
                return length;
            }
            sample = Math.min((sample / PAGE_BYTES + PAGES_BETWEEN_SAMPLES) * PAGE_BYTES, end - 1);
        }
    }

    /** What lies before a sample that was not readable, short of the pages that no sample vouches for. */
    private static long roundedPrefix(long position, long unreadable) {
        long vouched = (unreadable / PAGE_BYTES - PAGES_BETWEEN_SAMPLES) * PAGE_BYTES - position;
        return vouched < SMALLEST_PREFIX_BYTES ? 0 : vouched;
    }

    private static long pagesIn(long position, long length) {
        return (position + length - 1) / PAGE_BYTES - position / PAGE_BYTES + 1;
    }
}
