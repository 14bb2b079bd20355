package io.readahead.observe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long something took, as a distribution.
 *
 * <p>Units: recorded in nanoseconds, kept in microseconds to three per cent. Threads: any; recording is wait-free.
 */
public final class Durations {

    private static final int DIGITS = 1;
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);

    /** Takes note of one; what took longer than an hour counts as an hour. */
    public void record(long nanos) {
        micros.recordValue(Math.max(0, Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    /** The median in microseconds. */
    public long p50Micros() {
        return micros.getValueAtPercentile(P50);
    }

    /** The 99th percentile in microseconds. */
    public long p99Micros() {
        return micros.getValueAtPercentile(P99);
    }

    /** The longest in microseconds. */
    public long maxMicros() {
        return micros.getMaxValue();
    }

    /** Forgets everything. */
    public void reset() {
        micros.reset();
    }
}
