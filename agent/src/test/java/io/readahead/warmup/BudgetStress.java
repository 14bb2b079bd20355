package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two parked readers take from the budget at once: the second one's share is what the first one left. */
@JCStressTest
@Outcome(id = {"100, 10", "10, 100"}, expect = ACCEPTABLE, desc = "All for one, the least for the other.")
@Outcome(expect = FORBIDDEN, desc = "The limit is passed by more than the least.")
@State
public class BudgetStress {

    private final Budget budget = new Budget(100);

    @Actor
    public void one(II_Result r) {
        r.r1 = (int) budget.take(100, 10);
    }

    @Actor
    public void other(II_Result r) {
        r.r2 = (int) budget.take(100, 10);
    }
}
