package io.readahead.survey;

import java.util.concurrent.TimeUnit;

/**
 * How much of the last minute a thread spent waiting, and how much of its worst minute.
 *
 * <p>Units: nanoseconds; times are of {@link System#nanoTime}. Kept by seconds. Threads: any.
 */
final class Minute {

    static final int SECONDS = 60;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long[] nanos = new long[SECONDS];
    private final long[] second = new long[SECONDS];
    private final long originNanos;
    private long worst;

    /** @param originNanos before every other time that will be named */
    Minute(long originNanos) {
        this.originNanos = originNanos;
    }

    /** Takes note of a wait; what lies further back than a minute is left out. */
    synchronized void add(long fromNanos, long toNanos) {
        long end = toNanos - originNanos;
        long at = Math.max(fromNanos - originNanos, end - SECONDS * SECOND_NANOS);
        while (at < end) {
            long number = at / SECOND_NANOS;
            long next = Math.min(end, (number + 1) * SECOND_NANOS);
            int slot = (int) (number % SECONDS);
            if (second[slot] != number) {
                second[slot] = number;
                nanos[slot] = 0;
            }
            nanos[slot] += next - at;
            at = next;
        }
    }

    /** Waited in the last minute. Asked once a second, it also finds the worst minute. */
    synchronized long last(long nowNanos) {
        long now = (nowNanos - originNanos) / SECOND_NANOS;
        long sum = 0;
        for (int slot = 0; slot < SECONDS; slot++) {
            if (now - second[slot] < SECONDS) {
                sum += nanos[slot];
            }
        }
        worst = Math.max(worst, sum);
        return sum;
    }

    /** The most that {@link #last} ever answered. */
    synchronized long worst() {
        return worst;
    }
}
