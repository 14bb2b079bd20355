package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A blocked reader begins to wait while the worker ends: it sees the end, what was read, and isn't left to its time limit. */
@JCStressTest
@Outcome(id = "100, 0", expect = ACCEPTABLE, desc = "Woken, or not asleep yet.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up is lost, or comes before what it tells.")
@State
public class AwaitStress {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Warmup warmup = new Warmup(null, Warmup.Range.announced(0, 100), false, System::nanoTime, () -> { });

    @Actor
    public void reader(II_Result r) {
        long begin = System.nanoTime();
        warmup.await(LIMIT_NANOS);
        r.r1 = (int) warmup.readTo();
        r.r2 = System.nanoTime() - begin < LIMIT_NANOS ? 0 : 1;
    }

    @Actor
    public void worker() {
        warmup.read(100);
        warmup.finish();
    }
}
