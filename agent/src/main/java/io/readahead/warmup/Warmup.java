package io.readahead.warmup;

import java.util.concurrent.locks.LockSupport;

/** One range to be read ahead. At most one of a stream is wanted at a time. */
public final class Warmup {

    /** Where it stands. */
    enum State {
        /** In a lane's queue. */
        QUEUED,
        /** A worker has it, or had it: {@link #isDone} tells which. */
        RUNNING
    }

    private static final long NOBODY_WAITS = Long.MIN_VALUE;

    // Inputs, set before hand-over.
    final SourceFile file;
    final long offset;
    final long lengthBytes;
    final long queuedNanos = System.nanoTime();
    private final Runnable onDone;

    // The lane's, under its lock.
    boolean speculative;
    State state = State.QUEUED;

    // Results, set by the worker.
    private volatile boolean done;
    private volatile long waitedSinceNanos = NOBODY_WAITS;
    private volatile Thread waiter;

    public Warmup(SourceFile file, long offset, long lengthBytes, boolean speculative, Runnable onDone) {
        this.file = file;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.speculative = speculative;
        this.onDone = onDone;
    }

    /** First byte of the range. */
    public long offset() {
        return offset;
    }

    /** First byte after the range. */
    public long end() {
        return offset + lengthBytes;
    }

    /** Whether it ended: the range was read, or could not be. */
    public boolean isDone() {
        return done;
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
     * <p>Threads: one at a time, of a blocking transfer; parks, so that a virtual thread leaves its carrier.
     * <p>Errors: returns early when interrupted, the interrupt status stays set.
     */
    public void await(long nanos) {
        waiter = Thread.currentThread();
        if (!done) {
            LockSupport.parkNanos(this, nanos);
        }
        waiter = null;
    }

    void finish() {
        done = true;
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
        onDone.run();
    }
}
