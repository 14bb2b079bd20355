package io.readahead.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
    private static final double P90 = 90;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    /** Made when it is first asked for, by the watchdog as a rule: its classes are not loaded while the server waits for its start. */
    private volatile ConcurrentHistogram micros;
    private final LongAdder totalMicros = new LongAdder();

    /** Takes note of one; what took longer than an hour counts as an hour. */
    public void record(long nanos) {
        long duration = Math.max(0, Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
        micros().recordValue(duration);
        totalMicros.add(duration);
    }

    /** The median in microseconds. */
    public long p50Micros() {
        return micros().getValueAtPercentile(P50);
    }

    /** The 90th percentile in microseconds. */
    public long p90Micros() {
        return micros().getValueAtPercentile(P90);
    }

    /** The 99th percentile in microseconds. */
    public long p99Micros() {
        return micros().getValueAtPercentile(P99);
    }

    /** The 99.9th percentile in microseconds. */
    public long p999Micros() {
        return micros().getValueAtPercentile(P999);
    }

    /** The longest in microseconds. */
    public long maxMicros() {
        return micros().getMaxValue();
    }

    /** The sum of all, in microseconds, which no reset sets back. */
    public long totalMicros() {
        return totalMicros.sum();
    }

    private ConcurrentHistogram micros() {
        ConcurrentHistogram made = micros;
        return made == null ? make() : made;
    }

    private synchronized ConcurrentHistogram make() {
        if (micros == null) {
            micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
        }
        return micros;
    }

    /** Forgets the distribution; the sum goes on. */
    public void reset() {
        micros().reset();
    }
}
