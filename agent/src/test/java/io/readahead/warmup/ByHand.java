package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.os.PosixLibrary;

/**
 * A pool without workers: the test says when the next job is done, on its own thread.
 *
 * <p>Threads: one at a time.
 */
public final class ByHand {

    private static final int NO_WORKERS = 0;

    private final WarmupPool pool;

    public ByHand(PosixLibrary posix, Counters counters) {
        this.pool = new WarmupPool(posix, counters, NO_WORKERS, Long.MAX_VALUE, 0);
    }

    public WarmupPool pool() {
        return pool;
    }

    /** Does one job that is queued. @return false where there is none */
    public boolean performNext() {
        return pool.performNext();
    }

    /** Does all that is queued. */
    public void performAll() {
        while (performNext()) {
            Thread.onSpinWait();
        }
    }
}
