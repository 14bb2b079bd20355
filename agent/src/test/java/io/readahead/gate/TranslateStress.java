package io.readahead.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A selector translates a parked channel's key while a worker resumes the channel: withheld and forgotten is what must not be. */
@JCStressTest
@Outcome(id = {"4, 0, 0", "4, 1, 1"}, expect = ACCEPTABLE, desc = "Registered for writing.")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Withheld, and queued and woken afterwards.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up is lost.")
@State
public class TranslateStress {

    private final FakeChannel channel = new FakeChannel();
    private final FakeKey key = new FakeKey(channel);
    private final Gate gate = new Gate(key);

    public TranslateStress() {
        gate.park(channel);
        key.queued.set(0);    // it was queued at the park, and its selector is about to translate it
    }

    @Actor
    public void selector(III_Result r) {
        r.r1 = gate.events(key, Gate.POLLOUT);
    }

    @Actor
    public void worker() {
        gate.resume(channel);
    }

    @Arbiter
    public void afterwards(III_Result r) {
        r.r2 = key.queued.get();
        r.r3 = key.woken.get();
    }
}
