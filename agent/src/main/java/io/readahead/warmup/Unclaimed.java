package io.readahead.warmup;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Windows that are being read, and those that were read for a reader who waits, until it comes for them.
 *
 * <p>Problem: where sockets hold most of the memory, the pages that a window has brought are all that the kernel can take, and it takes
 * them within 40 to 100 ms. An event loop that needs longer, because it has as many windows to send as there are threads that read,
 * finds them gone and reads for itself; that takes it longer still, and most windows are read twice. (Linux 6.18, 512 MB, 2,000 slow
 * readers: filemap tracepoints.) Choice: no further window is read while so many bytes are on their way or lie there, and nobody has
 * come for them. Cost: a disk that pauses where the loops are late, by as long as it takes them to come for one window. A window that
 * nobody comes for, or that the disk does not bring, counts no longer than {@value #LONGEST_MILLIS} ms: no store waits for another. What
 * is in the page cache already, and only has to be gone over, never counts.
 *
 * <p>Units: bytes. Threads: workers begin and end, and wait for nothing else under this object's monitor; any claims.
 */
final class Unclaimed {

    private static final int LONGEST_MILLIS = 100;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);

    private final long limitBytes;
    private final LongSupplier nanoClock;
    /** Those that count, by when they began to. */
    private final LinkedHashSet<Warmup> windows = new LinkedHashSet<>();
    private long bytes;
    private int waiting;
    private boolean stopped;

    /** @param limitBytes no window is read while so many bytes count; one always may be */
    Unclaimed(long limitBytes) {
        this(limitBytes, System::nanoTime);
    }

    /** @param nanoClock what time it is; a test brings its own */
    Unclaimed(long limitBytes, LongSupplier nanoClock) {
        this.limitBytes = Math.max(1, limitBytes);
        this.nanoClock = nanoClock;
    }

    /** Waits where there is much that nobody has come for; from then on the window counts. */
    synchronized void begin(Warmup window) throws InterruptedException {
        tidy();
        while (bytes >= limitBytes && !stopped && !window.isCached()) {
            waiting++;
            try {
                wait(LONGEST_MILLIS);
            } finally {
                waiting--;
            }
            tidy();
        }
        window.reading = true;
        count(window);
    }

    /** The window was read, or could not be; it counts for a while more where a reader waits for it, who is told after this. */
    synchronized void end(Warmup window) {
        window.reading = false;
        uncount(window);
        if (window.waitedNanos() >= 0 && !window.claimed && window.readTo() > window.offset) {
            count(window);
        }
        tidy();
    }

    /** The reader of a window came for it, or never will. */
    synchronized void claim(Warmup window) {
        window.claimed = true;
        if (!window.reading) {
            uncount(window);
            tidy();
        }
    }

    /** Lets go what has counted for long enough, and whoever there is room for. */
    synchronized void tidy() {
        long now = nanoClock.getAsLong();
        Iterator<Warmup> oldest = windows.iterator();
        while (oldest.hasNext()) {
            Warmup window = oldest.next();
            if (now - window.countedNanos < LONGEST_NANOS) {
                break;
            }
            oldest.remove();
            bytes -= window.lengthBytes;
        }
        if (waiting > 0 && bytes < limitBytes) {
            notifyAll();
        }
    }

    private void count(Warmup window) {
        if (!stopped && !window.isCached() && windows.add(window)) {
            window.countedNanos = nanoClock.getAsLong();
            bytes += window.lengthBytes;
        }
    }

    private void uncount(Warmup window) {
        if (windows.remove(window)) {
            bytes -= window.lengthBytes;
        }
    }

    /** Nobody waits any more. */
    synchronized void stop() {
        stopped = true;
        windows.clear();
        bytes = 0;
        notifyAll();
    }

    synchronized long bytes() {
        return bytes;
    }
}
