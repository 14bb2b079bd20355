package io.readahead.os;

import java.util.function.BooleanSupplier;

/**
 * Says how much of a range can be read from the page cache without waiting.
 *
 * <p>Evidence comes in layers. cachestat(2) first: it starts no I/O, and absent pages end the question; but it counts pages that
 * are still being read. So {@code preadv2(RWF_NOWAIT)} of one byte confirms every {@value #PAGES_BETWEEN_SAMPLES}th page and the
 * last (of {@value #PAGES_BETWEEN_SAMPLES} pages or fewer the last alone: one read brings them in, in order), and is asked only
 * where the pages are there, because a miss starts a read and may wait on metadata (0.2 ms on ext4, 4.4 ms on btrfs). Where nothing is
 * absent as far behind the range as the kernel reads ahead, nobody's readahead has come to an end in it, and every
 * {@value #PAGES_BETWEEN_FEWER_SAMPLES}th will do, which is what a kernel reads at a time as it comes. What that may miss is a hole that
 * is being filled at this moment, so while the agent's own threads read something, all is asked as before: four readers of a log that
 * grows had their loops asleep 34 times in 26 runs, each for less than a millisecond, and in 52 not once since. Another process may
 * still fill one.
 *
 * <p>Where the file system can't answer that (overlay, FUSE: EOPNOTSUPP), or the kernel, mincore(2) confirms: of a disk that never answers,
 * the pages that somebody asked for count as cached for ever, and a loop that believed it would never come back. It is the last
 * choice because it needs a mapping, whose making and unmaking takes the lock of the process's memory map; and it says "resident" of
 * everything to who neither owns the file nor may write to it, but there cachestat has said EPERM before. Where the kernel may have marked
 * a page it is the first, for it touches none.
 *
 * <p>On overlay mincore(2) is the only one, for there a mapping is of the file below, and cachestat(2) counts the pages of the overlay's
 * own inode, 0; it is asked of a page behind the end of the file as well, so that who may not know is not believed to know. Which devices
 * are overlays the first readahead tells.
 *
 * <p>Where cachestat(2) is missing, mincore(2) is asked first too, of files on a block device: {@code preadv2} starts a read where it
 * misses (Linux 6.18: an event loop read 384 KB of 16 MB that were cold), and where it doesn't, it is asked for every
 * {@value #PAGES_BETWEEN_SAMPLES}th page, and a mark of the kernel's may lie between (5.10 and 6.1: 1.6 to 5.5 MB of 16 MB that somebody
 * else had begun). Who may not know goes on with {@code preadv2}.
 *
 * <p>Units: bytes. Errors: never throws. Threads: any, event loops included; waits for nothing but, rarely, metadata.
 */
public final class PageCacheProbe implements Residency {

    private static final int PAGES_BETWEEN_SAMPLES = 8;
    private static final int PAGES_BETWEEN_FEWER_SAMPLES = 32;
    /** Where a range is partly cached: the least that is worth a send of its own. */
    private static final long SMALLEST_PREFIX_BYTES = 64 * 1024;
    /** How many times as far is looked where all was there; each look is a system call. */
    private static final int FURTHER = 8;

    private final PosixLibrary posix;
    private final KernelReadahead kernels;
    private final Overlays overlays = new Overlays();
    private volatile BooleanSupplier reading = () -> false;
    private volatile boolean cachestatMissing;
    private volatile boolean nowaitMissing;
    /** A security module that allows reading and not mapping writes a line each time. */
    private volatile boolean mappingRefused;

    public PageCacheProbe(PosixLibrary posix) {
        this(posix, new KernelReadahead());
    }

    PageCacheProbe(PosixLibrary posix, KernelReadahead kernels) {
        this.posix = posix;
        this.kernels = kernels;
    }

    /** Sets who says whether threads of this process bring in pages at this moment. */
    public void askWhetherSomethingIsRead(BooleanSupplier newReading) {
        reading = newReading;
    }

