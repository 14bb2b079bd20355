package io.readahead.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DurationsTest {

    private final Durations durations = new Durations();

    @Test
    void theDistributionIsToldInMicrosecondsToAFewPerCent() {
        for (int millis = 1; millis <= 100; millis++) {
            durations.record(TimeUnit.MILLISECONDS.toNanos(millis));
        }
        near(50_000, durations.p50Micros());
        near(99_000, durations.p99Micros());
        near(100_000, durations.maxMicros());
    }

    private static void near(long expected, long actual) {
        assertTrue(Math.abs(actual - expected) <= expected / 14, actual + " is not near " + expected);
    }

    @Test
    void whatIsOutOfRangeIsTakenForItsEnd() {
        durations.record(-1);
        assertEquals(0, durations.maxMicros());
        durations.record(Long.MAX_VALUE);
        near(TimeUnit.HOURS.toMicros(1), durations.maxMicros());
    }

    @Test
    void resettingForgetsEverything() {
        durations.record(TimeUnit.SECONDS.toNanos(1));
        durations.reset();
        assertEquals(0, durations.maxMicros());
        assertEquals(0, durations.p99Micros());
    }
}
