package io.readahead.survey;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of one thread at one call site. Threads: one counts, any reads. */
final class Tally {

    private final LongAdder calls = new LongAdder();
    private final LongAdder cold = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder unprovenNanos = new LongAdder();
    private final AtomicLong longestNanos = new AtomicLong();

    void hot() {
        calls.increment();
    }

    /**
     * @param waitedNanos 0 where the thread did not sleep
     * @param proven whether it is known that it slept for the disk
     */
    void cold(long waitedNanos, boolean proven) {
        calls.increment();
        cold.increment();
        if (waitedNanos > 0) {
            waits.increment();
            nanos.add(waitedNanos);
            unprovenNanos.add(proven ? 0 : waitedNanos);
            longestNanos.accumulateAndGet(waitedNanos, Math::max);
        }
    }

    Waits sum() {
        return new Waits(calls.sum(), cold.sum(), waits.sum(), nanos.sum(), longestNanos.get(), unprovenNanos.sum());
    }
}