    /**
     * Tries each layer on a file that was read a moment ago, so that later questions skip what this kernel lacks, or its filter refuses.
     *
     * <p>cachestat(2) is tried on a file of the process's own: of another one EPERM may be a filter's, or mean that file alone.
     *
     * @param fd any regular file that is not empty
     * @param ownFd a file of the process's own, or a negative number where there is none
     * @return a word for the start-up line: what the host allows
     */
    public String selfTest(int fd, int ownFd) {
        cachestatMissing = ownFd >= 0 ? posix.cachedPages(ownFd, 0, Pages.BYTES) < 0
                : posix.cachedPages(fd, 0, Pages.BYTES) == -Errno.ENOSYS;
        int readable = posix.readableNow(fd, 0);
        // A filter may answer 0 and do nothing: of a file that is not empty, nothing is read then and nothing refused.
        nowaitMissing = readable == 0 || readable == -Errno.ENOSYS || readable == -Errno.EINVAL || readable == -Errno.EPERM;
        // glibc says EOPNOTSUPP of a kernel without preadv2 too, so other files are asked all the same.
        boolean saysNothing = nowaitMissing || readable == -Errno.EOPNOTSUPP;
        if (cachestatMissing) {
            return saysNothing ? "none" : "nowait";
        }
        return saysNothing ? "cachestat" : "cachestat+nowait";
    }

