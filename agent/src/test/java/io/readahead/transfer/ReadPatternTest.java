package io.readahead.transfer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReadPatternTest {

    private static final long KIB = 1024;
    private static final long FILE_BYTES = 10 * 1024 * KIB;
    private static final long FAST_NANOS = 200_000_000;
    /** As if each window began at the same byte. */
    private static final long NOT_STREAMING = 0;
    private static final long SLOW_NANOS = 1_000_000_000;

    private final ReadPattern pattern = new ReadPattern(1024 * KIB, true);

    @Test
    void aWindowBeginsAtAQuarterMegabyteAndDoublesToTheLargest() {
        pattern.asked(0, FILE_BYTES);
        assertEquals(256 * KIB, pattern.windowAt(0, FILE_BYTES));
        pattern.windowStarted(NOT_STREAMING, 0);
        assertEquals(512 * KIB, pattern.windowAt(0, FILE_BYTES));
        pattern.windowStarted(NOT_STREAMING, FAST_NANOS);
        pattern.windowStarted(NOT_STREAMING, 2 * FAST_NANOS);
        assertEquals(1024 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void aSlowReaderGetsSmallerWindowsDownToTheSmallest() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(NOT_STREAMING, 0);
        pattern.windowStarted(NOT_STREAMING, SLOW_NANOS / 2);
        assertEquals(512 * KIB, pattern.windowAt(0, FILE_BYTES), "neither fast nor slow");
        pattern.windowStarted(NOT_STREAMING, 2 * SLOW_NANOS);
        assertEquals(256 * KIB, pattern.windowAt(0, FILE_BYTES));
        for (int window = 3; window < 10; window++) {
            pattern.windowStarted(NOT_STREAMING, window * SLOW_NANOS);
        }
        assertEquals(64 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void aReaderIsNotSlowBecauseItHadToWaitForTheDisk() {
        pattern.asked(0, FILE_BYTES);
        pattern.windowStarted(NOT_STREAMING, 0);
        pattern.waited(2 * SLOW_NANOS);
        pattern.windowStarted(NOT_STREAMING, 2 * SLOW_NANOS + FAST_NANOS / 2);
        assertEquals(1024 * KIB, pattern.windowAt(0, FILE_BYTES));
    }

    @Test
    void whoStreamsGetsWholeHugePages() {
        assertEquals(List.of(256L, 512L, 1024L, 2304L, 2048L, 2048L), windows(pattern, 65));
        List<Long> usual = List.of(256L, 512L, 1024L, 1024L, 1024L, 1024L);
        assertEquals(usual, windows(pattern, 60), "not at the speed of a slower disk");
        assertEquals(usual, windows(new ReadPattern(1024 * KIB, false), 65), "nor of a small budget");
        assertEquals(List.of(256L, 512L, 512L, 512L, 512L, 512L), windows(new ReadPattern(512 * KIB, true), 65), "nor with small windows");
    }

    /** In KB, those of a reader that goes through the file at so many MB/s. */
    private static List<Long> windows(ReadPattern pattern, long mbPerSecond) {
        pattern.restart();
        pattern.asked(0, FILE_BYTES);
        List<Long> windows = new ArrayList<>();
        long begin = 0;
        for (int window = 0; window < 6; window++) {
            long length = pattern.windowAt(begin, FILE_BYTES);
            pattern.windowStarted(begin, begin * 1000 / mbPerSecond * 1_000_000 / (1024 * KIB));
            windows.add(length / KIB);
            begin += length;
        }
        return windows;
    }

    @Test
    void aLargestWindowBelowTheFirstIsKept() {
        ReadPattern small = new ReadPattern(64 * KIB, true);
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
