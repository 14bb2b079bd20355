package io.readahead.warmup;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

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
 * <p>How much is too much depends on how fast the loops and the disk are: with a fast disk, pages were gone after 20 ms, and the loop's
 * own reads, for each of which the kernel reads ahead, pushed out what was there for others. So who is about to read looks at a window
 * that has waited for a while. Where pages of it have gone, half as much may lie there, down to an {@value #LEAST_SHARE}th; twice as much
 * again after each {@value #RECOVERY_SECONDS} s in which none had. (Linux 6.18, 256 MB, 1,000 slow readers: 1.13 to 1.29 bytes from the
 * disk for each that was sent without, 1.00 to 1.02 with it.)
 *
 * <p>Units: bytes. Threads: workers begin and end, and wait for nothing else under this object's monitor; any claims.
 */
final class Unclaimed {

    private static final int LONGEST_MILLIS = 100;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
    /** A window that a loop is slow to come for; most are claimed sooner, and nobody looks. */
    private static final long A_WHILE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** A look takes a mapping, for which all threads of the process share one lock. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int LEAST_SHARE = 8;
    private static final int RECOVERY_SECONDS = 10;
    private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS);

    private final long limitBytes;
    private final Predicate<Warmup> hasGone;
    private final LongSupplier nanoClock;
    /** Those that count, by when they began to. */
    private final LinkedHashSet<Warmup> windows = new LinkedHashSet<>();
    private long bytes;
    private int waiting;
    private boolean stopped;
    /** The limit as it is now. */
    private long allowedBytes;
    /** When it was last changed, and when a window was last looked at. */
    private long allowedNanos;
    private long lookedNanos;

    /**
     * @param limitBytes no window is read while so many bytes count; one always may be
     * @param hasGone whether pages of a window that was read are no longer in the page cache; asked by who is about to read
     */
    Unclaimed(long limitBytes, Predicate<Warmup> hasGone) {
        this(limitBytes, hasGone, System::nanoTime);
    }

    /** @param nanoClock what time it is; a test brings its own */
    Unclaimed(long limitBytes, Predicate<Warmup> hasGone, LongSupplier nanoClock) {
        this.limitBytes = Math.max(1, limitBytes);
        this.hasGone = hasGone;
        this.nanoClock = nanoClock;
        this.allowedBytes = this.limitBytes;
        this.lookedNanos = nanoClock.getAsLong();
    }

    /** Waits where there is much that nobody has come for; from then on the window counts. */
    void begin(Warmup window) throws InterruptedException {
        Warmup late = window.isCached() ? null : lateOneOf(window.file.device());
        if (late != null && hasGone.test(late)) {
            allowLess(late);
        }
        beginToCount(window);
    }

    private synchronized void beginToCount(Warmup window) throws InterruptedException {
        tidy();
        while (!stopped && !window.isCached() && hasToWait(window.file.device())) {
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

    /** A store of which nothing counts goes on where it is another's windows that went: the limit was learned from those. */
    private boolean hasToWait(long device) {
        return bytes >= limitBytes
                || bytes >= allowedBytes && windows.stream().anyMatch(window -> window.file.device() == device);
    }

    /** Of a store's, the one that has lain there for longest, where that is a while and since the limit was changed; null where none is. */
    private synchronized Warmup lateOneOf(long device) {
        long now = nanoClock.getAsLong();
        if (now - lookedNanos < LOOK_NANOS) {
            return null;
        }
        for (Warmup window : windows) {
            if (now - window.countedNanos < A_WHILE_NANOS) {
                return null;
            }
            boolean isNews = allowedBytes == limitBytes || window.countedNanos - allowedNanos >= 0;
            if (isNews && !window.reading && window.file.device() == device) {
                lookedNanos = now;
                return window;
            }
        }
        return null;
    }

    private synchronized void allowLess(Warmup gone) {
        if (windows.contains(gone)) {    // or its reader came meanwhile, and what was sent may go
            allowedBytes = Math.min(allowedBytes, Math.max(limitBytes / LEAST_SHARE, allowedBytes / 2));
            allowedNanos = nanoClock.getAsLong();
        }
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
        if (allowedBytes < limitBytes && now - allowedNanos >= RECOVERY_NANOS) {
            allowedBytes = Math.min(limitBytes, 2 * allowedBytes);
            allowedNanos = now;
        }
        if (waiting > 0 && (bytes < allowedBytes || allowedBytes < limitBytes)) {
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
