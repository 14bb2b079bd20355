package io.readahead.transfer;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReadPatternTest {

    private static final long KIB = 1024;
    private static final long FILE_BYTES = 10 * 1024 * KIB;
    private static final long MILLI_NANOS = 1_000_000;
    private static final long FAST_NANOS = 200_000_000;
    private static final long SLOW_NANOS = 1_000_000_000;

    private final ReadPattern pattern = new ReadPattern(1024 * KIB);

    @Test
    void aWindowBeginsAtAQuarterMegabyteAndDoublesToTheLargest() {
        pattern.asked(0, FILE_BYTES);
        assertEquals(256 * KIB, pattern.windowAt(0, FILE_BYTES));
        pattern.windowStarted(0, 0);
        assertEquals(512 * KIB, pattern.windowAt(0, FILE_BYTES));
        pattern.windowStarted(0, FAST_NANOS);
        pattern.windowStarted(0, 2 * FAST_NANOS);
        assertEquals(1024 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void aSlowReaderGetsSmallerWindowsDownToTheSmallest() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(0, 0);
        pattern.windowStarted(0, SLOW_NANOS / 2);
        assertEquals(512 * KIB, pattern.windowAt(0, FILE_BYTES), "neither fast nor slow");
        pattern.windowStarted(0, 2 * SLOW_NANOS);
        assertEquals(256 * KIB, pattern.windowAt(0, FILE_BYTES));
        for (int window = 3; window < 10; window++) {
            pattern.windowStarted(0, window * SLOW_NANOS);
        }
        assertEquals(64 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void aReaderIsNotSlowBecauseItHadToWaitForTheDisk() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(0, 0);
        pattern.waited(2 * SLOW_NANOS);
        pattern.windowStarted(0, 2 * SLOW_NANOS + FAST_NANOS / 2);
        assertEquals(1024 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void whoTakesEightLargestWindowsAt64MegabytesASecondStreams() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(0, 0);
        pattern.windowStarted(0, 0);
        for (int window = 1; window < 8; window++) {
            pattern.windowStarted(window * 1024 * KIB, window * 15 * MILLI_NANOS);
            assertFalse(pattern.streams(), "1 MB in 15 ms, but so far " + window);
        }
        pattern.windowStarted(8 * 1024 * KIB, 8 * 15 * MILLI_NANOS);
        assertTrue(pattern.streams());
        pattern.waited(2 * MILLI_NANOS);
        pattern.windowStarted(9 * 1024 * KIB, 8 * 15 * MILLI_NANOS + 17 * MILLI_NANOS);
        assertFalse(pattern.streams(), "1 MB in 17 ms, the disk included");
        assertFalse(pattern.crawls());
    }

    @Test
    void whoTakesALargestWindowAtLessThan16MegabytesASecondCrawls() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(0, 0);
        pattern.windowStarted(0, 0);
        pattern.windowStarted(1024 * KIB, 62 * MILLI_NANOS);
        assertFalse(pattern.crawls());
        pattern.windowStarted(2 * 1024 * KIB, (62 + 63) * MILLI_NANOS);
        assertTrue(pattern.crawls());
        pattern.restart();
        assertFalse(pattern.crawls());
    }

    @Test
    void whoComesBackForTheLastOfWhatItHadStreamsNoMoreAndGoesOn() {
        pattern.asked(0, 1024 * KIB);
        for (int window = 0; window < 10; window++) {
            pattern.windowStarted(window * 1024 * KIB, window * MILLI_NANOS);
        }
        assertTrue(pattern.streams());
        assertFalse(pattern.mayReach(1024 * KIB));
        pattern.cameBack(1000 * KIB, 1024 * KIB);
        assertFalse(pattern.streams());
        assertTrue(pattern.mayReach(FILE_BYTES), "what it asks for next time may be anywhere behind");
    }

    @Test
    void whoJumpsStreamsNoMore() {
        pattern.asked(0, FILE_BYTES);
        for (int window = 0; window < 10; window++) {
            pattern.windowStarted(window * 1024 * KIB, window * MILLI_NANOS);
        }
        assertTrue(pattern.streams());
        pattern.restart();
        assertFalse(pattern.streams());
    }

    @Test
    void aLargestWindowBelowTheFirstIsKept() {
        ReadPattern small = new ReadPattern(64 * KIB);
        small.asked(0, FILE_BYTES);
        assertEquals(64 * KIB, small.windowAt(0, FILE_BYTES));
    }

    @Test
    void aWindowEndsWhereTheCallerEndsOrTheFile() {
        pattern.asked(0, 20 * KIB);
        assertEquals(20 * KIB, pattern.windowAt(0, FILE_BYTES));
        assertEquals(10 * KIB, pattern.windowAt(0, 10 * KIB));
    }

    @Test
    void twoCallsInARowAreTheBeginningOfMany() {
        pattern.asked(0, 20 * KIB);
        assertFalse(pattern.mayReach(20 * KIB));
        pattern.asked(20 * KIB, 20 * KIB);
        assertTrue(pattern.mayReach(40 * KIB));
        assertEquals(256 * KIB, pattern.windowAt(40 * KIB, FILE_BYTES));
        pattern.restart();
        pattern.asked(0, 20 * KIB);
        assertFalse(pattern.mayReach(20 * KIB));
    }

    @Test
    void callsThatReachFurtherEachTimeGoOnToo() {
        pattern.asked(0, 512 * KIB);
        pattern.asked(0, 512 * KIB);
        assertFalse(pattern.mayReach(512 * KIB), "the same again");
        pattern.asked(256 * KIB, 256 * KIB);
        assertFalse(pattern.mayReach(512 * KIB), "the rest of it");
        pattern.asked(300 * KIB, 512 * KIB);
        assertTrue(pattern.mayReach(900 * KIB), "half of it, and more");
    }

    @Test
    void moreIsWantedWhenHalfAWindowIsLeft() {
        pattern.asked(0, FILE_BYTES);
        assertFalse(pattern.wantsMore(0, 256 * KIB));
        assertTrue(pattern.wantsMore(128 * KIB, 256 * KIB));
    }

    @Test
    void anEndlessCountDoesNotOverflow() {
        pattern.asked(100, Long.MAX_VALUE);
        assertEquals(256 * KIB, pattern.windowAt(100, FILE_BYTES));
    }
}
