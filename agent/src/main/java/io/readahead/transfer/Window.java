package io.readahead.transfer;

import io.readahead.warmup.Source;
import io.readahead.warmup.Warmup;
import java.util.concurrent.TimeUnit;

/**
 * The window that is being read ahead for a stream, and what of the budget is held for it and for what was read and not sent.
 *
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class Window {

    /** A store that has ended no readahead for so long has brought nothing into memory that could count. */
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What was found in memory longer ago is not news: its reader had something else to do. */
    private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Stream.Shared shared;
    private final Runnable onDone;
    private Source source;
    private Warmup warmup;
    private boolean waitedFor;
    private long reservedBytes;
    /** The window is not counted: its store is stalled. */
    private boolean uncounted;

    /** @param onDone runs when a window ended, on the worker */
    Window(Stream.Shared shared, Runnable onDone) {
        this.shared = shared;
        this.onDone = onDone;
    }

    /** The readahead in flight; null where there is none. */
    Warmup inFlight() {
        return warmup;
    }

    boolean covers(long position) {
        return warmup != null && warmup.covers(position);
    }

    /** Whether something is in flight whose end was not told to the target yet. */
    boolean isReading() {
        return warmup != null && !warmup.isTold();
    }

    /** Whether a reader waited for the one that is in flight, or was last. */
    boolean isWaitedFor() {
        return waitedFor;
    }

    /** Begins the readahead of a range, whose bytes were taken from the budget. Throws what hands it over to nobody. */
    void start(SentFile file, Warmup.Range range, boolean speculative) {
        reservedBytes += range.way() == Warmup.Way.CACHED ? 0 : range.lengthBytes();
        uncounted = false;
        waitedFor = false;
        try {
            if (source == null) {
                source = file.source();
            }
            warmup = new Warmup(source, range, speculative, shared.nanoClock(), onDone);
            shared.pool().submit(warmup);
        } catch (Throwable refused) {
            warmup = null;
            throw refused;
        }
    }

    /** A reader waits for it now. @return whether it is the first */
    boolean waitFor() {
        if (waitedFor) {
            return false;
        }
        waitedFor = true;
        warmup.waitedFor();
        shared.pool().promote(warmup);
        return true;
    }

    /** Takes over what has ended. @return null where nothing has */
    Warmup takeEnded(SentFile file) {
        if (warmup == null || !warmup.isDone()) {
            return null;
        }
        if (uncounted) {
            reservedBytes += shared.budget().take(warmup.end() - warmup.offset(), warmup.end() - warmup.offset());
            uncounted = false;
        }
        shared.pool().claim(warmup);
        warmup.tell(shared.residency(), file.facts());
        if (!warmup.wasInMemory() && !warmup.isCached()) {
            file.wasAbsent();
        } else if (warmup.wasInMemory() && shared.nanoClock().getAsLong() - warmup.endNanos() < NEWS_NANOS) {
            file.wasCachedTo(warmup.offset(), warmup.readTo());
        }
        Warmup ended = warmup;
        warmup = null;
        return ended;
    }

    /** Leaves what is in flight to end by itself. @return whether there was something */
    boolean cancel() {
        if (warmup == null) {
            return false;
        }
        shared.pool().cancel(warmup);
        warmup = null;
        return true;
    }

    /** Bytes were sent. */
    void sent(long bytes) {
        giveBack(Math.min(bytes, reservedBytes));
    }

    /** What was read and not sent is wanted no more, or is gone. */
    void giveBackAll() {
        giveBack(reservedBytes);
    }

    private void giveBack(long bytes) {
        if (bytes > 0) {
            reservedBytes -= bytes;
            shared.budget().give(bytes);
        }
    }

    /** The file is not read any more. */
    void release() {
        if (source != null) {
            shared.pool().release(source);
            source = null;
        }
    }

    /** Whether nothing is in flight, and nothing was read that is not sent. */
    boolean isEmpty() {
        return warmup == null && reservedBytes == 0;
    }

    boolean isIdle() {
        return warmup == null || warmup.isDone();
    }

    /** Gives back what is held for a window of a store that does not answer. Threads: the watchdog. */
    void tidy() {
        if (!isIdle() && shared.pool().isStalled(warmup, System.nanoTime(), STALLED_NANOS)) {
            giveBackAll();
            uncounted = !warmup.isCached();
        }
    }
}
