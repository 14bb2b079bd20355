package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A window that doesn't fit is tried beside one that does. */
@JCStressTest
@Outcome(id = "false, true, 100", expect = ACCEPTABLE, desc = "Each as if it were alone.")
@Outcome(expect = FORBIDDEN, desc = "Refused for what another only tried, or counted wrong.")
@State
public class BudgetRefusalStress {

    private final Budget budget = new Budget(100);

    public BudgetRefusalStress() {
        budget.tryTake(90);
    }

    @Actor
    public void large(ZZI_Result r) {
        r.r1 = budget.tryTake(50);
    }

    @Actor
    public void small(ZZI_Result r) {
        r.r2 = budget.tryTake(10);
    }

    @Arbiter
    public void afterwards(ZZI_Result r) {
        r.r3 = (int) budget.used();
    }
}
