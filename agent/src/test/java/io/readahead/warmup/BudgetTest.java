package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BudgetTest {

    @Test
    void speculationEndsAtTheLimitAndAParkedReaderStillGetsTheLeast() {
        Budget budget = new Budget(100);
        assertTrue(budget.tryTake(100));
        assertFalse(budget.tryTake(1));
        assertEquals(10, budget.take(50, 10));
        budget.give(110);
        assertEquals(0, budget.used());
        assertEquals(50, budget.take(50, 10));
    }

    @Test
    void aParkedReaderGetsWhatIsLeft() {
        Budget budget = new Budget(100);
        assertTrue(budget.tryTake(70));
        assertEquals(30, budget.take(50, 10));
        assertEquals(5, budget.take(5, 10), "never more than it wants");
    }

    @Test
    void whatIsNotMissedGetsNoMoreThanAQuarter() {
        Budget budget = new Budget(100);
        assertTrue(budget.tryTakeExtra(25));
        assertFalse(budget.tryTakeExtra(1));
        assertTrue(budget.tryTake(75), "the rest is for windows");
    }

    @Test
    void aWindowThatDoesNotFitTakesNothing() {
        Budget budget = new Budget(100);
        assertFalse(budget.tryTake(101));
        assertEquals(0, budget.used());
    }
}
