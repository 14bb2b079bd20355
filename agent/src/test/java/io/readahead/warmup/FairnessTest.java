package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of readers of one file store and one budget, in rounds instead of time: in each round every reader that has bytes
 * sends some, and the store reads a few windows. Nobody may starve, however slow, fast or stuck the others are.
 */
class FairnessTest {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long LEAST = 64 * KIB;
    private static final long WINDOW = MIB;
    private static final long BUDGET = 64 * MIB;
    private static final int WINDOWS_A_ROUND = 8;
    private static final int ROUNDS = 2000;
    private static final int STUCK = 64;
    private static final int FAST = 20;
    private static final int SLOW = 3000;

    private final Budget budget = new Budget(BUDGET);
    private final Lane lane = new Lane("lane", 0, Warmup::finish);
    private final List<Reader> readers = new ArrayList<>();

    /** One stream: parked, or with bytes to send; a fast one has its next window read ahead. */
    private final class Reader {
        private final long bytesARound;
        private final boolean speculates;
        private long unsent;
        private long sent;
        private long taken;
        private boolean parked;
        private boolean speculating;
        private int roundsParked;
        private int longestPark;

        Reader(long bytesARound, boolean speculates) {
            this.bytesARound = bytesARound;
            this.speculates = speculates;
        }

        void round() {
            if (parked) {
                longestPark = Math.max(longestPark, ++roundsParked);
                return;
            }
            if (unsent == 0 && !speculating) {
                long granted = budget.take(WINDOW, LEAST);
                assertTrue(granted >= LEAST, "a parked reader is never turned away, and got " + granted);
                parked = true;
                roundsParked = 0;
                submit(granted, false);
                return;
            }
            long now = Math.min(bytesARound, unsent);
            unsent -= now;
            sent += now;
            taken -= now;
            budget.give(now);
            if (speculates && !speculating && unsent <= WINDOW / 2 && budget.tryTake(WINDOW)) {
                speculating = true;
                submit(WINDOW, true);
            }
        }

        private void submit(long bytes, boolean speculative) {
            taken += bytes;
            lane.submit(new Warmup(null, Warmup.Range.announced(0, bytes), speculative, System::nanoTime, () -> {
                unsent += bytes;
                parked = false;
                speculating = false;
            }));
        }

        void leave() {
            budget.give(taken);
        }
    }

    private void run(int rounds) {
        for (int round = 0; round < rounds; round++) {
            readers.forEach(Reader::round);
            for (int i = 0; i < WINDOWS_A_ROUND; i++) {
                lane.performNext();
            }
            assertTrue(budget.used() <= BUDGET + readers.size() * LEAST, "over budget: " + budget.used());
        }
    }

    @Test
    void thousandsOfSlowReadersDoNotStarveBesideStuckAndFastOnes() {
        for (int i = 0; i < STUCK; i++) {
            readers.add(new Reader(0, false));    // each holds a whole window, and all of them the whole budget
        }
        run(STUCK);
        assertEquals(BUDGET, budget.used());
        for (int i = 0; i < FAST; i++) {
            readers.add(new Reader(256 * KIB, true));
        }
        for (int i = 0; i < SLOW; i++) {
            readers.add(new Reader(4 * KIB, false));
        }
        run(ROUNDS);
        int longest = readers.stream().mapToInt(reader -> reader.longestPark).max().orElseThrow();
        assertTrue(longest <= readers.size() / WINDOWS_A_ROUND + 1, "somebody was overtaken, and parked for " + longest + " rounds");
        List<Reader> moving = readers.subList(STUCK, readers.size());
        long least = moving.stream().mapToLong(reader -> reader.sent).min().orElseThrow();
        assertTrue(least >= LEAST, "somebody has sent " + least + " bytes");
        long leastOfFast = moving.subList(0, FAST).stream().mapToLong(reader -> reader.sent).min().orElseThrow();
        long mostOfFast = moving.subList(0, FAST).stream().mapToLong(reader -> reader.sent).max().orElseThrow();
        assertTrue(leastOfFast * 4 >= mostOfFast, "of equals one has sent " + leastOfFast + " and another " + mostOfFast);
    }

    @Test
    void whoSpeculatesKeepsNobodyParkedLonger() {
        for (int i = 0; i < FAST * FAST; i++) {
            readers.add(new Reader(256 * KIB, true));
        }
        for (int i = 0; i < FAST; i++) {
            readers.add(new Reader(64 * KIB, false));
        }
        run(ROUNDS);
        int longest = readers.stream().mapToInt(reader -> reader.longestPark).max().orElseThrow();
        assertTrue(longest <= readers.size() / WINDOWS_A_ROUND + 1, "parked for " + longest + " rounds behind speculation");
        assertTrue(readers.stream().allMatch(reader -> reader.sent > 0));
    }

    @Test
    void whatEverybodyTookIsGivenBack() {
        for (int i = 0; i < SLOW; i++) {
            readers.add(new Reader(i % 7 * 4 * KIB, i % 3 == 0));
        }
        run(ROUNDS / 4);
        assertTrue(budget.used() > 0);
        readers.forEach(Reader::leave);
        assertEquals(0, budget.used());
    }
}
