package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One reader gives back while another takes. */
@JCStressTest
@Outcome(id = {"10, 10", "100, 100"}, expect = ACCEPTABLE, desc = "Before, or after.")
@Outcome(expect = FORBIDDEN, desc = "Bytes that were lost.")
@State
public class BudgetGiveStress {

    private final Budget budget = new Budget(100);

    public BudgetGiveStress() {
        budget.tryTake(100);
    }

    @Actor
    public void one() {
        budget.give(100);
    }

    @Actor
    public void other(II_Result r) {
        r.r1 = (int) budget.take(100, 10);
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r2 = (int) budget.used();
    }
}
