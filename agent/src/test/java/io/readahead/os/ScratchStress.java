package io.readahead.os;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads use slots at once, the same one or not: nobody finds the other's bytes. */
@JCStressTest
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Each its own.")
@Outcome(expect = FORBIDDEN, desc = "A slot that two threads had.")
@State
public class ScratchStress {

    private static final Scratch SCRATCH = new Scratch();

    @Actor
    public void one(II_Result r) {
        r.r1 = (int) use(1);
    }

    @Actor
    public void other(II_Result r) {
        r.r2 = (int) use(2);
    }

    private static long use(long value) {
        int slot = SCRATCH.acquire();
        try {
            SCRATCH.putLong(slot, 0, value);
            Thread.onSpinWait();
            return SCRATCH.getLong(slot, 0);
        } finally {
            SCRATCH.release(slot);
        }
    }
}
