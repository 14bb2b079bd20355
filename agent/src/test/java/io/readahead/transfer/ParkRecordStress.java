package io.readahead.transfer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.readahead.observe.Events;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A target is parked, and where it was resumed parked once more, while workers resume it: what is recorded of each parking. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Each record has ended once.")
@Outcome(expect = FORBIDDEN, desc = "A record that never ended, or one that ended twice.")
@State
public class ParkRecordStress {

    private final AtomicBoolean parked = new AtomicBoolean();
    private final Stream stream = new Stream(new Stream.Shared(null, null, null, null, null, 1, false, System::nanoTime), new Target() {
        @Override
        public void park() {
            parked.set(true);
        }

        @Override
        public boolean resume() {
            return parked.compareAndSet(true, false);
        }

        @Override
        public boolean isParked() {
            return parked.get();
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    });
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();
    private boolean parkedTwice;

    @Actor
    public void loop() {
        park(first::incrementAndGet);
        if (!parked.get()) {
            parkedTwice = true;
            park(second::incrementAndGet);
        }
    }

    private void park(Events.Park record) {
        stream.target().parked(record);
        stream.target().park();
    }

    @Actor
    public void worker() {
        stream.target().resume();
        stream.target().resume();
    }

    @Arbiter
    public void afterwards(II_Result r) {
        stream.target().resume();
        r.r1 = first.get() - 1;
        r.r2 = second.get() - (parkedTwice ? 1 : 0);
    }
}
