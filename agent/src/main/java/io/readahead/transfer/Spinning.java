package io.readahead.transfer;

import java.util.concurrent.TimeUnit;

/**
 * Tells a sender that asks a parked target over and over from one that selects.
 *
 * <p>Threads: the sender's.
 */
final class Spinning {

    private static final int CALLS = 256;
    /** Between two calls of a loop that does nothing else. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private long lastNanos;
    private int calls;

    /** A call was answered 0 because its bytes are cold. @return whether so many were, close upon each other */
    boolean calledInVain(long nowNanos) {
        calls = nowNanos - lastNanos < CLOSE_NANOS ? Math.min(calls + 1, CALLS) : 0;
        lastNanos = nowNanos;
        return calls == CALLS;
    }

    /** It was kept waiting in the call, until now. */
    void waitedUntil(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** A call was answered something else. */
    void stop() {
        calls = 0;
    }
}
