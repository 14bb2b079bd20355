package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A readahead is taken back while a worker takes it: one of the two has it. */
@JCStressTest
@Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One of them.")
@Outcome(expect = FORBIDDEN, desc = "Both, or nobody.")
@State
public class CancelStress {

    private final AtomicInteger read = new AtomicInteger();
    private final Lane lane = new Lane("lane", 0, warmup -> read.incrementAndGet());
    private final Warmup warmup = new Warmup(null, Warmup.Range.announced(0, 1), false, System::nanoTime, () -> { });

    public CancelStress() {
        lane.submit(warmup);
    }

    @Actor
    public void server(II_Result r) {
        r.r1 = lane.cancel(warmup) ? 1 : 0;
    }

    @Actor
    public void worker() {
        lane.performNext();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r2 = read.get();
    }
}
