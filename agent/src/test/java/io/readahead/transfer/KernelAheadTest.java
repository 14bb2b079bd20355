package io.readahead.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.warmup.Budget;
import org.junit.jupiter.api.Test;

class KernelAheadTest {

    private static final long MIB = 1024 * 1024;
    private static final long WINDOW = MIB;
    private static final long BY_DEFAULT = 128 * 1024;
    private static final long FILE_BYTES = 100 * MIB;

    private final FakeDisk disk = new FakeDisk(FILE_BYTES);
    private final Budget budget = new Budget(64 * MIB);
    private final KernelAhead ahead = new KernelAhead(budget, disk);

    private boolean tryOn(long kernelReadahead) {
        disk.kernelReadsAhead(kernelReadahead);
        ahead.tryOn(FakeDisk.DEVICE);
        return ahead.isOn();
    }

    @Test
    void itHoldsTwoStretchesOfTheBudgetUntilItEnds() {
        assertTrue(tryOn(8 * MIB));
        assertTrue(tryOn(8 * MIB), "once");
        assertEquals(16 * MIB, budget.used());
        ahead.off();
        assertFalse(ahead.isOn());
        ahead.off();
        assertEquals(0, budget.used());
    }

    @Test
    void aKernelThatHardlyReadsAheadIsNotLetGoFirst() {
        assertFalse(tryOn(0), "and where nobody sees its marks neither");
        assertFalse(tryOn(BY_DEFAULT - 1));
        assertTrue(tryOn(BY_DEFAULT));
    }

    @Test
    void whereItReadsAheadByLessThanAWindowItEndsWithTheFastReader() {
        assertTrue(tryOn(WINDOW - 1));
        ahead.slowedDown(WINDOW);
        assertFalse(ahead.isOn());
        assertEquals(0, budget.used());
        assertTrue(tryOn(WINDOW));
        ahead.slowedDown(WINDOW);
        assertTrue(ahead.isOn(), "in steps of a window and more it goes on");
    }

    @Test
    void itIsForABudgetOfWhichMostIsFree() {
        budget.take(MIB, MIB);
        assertFalse(tryOn(8 * MIB), "17 of 64 MB");
        assertEquals(MIB, budget.used());
        budget.give(MIB);
        assertTrue(tryOn(8 * MIB));
    }
}
