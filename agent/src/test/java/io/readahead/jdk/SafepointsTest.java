package io.readahead.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SafepointsTest {

    @Test
    void aGarbageCollectionStopsTheThreads() {
        Safepoints safepoints = Safepoints.ofThisJvm();
        System.gc();    // which ends before the second begins
        long begun = safepoints.begun().getAsLong();
        long nanos = safepoints.nanos().getAsLong();
        assertTrue(begun > 0, "none was ever seen");
        System.gc();
        System.gc();
        assertTrue(safepoints.begun().getAsLong() > begun, "one more has begun");
        assertTrue(safepoints.nanos().getAsLong() > nanos, "and took its time");
    }

    @Test
    void aJvmThatTellsNothingNeverStops() {
        assertEquals(0, Safepoints.unknown().begun().getAsLong() + Safepoints.unknown().nanos().getAsLong());
    }
}