    /**
     * {@inheritDoc}
     *
     * <p>The page cache of such a range is asked by mincore(2), for {@code preadv2} comes to marks as sendfile does. Where neither it nor
     * cachestat(2) tells, nobody looks for marks.
     */
    @Override
    public long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        if (isAskedByMapping(facts)) {
            long answer = residentSendablePrefix(fd, position, length, facts);
            if (answer != UNKNOWN || !facts.onBlockDevice()) {
                return answer;
            }
        }
        if (cachestatMissing) {
            return readablePrefix(fd, position, length);
        }
        long marked = kernels.mostOf(facts.device());
        long reach = Math.min(length + marked, facts.sizeBytes() - position);
        long least = Math.min(length, SMALLEST_PREFIX_BYTES);
        long cached = cachedPrefix(fd, position, reach, least);
        if (cached <= 0) {
            return cached == 0 ? 0 : cached == -Errno.EBADF ? UNKNOWN : readablePrefix(fd, position, length);
        }
        long unmarked = cached < reach ? Math.min(length, cached - marked) : length;
        if (unmarked >= least) {
            // What was begun before the pages were counted, and is not ready, is still being read.
            return confirmed(fd, position, unmarked, true,
                    cached < reach || reading.getAsBoolean() ? PAGES_BETWEEN_SAMPLES : PAGES_BETWEEN_FEWER_SAMPLES);
        }
        long ready = mappedPrefix(fd, position, Math.min(length, cached));
        return ready == 0 ? 0 : Residency.toBeGoneOver(ready);
    }

    /** Whether mincore(2) is asked first. What is neither may ask a server when it is mapped. */
    private boolean isAskedByMapping(FileFacts facts) {
        return facts.onBlockDevice() ? cachestatMissing && !mappingRefused : overlays.contains(facts.device());
    }

    private long residentSendablePrefix(int fd, long position, long length, FileFacts facts) {
        long marked = kernels.mostOf(facts.device());
        long reach = Math.min(length + marked, facts.sizeBytes() - position);
        long ready = residentPrefix(fd, position, reach, facts);
        return ready == UNKNOWN ? UNKNOWN : sendable(ready, reach, length, marked);
    }

    /** By mincore(2), what of a range can be read; unknown where the kernel doesn't tell. */
    private long residentPrefix(int fd, long position, long length, FileFacts facts) {
        int ready = posix.residentPages(fd, position, length, facts.sizeBytes());
        if (ready == -Errno.EACCES || ready == -Errno.ENOSYS) {
            mappingRefused = true;
        }
        return ready < 0 ? UNKNOWN : ready == 0 ? 0 : Math.min(length, Pages.bytesFrom(position, ready));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A sample touches the page, which is out of the processor's caches as a rule: every 8th page of what thousands of slow readers had
     * left in memory was 40 % of what their loop did.
     */
    @Override
    public long readablePrefix(int fd, long position, long length, FileFacts facts) {
        if (isAskedByMapping(facts)) {
            long ready = residentPrefix(fd, position, length, facts);
            if (ready != UNKNOWN || !facts.onBlockDevice()) {
                return ready < Math.min(length, SMALLEST_PREFIX_BYTES) && ready != UNKNOWN ? 0 : ready;
            }
        }
        return readablePrefix(fd, position, length, PAGES_BETWEEN_FEWER_SAMPLES);
    }

    /** {@inheritDoc} Unknown where the kernel doesn't tell; that is asked only where it says that something is there. */
    @Override
    public long mappedPrefix(Mapping mapping, long offset, long length, boolean goneOver) {
        long marked = goneOver ? 0 : kernels.mostOf(mapping.device());
        long reach = Math.min(length + marked, mapping.bytes() - offset);
        long sent = Math.min(length, reach);
        long now = System.nanoTime();
        long ready = residentBytes(mapping, offset, sent);
        if (ready < 0 || ready > 0 && !mapping.tells(posix)) {
            return UNKNOWN;
        }
        if (ready == sent && sent < reach) {
            long seenTo = Math.min(mapping.seenTo(offset + sent), offset + reach);
            ready = seenTo - offset + Math.max(0, residentBytes(mapping, seenTo, offset + reach - seenTo));
            mapping.saw(new Mapping.Range(offset, ready), now);
        }
        return sendable(ready, reach, length, marked);
    }

    private long residentBytes(Mapping mapping, long offset, long length) {
        long pages = length <= 0 ? 0 : posix.residentPages(mapping.address(offset), length);
        return pages <= 0 ? pages : Math.min(length, Pages.bytesFrom(mapping.address(offset), pages));
    }

    /** What is to be said of a range of which so much is ready, where the kernel may have marked a page so far from its end. */
    private static long sendable(long ready, long reach, long length, long marked) {
        long least = Math.min(length, SMALLEST_PREFIX_BYTES);
        if (ready < least) {
            return 0;
        }
        long unmarked = ready < reach ? Math.min(length, ready - marked) : length;
        return unmarked >= least ? unmarked : Residency.toBeGoneOver(Math.min(length, ready));
    }

    @Override
    public boolean isOfTheFile(long device) {
        return overlays.contains(device);
    }

    @Override
    public void fileSystem(long device, long kind) {
        overlays.note(device, kind == PosixLibrary.OVERLAY);
    }

    @Override
    public long kernelReadahead(long device) {
        return cachestatMissing ? 0 : kernels.nowOf(device);
    }

    /** Takes note of what the kernel's readahead was set to meanwhile. Threads: the watchdog. */
    public void keepHouse() {
        kernels.keepHouse();
    }

    @Override
    public long readablePrefix(int fd, long position, long length) {
        return readablePrefix(fd, position, length, PAGES_BETWEEN_SAMPLES);
    }

    /** @param pagesBetween samples, where no page is absent */
    private long readablePrefix(int fd, long position, long length, int pagesBetween) {
        long cached = length;
        boolean counted = false;
        if (!cachestatMissing) {
            cached = cachedPrefix(fd, position, length, Math.min(length, SMALLEST_PREFIX_BYTES));
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
        return confirmed(fd, position, cached, counted, counted && cached == length ? pagesBetween : PAGES_BETWEEN_SAMPLES);
    }

    /** @param counted whether cachestat(2) has counted all pages of the range */
    private long confirmed(int fd, long position, long length, boolean counted, int pagesBetween) {
        long readable = nowaitMissing ? UNKNOWN : confirmedPrefix(fd, position, length, pagesBetween);
        return readable == UNKNOWN && counted ? mappedPrefix(fd, position, length) : readable;
    }

    /** By mincore(2), what of a range that is cached can be read; all of it where that can't be asked either. */
    private long mappedPrefix(int fd, long position, long length) {
        int ready = posix.mincore(fd, position, length);
        if (ready < 0) {
            return length;
        }
        long readable = Math.min(length, Pages.bytesFrom(position, ready));
        return ready == 0 || readable < length && readable < SMALLEST_PREFIX_BYTES ? 0 : readable;
    }

    /**
     * What is cached of the beginning of a range: to the page, where nothing else of it is, and less by up to
     * {@value #SMALLEST_PREFIX_BYTES} bytes where something is; 0 where it is less than the least that is of use; or the negated errno.
     *
     * <p>A range is asked about from its beginning on, and further only while all is there: of a page that was reclaimed cachestat(2) finds
     * out how long ago, some 45 ns each (Linux 6.18), and what the kernel may read ahead is thousands of pages.
     */
    private long cachedPrefix(int fd, long position, long length, long least) {
        long whole = 0;
        long asked = Math.min(length, SMALLEST_PREFIX_BYTES);
        long cached = posix.cachedPages(fd, position, asked);
        while (cached >= Pages.in(position, asked)) {
            if (asked == length) {
                return length;
            }
            whole = asked;
            asked = Math.min(length, asked * FURTHER);
            cached = posix.cachedPages(fd, position, asked);
        }
        if (cached <= 0) {
            return cached;
        }
        // A prefix that is whole has no more pages than were counted.
        long candidate = Pages.bytesFrom(position, cached);
        if (candidate < least) {
            return 0;
        }
        long hole = candidate + 1;
        while (candidate > whole) {
            cached = posix.cachedPages(fd, position, candidate);
            if (cached < 0) {
                return cached;
            }
            if (cached >= Pages.in(position, candidate)) {
                whole = candidate;
            } else {
                hole = candidate;
            }
            if (hole <= least) {
                return 0;
            }
            long between = hole - whole > SMALLEST_PREFIX_BYTES ? whole + (hole - whole) / 2 : whole;
            candidate = whole == 0 ? least : between;
        }
        return whole;
    }

    private long confirmedPrefix(int fd, long position, long length, int pagesBetween) {
        long end = position + length;
        long sample = position;
        if (length <= PAGES_BETWEEN_SAMPLES * Pages.BYTES && posix.readableNow(fd, end - 1) == 1) {
            return length;
        }
        while (true) {
            int answer = posix.readableNow(fd, sample);
            // Linux 5.9 and 5.10 before its first mends say 0 where they mean EAGAIN, in the middle of a file.
            if (answer == -Errno.EAGAIN || answer == 0 && !isEnd(fd, sample)) {
                return pagesBetween == PAGES_BETWEEN_SAMPLES ? roundedPrefix(position, sample)
                        : confirmedPrefix(fd, position, length, PAGES_BETWEEN_SAMPLES);
            }
            if (answer < 0) {
                return UNKNOWN;
            }
            if (sample / Pages.BYTES == (end - 1) / Pages.BYTES || answer == 0) {
                return length;
            }
            sample = Math.min((sample / Pages.BYTES + pagesBetween) * Pages.BYTES, end - 1);
        }
    }

    private boolean isEnd(int fd, long position) {
        FileFacts facts = new FileFacts();
        return posix.stat(fd, facts) >= 0 && position >= facts.sizeBytes();
    }

    /** What lies before a sample that was not readable, short of the pages that no sample vouches for. */
    private static long roundedPrefix(long position, long unreadable) {
        long vouched = (unreadable / Pages.BYTES - PAGES_BETWEEN_SAMPLES) * Pages.BYTES - position;
        return vouched < SMALLEST_PREFIX_BYTES ? 0 : vouched;
    }
}
