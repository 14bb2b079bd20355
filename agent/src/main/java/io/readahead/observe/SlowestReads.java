package io.readahead.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The slowest readaheads of the last {@value #MINUTES} minutes.
 *
 * <p>Threads: readahead workers record, once for each readahead; a lock that is held for a few comparisons.
 */
public final class SlowestReads {

    private static final int MINUTES = 10;
    private static final int KEPT = 5;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(MINUTES);

    /** The slowest first. */
    private final List<Read> reads = new ArrayList<>();

    /**
     * One of them.
     *
     * @param micros from the worker's first call to its last
     * @param bytes that it brought in
     * @param store device number of the file store, major:minor
     * @param endNanos by {@link System#nanoTime}
     */
    private record Read(long micros, long bytes, String store, long endNanos) {
    }

    /** Takes note of one. */
    public synchronized void record(long nanos, long bytes, String store, long nowNanos) {
        reads.removeIf(read -> nowNanos - read.endNanos > KEPT_NANOS);
        reads.add(new Read(TimeUnit.NANOSECONDS.toMicros(nanos), bytes, store, nowNanos));
        reads.sort(Comparator.comparingLong((Read read) -> -read.micros));
        if (reads.size() > KEPT) {
            reads.remove(KEPT);
        }
    }

    /** For each, the slowest first: microseconds, bytes, seconds since it ended and the store, with blanks between. */
    public synchronized List<String> lines(long nowNanos) {
        return reads.stream().filter(read -> nowNanos - read.endNanos <= KEPT_NANOS)
                .map(read -> read.micros + " " + read.bytes + " " + TimeUnit.NANOSECONDS.toSeconds(nowNanos - read.endNanos) + " "
                        + read.store)
                .toList();
    }

    /** Forgets all of them. */
    public synchronized void reset() {
        reads.clear();
    }
}
