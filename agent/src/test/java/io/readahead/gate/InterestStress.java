package io.readahead.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An event loop parks a channel, asks for writability and selects, while a worker resumes the channel; afterwards the loop
 * selects once more.
 */
@JCStressTest
@Outcome(id = "0, 4", expect = ACCEPTABLE, desc = "Resumed, and registered for writing.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The resume came before the park: the parking thread looks for that (ParkAndEndStress).")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Resumed, and never reported as writable.")
@Outcome(id = "1, 4", expect = FORBIDDEN, desc = "Parked, and reported as writable without end.")
@State
public class InterestStress {

    private final FakeChannel channel = new FakeChannel();
    private final FakeKey key = new FakeKey(channel);
    private final Gate gate = new Gate(key);
    private int registered = Gate.POLLOUT;

    @Actor
    public void loop() {
        gate.park(channel);
        key.queued.incrementAndGet();    // SelectionKey.interestOps(OP_WRITE)
        select();
    }

    private void select() {
        if (key.queued.getAndSet(0) > 0) {
            registered = gate.events(key, Gate.POLLOUT);
        }
    }

    @Actor
    public void worker() {
        gate.resume(channel);
    }

    @Arbiter
    public void afterwards(II_Result r) {
        select();
        r.r1 = gate.parkedNow();
        r.r2 = registered;
    }
}
