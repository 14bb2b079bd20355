package io.readahead.warmup;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Windows that were read for a reader who waits, until it comes for them.
 *
 * <p>Problem: where sockets hold most of the memory, the pages that a window has brought are all that the kernel can take, and it takes
 * them within 40 to 100 ms. An event loop that needs longer, because it has as many windows to send as there are threads that read,
 * finds them gone and reads for itself; that takes it longer still, and most windows are read twice. (Linux 6.18, 512 MB, 2,000 slow
 * readers: filemap tracepoints.) Choice: no further window is read while so many bytes lie there that nobody has come for. Cost: a disk
 * that pauses where the loops are late, by as long as it takes them to come for one window; a window that nobody comes for counts
 * no longer than {@value #LONGEST_MILLIS} ms.
 *
 * <p>Units: bytes. Threads: workers wait and add, under this object's monitor, which is held for no wait; any claims.
 */
final class Unclaimed {

    private static final int LONGEST_MILLIS = 100;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);

    private final long limitBytes;
    private final LongSupplier nanoClock;
    /** Oldest first; those that were claimed leave it when they are the oldest. */
    private final ArrayDeque<Warmup> windows = new ArrayDeque<>();
    private long bytes;
    private int waiting;
    private boolean stopped;

    /** @param limitBytes no window is read while so many bytes are unclaimed; one always may be */
    Unclaimed(long limitBytes) {
        this(limitBytes, System::nanoTime);
    }

    /** @param nanoClock what time it is; a test brings its own */
    Unclaimed(long limitBytes, LongSupplier nanoClock) {
        this.limitBytes = Math.max(1, limitBytes);
        this.nanoClock = nanoClock;
    }

    /** Waits, where there is much that nobody has come for. Threads: workers. */
    synchronized void awaitRoom() throws InterruptedException {
        tidy();
        while (bytes >= limitBytes && !stopped) {
            waiting++;
            try {
                wait(LONGEST_MILLIS);
            } finally {
                waiting--;
            }
            tidy();
        }
    }

    /** Takes note of a window that was read, before its reader is told. */
    synchronized void add(Warmup window) {
        tidy();
        if (!window.claimed && !stopped) {
            window.unclaimedBytes = window.readTo() - window.offset();
            window.readNanos = nanoClock.getAsLong();
            bytes += window.unclaimedBytes;
            windows.addLast(window);
        }
    }

    /** Takes note that the reader of a window came for it, or never will. */
    synchronized void claim(Warmup window) {
        window.claimed = true;
        forget(window);
        tidy();
    }

    /** Lets go what nobody has come for in time. */
    synchronized void tidy() {
        long now = nanoClock.getAsLong();
        for (Warmup oldest = windows.peekFirst(); oldest != null; oldest = windows.peekFirst()) {
            if (!oldest.claimed && now - oldest.readNanos < LONGEST_NANOS) {
                break;
            }
            forget(windows.pollFirst());
        }
        if (waiting > 0 && bytes < limitBytes) {
            notifyAll();
        }
    }

    private void forget(Warmup window) {
        bytes -= window.unclaimedBytes;
        window.unclaimedBytes = 0;
    }

    /** Nobody waits any more. */
    synchronized void stop() {
        stopped = true;
        windows.clear();
        notifyAll();
    }

    synchronized long bytes() {
        return bytes;
    }
}
