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
}
