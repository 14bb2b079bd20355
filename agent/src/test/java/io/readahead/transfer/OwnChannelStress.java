package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** As {@link ParkAndEndStress} for a channel of the server's own: it is made to try again. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Resumed, and made to try again.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up is lost.")
@State
public class OwnChannelStress {

    private final StressBed bed = new StressBed();
    private final FakeOwnChannel channel = new FakeOwnChannel();

    @Actor
    public void loop() {
        bed.call(channel, FakeOwnChannel.ADAPTER, 0);
        channel.runTasks();
    }

    @Actor
    public void worker() {
        bed.performOne();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        bed.hand.performAll();
        channel.runTasks();
        r.r1 = bed.transfers.streams().of(channel, FakeOwnChannel.ADAPTER).target().isParked() ? 1 : 0;
        r.r2 = Math.min(1, channel.retries());
    }
}
