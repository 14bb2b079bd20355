package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call parks its channel while a worker ends the readahead that it is parked for. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Resumed.")
@Outcome(expect = FORBIDDEN, desc = "Parked for ever, or bytes that nobody gives back.")
@State
public class ParkAndEndStress {

    private final StressBed bed = new StressBed();

    @Actor
    public void loop() {
        bed.call(0);
    }

    @Actor
    public void worker() {
        bed.performOne();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        bed.hand.performAll();
        r.r1 = bed.gate.parkedNow();
        r.r2 = bed.bytesLeftBehind();
    }
}
