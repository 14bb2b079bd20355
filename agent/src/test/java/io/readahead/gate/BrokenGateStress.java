package io.readahead.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The control of all the others: {@link TranslateStress} with a gate that doesn't look again after it noted the key. It has to be
 * found out, or the machinery that runs these tests would prove nothing.
 */
@JCStressTest
@Outcome(id = {"4, 0", "4, 1", "0, 1"}, expect = ACCEPTABLE, desc = "As it should be.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "The wake-up is lost.")
@State
public class BrokenGateStress {

    private final FakeChannel channel = new FakeChannel();
    private final FakeKey key = new FakeKey(channel);
    private final ConcurrentHashMap<FakeChannel, Set<FakeKey>> parked = new ConcurrentHashMap<>();

    public BrokenGateStress() {
        parked.put(channel, ConcurrentHashMap.newKeySet());
    }

    @Actor
    public void selector(II_Result r) {
        Set<FakeKey> withheld = parked.get(channel);
        if (withheld == null) {
            r.r1 = Gate.POLLOUT;
        } else {
            withheld.add(key);
            r.r1 = 0;
        }
    }

    @Actor
    public void worker() {
        parked.remove(channel).forEach(key::queue);
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r2 = key.queued.get();
    }
}
