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

/** A readahead is promoted while a worker takes it: it is read once. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Read once.")
@Outcome(expect = FORBIDDEN, desc = "Read twice, or never.")
@State
public class PromoteStress {

    private final AtomicInteger read = new AtomicInteger();
    private final Lane lane = new Lane("lane", 0, warmup -> read.incrementAndGet());
    private final Warmup warmup = new Warmup(null, Warmup.Range.announced(0, 1), true, System::nanoTime, () -> { });

    public PromoteStress() {
        lane.submit(warmup);
    }

    @Actor
    public void server() {
        lane.promote(warmup);
    }

    @Actor
    public void worker() {
        lane.performNext();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        while (lane.performNext()) {
            Thread.onSpinWait();
        }
        r.r1 = read.get();
        r.r2 = lane.queued();
    }
}
