package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A readahead is submitted while the lane is stopped: refused, or handed back to be ended. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Accepted and handed back.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused.")
@Outcome(expect = FORBIDDEN, desc = "Accepted and forgotten.")
@State
public class SubmitAndStopStress {

    private final AtomicInteger read = new AtomicInteger();
    private final Lane lane = new Lane("lane", 0, warmup -> read.incrementAndGet());
    private final Warmup warmup = new Warmup(null, Warmup.Range.announced(0, 1), false, System::nanoTime, () -> { });

    @Actor
    public void server(II_Result r) {
        try {
            lane.submit(warmup);
            r.r1 = 1;
        } catch (IllegalStateException refused) {
            r.r1 = 0;
        }
    }

    @Actor
    public void detaching(II_Result r) {
        r.r2 = lane.stop().size();
    }
}
