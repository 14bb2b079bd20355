package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call parks its channel, and the next one sends something else, while a worker ends the first one's readahead. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Free to send.")
@Outcome(expect = FORBIDDEN, desc = "Parked for what it no longer sends, or bytes that nobody gives back.")
@State
public class JumpStress {

    private final StressBed bed = new StressBed();

    @Actor
    public void loop() {
        bed.call(0);
        bed.call(InstantDisk.HOT);
    }

    @Actor
    public void worker() {
        bed.performOne();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r1 = bed.gate.parkedNow();
        r.r2 = bed.bytesLeftBehind();
    }
}
