package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call parks its channel while another thread closes it, and the watchdog sees that now or at its next look. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Forgotten.")
@Outcome(expect = FORBIDDEN, desc = "Parked for ever, or bytes that nobody gives back.")
@State
public class ParkAndCloseStress {

    private final StressBed bed = new StressBed();

    @Actor
    public void loop() {
        bed.call(0);
    }

    @Actor
    public void watchdog() {
        bed.channel.closeQuietly();
        bed.transfers.sweep();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r2 = bed.bytesLeftBehind();
        r.r1 = bed.gate.parkedNow();
    }
}
