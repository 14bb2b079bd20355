package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call parks its channel while the watchdog drops the channel's stream, which was idle until then. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Resumed.")
@Outcome(expect = FORBIDDEN, desc = "Parked for ever, or bytes that nobody gives back.")
@State
public class ParkAndDropStress {

    private final StressBed bed = new StressBed();

    public ParkAndDropStress() {
        bed.transfers.streams().of(bed.channel, null);
    }

    @Actor
    public void loop() {
        bed.call(0);
    }

    @Actor
    public void watchdog() {
        bed.transfers.sweep();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        bed.hand.performAll();
        r.r1 = bed.gate.parkedNow();
        r.r2 = bed.bytesLeftBehind();
    }
}
