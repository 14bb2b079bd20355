package io.readahead.transfer;

import io.readahead.warmup.Warmup;
import java.util.concurrent.TimeUnit;

/**
 * What the disk said of the range that a call was kept waiting for.
 *
 * <p>Threads: under the stream's monitor, but for {@link #something}.
 */
final class DiskError {

    /** How long it stands for the call that comes back for it. */
    private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private volatile Warmup failed;

    /** A readahead ended. @param waitedFor null where no call waited for it */
    void endedFor(Warmup waitedFor) {
        failed = waitedFor != null && waitedFor.failure() != null ? waitedFor : null;
    }

    /** Whether it said anything. Threads: any. */
    boolean something() {
        return failed != null;
    }

    /** What it said of that position, in libc's words, and forgets it; null where it said nothing, or of something else. */
    String once(boolean sameFile, long position, long nowNanos) {
        Warmup last = failed;
        failed = null;
        return last == null || !sameFile || last.offset() != position || nowNanos - last.endNanos() > STANDS_NANOS ? null : last.failure();
    }
}
