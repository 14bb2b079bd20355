package io.readahead.warmup;

import io.readahead.os.FileFacts;
import io.readahead.os.Residency;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One range to be read ahead. At most one of a stream is wanted at a time. */
public final class Warmup {

    /** Where it stands. */
    enum State {
        /** In a lane's queue. */
        QUEUED,
        /** A worker has it, or had it: {@link #isDone} tells which. */
        RUNNING
    }

    /** Where a readahead thread has found a range; told where nobody else may know. */
    enum Found {
        UNTOLD, IN_MEMORY, ABSENT
    }

    /** How a range is read. */
    public enum Way {
        /** It is announced to the kernel, which reads that range and nothing else. */
        ANNOUNCED,
        /** In order, with the kernel's own readahead, which goes on behind it. */
        IN_ORDER,
        /** It is in the page cache, and only has to be gone over. */
        CACHED
    }

    /**
     * Part of a file.
     *
     * @param offset its first byte
     * @param lengthBytes 1 or more
     * @param way how it is read
     */
    public record Range(long offset, long lengthBytes, Way way) {

        /** One that the kernel is told of, and reads as it is. */
        public static Range announced(long offset, long lengthBytes) {
            return new Range(offset, lengthBytes, Way.ANNOUNCED);
        }
    }

    private static final long NOBODY_WAITS = Long.MIN_VALUE;
    private static final long UNTOLD = -1;

    // Inputs, set before hand-over.
    final Source file;
    final long offset;
    final long lengthBytes;
    final Way way;
    final long queuedNanos = System.nanoTime();
    private final LongSupplier nanoClock;
    private final Runnable onDone;

    // The lane's, under its monitor; it may be handed to another.
    volatile Lane lane;
    long begunNanos;
    boolean speculative;
    State state = State.QUEUED;

    // Of those that are unclaimed, under their monitor.
    boolean reading;
    boolean claimed;
    long countedNanos;

    // Results, set by the worker.
    private volatile long readTo;
    private volatile String failure;
    private volatile long fileSystem = UNTOLD;
    private volatile Found found = Found.UNTOLD;
    private volatile long endNanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean told;
    private volatile long waitedSinceNanos = NOBODY_WAITS;

    /**
     * @param range what is to be read
     * @param speculative whether nobody waits for it yet
     * @param nanoClock what time it is
     * @param onDone runs when it ended, on the worker
     */
    public Warmup(Source file, Range range, boolean speculative, LongSupplier nanoClock, Runnable onDone) {
        this.file = file;
        this.offset = range.offset;
        this.lengthBytes = range.lengthBytes;
        this.way = range.way;
        this.speculative = speculative;
        this.nanoClock = nanoClock;
        this.onDone = onDone;
        this.readTo = offset;
    }

    /** Whether the range was in the page cache from the beginning. */
    public boolean isCached() {
        return way == Way.CACHED;
    }

    /** First byte of the range. */
    public long offset() {
        return offset;
    }

    /** First byte after the range. */
    public long end() {
        return offset + lengthBytes;
    }

    /** Whether it ended: the range was read, or could not be, or was taken back. */
    public boolean isDone() {
        return ended.getCount() == 0;
    }

    /** Whether it ended and whoever waited for that was told. */
    public boolean isTold() {
        return told;
    }

    /** When it ended, which may be long before somebody looks; only of one that is done. */
    public long endNanos() {
        return endNanos;
    }

    /** First byte that was not read; its first byte, until it ended well. */
    public long readTo() {
        return readTo;
    }

    /** What the disk said instead of reading anything, in libc's words; null where it read, or where nobody can say. */
    public String failure() {
        return failure;
    }

    /** Takes note of what the disk said. */
    void failed(String newFailure) {
        failure = newFailure;
    }

    /** Takes note of what was read. */
    void read(long bytes) {
        readTo = offset + bytes;
    }

    /** Takes note of where it was found. */
    void found(Found newFound) {
        found = newFound;
    }

    /** Whether all that was read was there, where nobody but the thread that read could say. */
    public boolean wasInMemory() {
        return found == Found.IN_MEMORY && readTo > offset;
    }

    /** The kind of file system that the file is on; negative where that was not asked for, or not told. */
    long fileSystem() {
        return fileSystem;
    }

    /** Takes note of the kind of file system that the file is on. */
    void fileSystem(long kind) {
        fileSystem = kind;
    }

    /**
     * Tells what the readahead thread learned of the file by the way.
     *
     * @param facts what the file is
     */
    public void tell(Residency residency, FileFacts facts) {
        if (fileSystem >= 0) {
            residency.fileSystem(file.device(), fileSystem);
        }
        if (found != Found.UNTOLD && readTo > offset) {
            residency.wasRead(facts, offset, readTo - offset, found == Found.IN_MEMORY);
        }
    }

    /** Takes note that a reader waits from now on. */
    public void waitedFor() {
        waitedSinceNanos = System.nanoTime();
    }

    /** How long a reader has waited up to now; negative where none does. */
    public long waitedNanos() {
        long since = waitedSinceNanos;
        return since == NOBODY_WAITS ? -1 : System.nanoTime() - since;
    }

    /** Whether the position lies in the range. */
    public boolean covers(long position) {
        return position >= offset && position < end();
    }

    /**
     * Waits a while for the end.
     *
     * <p>Threads: those of blocking transfers; parks, so that a virtual thread leaves its carrier. Two threads may send to one
     * socket, and then both wait here.
     * <p>Errors: returns early when interrupted, the interrupt status stays set.
     */
    public void await(long nanos) {
        try {
            ended.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void finish() {
        endNanos = nanoClock.getAsLong();
        ended.countDown();
        try {
            onDone.run();
        } finally {
            told = true;
        }
    }
}
