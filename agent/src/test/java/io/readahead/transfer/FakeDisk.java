package io.readahead.transfer;

import io.readahead.os.EasyPosix;
import io.readahead.os.Errno;
import io.readahead.os.FileFacts;
import io.readahead.os.Pages;
import io.readahead.os.Residency;
import io.readahead.os.ThreadUsage;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A disk whose reads wait until the test lets them go, and a page cache that says what the test wants. */
final class FakeDisk extends EasyPosix implements Residency {

    /** The device that holds every file. */
    static final long DEVICE = 7;

    private static final long TIMEOUT_SECONDS = 60;

    private final Semaphore reads = new Semaphore(0);
    private final List<long[]> requested = new ArrayList<>();
    private boolean rangeBegins;
    /** Of the last range that was requested, whether it has come. */
    private boolean arrived;
    private volatile long fileBytes;
    private volatile boolean regular = true;
    private volatile long residentTo;
    private volatile boolean answers = true;
    private volatile long markedFrom = Long.MAX_VALUE;
    private volatile long kernelReadahead;
    private volatile int failure;
    private volatile long readableTo = Long.MAX_VALUE;
    private volatile boolean countsReads;
    private final AtomicLong readBlocks = new AtomicLong();
    private volatile int blocksOfACall;
    private final List<Long> cachedToTheEnd = new CopyOnWriteArrayList<>();
    private volatile long foundNanos;
    private final AtomicInteger foundAbsent = new AtomicInteger();

    FakeDisk(long fileBytes) {
        this.fileBytes = fileBytes;
    }

    /** Everything before this position is in the page cache. */
    void residentTo(long position) {
        residentTo = position;
    }

    /** The kernel may have marked what is in the page cache from here on. */
    void markedFrom(long position) {
        markedFrom = position;
    }

    /** The kernel reads ahead so far by itself. */
    void kernelReadsAhead(long bytes) {
        kernelReadahead = bytes;
    }

    /** Nobody can say what is in the page cache. */
    void saysNothing() {
        answers = false;
    }

    /** The kernel says how much a thread has read from the disk: so much more each time that it is asked. */
    void readsCounted(int blocks) {
        countsReads = true;
        blocksOfACall = blocks;
    }

    /** From where on files were found to be cached to their end. */
    List<Long> cachedToTheEnd() {
        return List.copyOf(cachedToTheEnd);
    }

    /** When the first of the last of them was found. */
    long foundNanos() {
        return foundNanos;
    }

    @Override
    public int getrusage(ThreadUsage result) {
        result.set(readBlocks.addAndGet(blocksOfACall), 0, 0, 0);
        return countsReads ? 0 : -Errno.ENOSYS;
    }

    @Override
    public void cachedToItsEnd(FileChannel file, long position, FileFacts facts, long foundNanos) {
        cachedToTheEnd.add(position);
        this.foundNanos = foundNanos;
    }

    @Override
    public void wasAbsent(FileChannel file) {
        foundAbsent.incrementAndGet();
    }

    /** How often it was said since the last question. */
    int foundAbsent() {
        return foundAbsent.getAndSet(0);
    }

    /** Reads end with this error; 0 for none. */
    void fails(int errno) {
        failure = errno;
    }

    /** Reads end here, with an error behind it. */
    void readableTo(long position) {
        readableTo = position;
    }

    void isNoFile() {
        regular = false;
    }

    void size(long bytes) {
        fileBytes = bytes;
    }

    /** Lets reads end. */
    void letGo(int count) {
        reads.release(count);
    }

    /**
     * A reader asks what is cached when it begins with a range, which it announces piece by piece then, and of a small one once more when
     * it has waited for its end.
     */
    @Override
    public synchronized long cachedPages(int fd, long offset, long length) {
        if (arrived && covers(offset, length)) {
            arrived = false;
            return Pages.in(offset, length);
        }
        rangeBegins = true;
        return super.cachedPages(fd, offset, length);
    }

    private boolean covers(long offset, long length) {
        long[] last = requested.get(requested.size() - 1);
        return offset >= last[0] && offset + length <= last[0] + last[1];
    }

    private synchronized void arrived(long offset) {
        arrived = !requested.isEmpty() && covers(offset, 1);
    }

    private synchronized void requested(long offset, long length) {
        arrived = false;
        long[] last = requested.isEmpty() ? new long[2] : requested.get(requested.size() - 1);
        if (rangeBegins || offset != last[0] + last[1]) {
            requested.add(new long[] {offset, length});
            rangeBegins = false;
        } else {
            last[1] += length;
        }
    }

    /** Offset and length of the reads that workers have begun, in their order. */
    synchronized List<String> requested() {
        return requested.stream().map(range -> range[0] + "+" + range[1]).toList();
    }

    @Override
    public long readablePrefix(int fd, long position, long length) {
        if (!answers) {
            return UNKNOWN;
        }
        return Math.max(0, Math.min(length, Math.min(residentTo, fileBytes) - position));
    }

    @Override
    public long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        long readable = readablePrefix(fd, position, length);
        long unmarked = Math.min(readable, markedFrom - position);
        return unmarked > 0 || readable <= 0 ? unmarked : Residency.toBeGoneOver(readable);
    }

    @Override
    public long kernelReadahead(long device) {
        return kernelReadahead;
    }

    @Override
    public int stat(int fd, FileFacts result) {
        result.set(regular, fileBytes, DEVICE);
        return 0;
    }

    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        if (advice == POSIX_FADV_WILLNEED) {
            requested(offset, length);
        }
        return 0;
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        try {
            if (!reads.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                return -Errno.EINVAL;
            }
        } catch (InterruptedException e) {
            return -Errno.EINVAL;
        }
        if (failure != 0) {
            return -failure;
        }
        if (offset >= readableTo) {
            return -Errno.EIO;
        }
        arrived(offset);
        return Math.max(0, Math.min(count, Math.min(fileBytes, readableTo) - offset));
    }
}
