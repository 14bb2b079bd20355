package io.readahead.os;

/**
 * Brings a range of a file into the page cache and waits until it is there.
 *
 * <p>Whole huge pages are read as such ({@link HugePages}); the rest by {@code POSIX_FADV_WILLNEED}, which only starts that. The wait is
 * for one byte, and then a look (mincore(2)) whether the rest has come: who reads a page marks it as used, and a page that is used once
 * more, by the loop that sends it, counts for the kernel as one of those that are worth keeping. A download would push out what is hot, and
 * under memory pressure what was sent would stay and what was read ahead would go. Where pages may carry a mark of the kernel's readahead,
 * the range is gone over all the same: {@code sendfile} to {@code /dev/null} copies nothing (85 us for a resident MB, where a copying read
 * costs 530 us).
 *
 * <p>Threads: readahead threads only; waits for the disk, for ever where the disk never answers.
 */
public final class RangeReader {

    /** A range that begins and ends at multiples of this costs least. */
    public static final long HUGE_PAGE_BYTES = HugePages.BYTES;

    private static final long PAGE_BYTES = 4096;
    /** What a few small reads of the server leave in a range: the first of them alone brings 4 pages. */
    private static final long REMNANT_PAGES = 32;

    private final PosixLibrary posix;
    private final HugePages hugePages;
    private final KernelReadahead kernels;
    private int devNull;

    /** Opens {@code /dev/null}, which stays open until {@link #close}. */
    public RangeReader(PosixLibrary posix) {
        this(posix, new HugePages(posix), new KernelReadahead());
    }

    RangeReader(PosixLibrary posix, HugePages hugePages, KernelReadahead kernels) {
        this.posix = posix;
        this.hugePages = hugePages;
        this.kernels = kernels;
        this.devNull = posix.openForWriting("/dev/null");
        if (devNull < 0) {
            throw new IllegalStateException("/dev/null can't be opened for writing: errno " + -devNull);
        }
    }

    /**
     * Reads a range.
     *
     * <p>Errors: never throws; the reader of the file meets what the disk said when it reads for itself.
     * <p>Source: posix_fadvise(2), POSIX_FADV_WILLNEED; madvise(2), MADV_POPULATE_READ; mincore(2); sendfile(2).
     *
     * @param device of the file's store, as {@link FileFacts#device()} says it
     * @param cachedBefore what {@link #cachedPages} has said of the range
     * @return bytes that are in the page cache now, fewer than length at the end of the file, or the negated errno
     */
    public long read(int fd, long device, long offset, long length, long cachedBefore) {
        long end = offset + length;
        long hugeFrom = (offset + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
        long hugeTo = end / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
        if (hugeFrom >= hugeTo || !hugePages.areOf(device)) {
            hugeFrom = end;
            hugeTo = end;
        }
        // The rest first: it is only announced, and comes meanwhile.
        int advised = announce(fd, offset, hugeFrom - offset);
        if (advised != -Errno.EBADF && hugeTo < end) {
            advised = announce(fd, hugeTo, end - hugeTo);
        }
        if (advised == -Errno.EBADF) {
            return advised;
        }
        long huge = hugeFrom;
        while (huge < hugeTo && hugePages.bring(fd, huge)) {
            huge += HUGE_PAGE_BYTES;
        }
        announce(fd, huge, hugeTo - huge);
        // A huge page is marked as one to go on reading from, and the kernel looks from there as far as it reads ahead.
        boolean marked = cachedBefore != 0 || huge > hugeFrom && kernels.bytesOf(device) >= HUGE_PAGE_BYTES;
        return marked ? goOver(fd, offset, length) : await(fd, offset, length);
    }

    private int announce(int fd, long offset, long length) {
        return length > 0 ? posix.posix_fadvise(fd, offset, length, PosixLibrary.POSIX_FADV_WILLNEED) : 0;
    }

    /** Waits for a range that was announced, page by page where the disk answers out of order; answers as {@link #read}. */
    private long await(int fd, long offset, long length) {
        long ready = 0;
        long awaited = length - 1;
        while (true) {
            long answer = readByte(fd, offset + awaited);
            long more = readyBytes(fd, offset + ready, length - ready);
            if (ready + more >= length) {
                return length;
            }
            if (answer < 0) {
                long came = ready + Math.max(0, more);
                return came > 0 ? came : answer;
            }
            if (answer == 0 || more < 0 || more == 0 && awaited == ready) {
                return goOver(fd, offset, length);    // the file was cut, nobody can say, or a page has gone again
            }
            ready += more;
            awaited = ready;
        }
    }

    /** What of a range is in the page cache, to the first page that is not; negative where nobody can say. */
    private long readyBytes(int fd, long offset, long length) {
        long first = offset / PAGE_BYTES;
        long pages = (offset + length - 1) / PAGE_BYTES - first + 1;
        long ready = 0;
        while (ready < pages) {
            long from = (first + ready) * PAGE_BYTES;
            int more = posix.mincore(fd, from, (pages - ready) * PAGE_BYTES);
            if (more < 0) {
                return -1;
            }
            ready += more;
            if (more < Math.min(pages - ready + more, PosixLibrary.MINCORE_PAGES)) {
                break;
            }
        }
        return Math.max(0, Math.min(length, (first + ready) * PAGE_BYTES - offset));
    }

    private long readByte(int fd, long offset) {
        long answer;
        do {
            answer = posix.sendfile(devNull, fd, offset, 1);
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
     * Counts those whole pages of a range that are in the page cache.
     *
     * <p>Errors: negative where cachestat(2) is missing or refused.
     */
    public long cachedPages(int fd, long offset, long length) {
        long pages = wholePages(offset, length);
        return pages > 0 ? posix.cachedPages(fd, firstWholePage(offset) * PAGE_BYTES, pages * PAGE_BYTES) : 0;
    }

    /** Whether so many pages of a range are few enough to be what a server's own small reads leave. */
    public static boolean isRemnant(long cachedPages, long offset, long length) {
        return cachedPages > 0 && cachedPages <= Math.min(REMNANT_PAGES, wholePages(offset, length) / 2);
    }

    private static long firstWholePage(long offset) {
        return (offset + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    private static long wholePages(long offset, long length) {
        return (offset + length) / PAGE_BYTES - firstWholePage(offset);
    }

    /** Closes {@code /dev/null}, once; nothing may be read afterwards. */
    public synchronized void close() {
        if (devNull >= 0) {
            posix.close(devNull);
            devNull = -Errno.EBADF;
        }
    }
}
