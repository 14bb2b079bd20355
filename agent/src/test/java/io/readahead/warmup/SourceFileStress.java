package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A worker opens, reads and ends while the stream lets go of the file: its descriptor is closed once. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Closed once, or never opened.")
@Outcome(expect = FORBIDDEN, desc = "A descriptor is left open, or closed twice.")
@State
public class SourceFileStress {

    private final CountingPosix posix = new CountingPosix();
    private final SourceFile file = new SourceFile(CountingPosix.FILE, 1);

    @Actor
    public void worker() {
        if (file.beginUse(posix, CountingPosix.COUNTERS) >= 0) {
            file.endUse(posix, CountingPosix.COUNTERS);
        }
    }

    @Actor
    public void server() {
        if (file.release()) {
            file.close(posix, CountingPosix.COUNTERS);
        }
    }

    @Arbiter
    public void afterwards(II_Result r) {
        r.r1 = posix.open.get();
        r.r2 = posix.wrongCloses.get();
    }
}
