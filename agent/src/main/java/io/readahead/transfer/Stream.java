package io.readahead.transfer;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.FileFacts;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.SourceFile;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is known of one target's file, and what is read ahead of it.
 *
 * <pre>
 *        sent            known readable          in flight
 *   ...---------+-----------------------------+-------------+--...
 *               position                      readyTo       readyTo + window
 * </pre>
 *
 * <p>A range is known readable because the probe said so or because it was just read ahead. An answer older than
 * {@value #FRESH_MILLIS} ms is asked again, but for one case: a range that a reader waited for is sent at the next call, resident
 * or not, so that neither memory pressure nor a file system that never answers makes a loop of parks.
 *
 * <p>The next window is asked for when half of this one is sent, or at once where the reader had to wait. It does not reach past
 * what the caller asked for, unless the caller was seen to go on there: some ask for 64 KB at a time in a row.
 *
 * <p>Threads: those that transfer to the target, and the watchdog; all under this object's monitor.
 */
public final class Stream {

    /** {@link #admit}: the range is being read ahead, see {@link #inFlight}. */
    static final long WAIT = 0;
    /** {@link #admit}: nothing can be known or done; the original call as it is. */
    static final long PASS = -1;
    /** {@link #admit}: the watchdog dropped this stream; look it up again. */
    static final long DROPPED = -2;

    private static final int FRESH_MILLIS = 100;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    private static final long FIRST_WINDOW_BYTES = 256 * 1024;
    private static final long SMALLEST_WINDOW_BYTES = 64 * 1024;
    private static final long NOWHERE = -1;

    /** What all streams share. */
    public record Shared(PosixLibrary posix, Residency residency, WarmupPool pool, Budget budget, Counters counters, long maxWindowBytes,
                  boolean debugCold) {
    }

    private final Shared shared;
    private final Runnable onReady;
    private final FileFacts facts = new FileFacts();

    private FileChannel file;
    private SourceFile source;
    private Warmup warmup;
    private boolean waitedFor;
    private boolean owed;
    private boolean hungry;
    private long readyFrom;
    private long readyTo;
    private long readySinceNanos;
    private long windowBytes;
    private long askedTo = NOWHERE;
    private boolean continues;
    private long reservedBytes;
    private long lastUseNanos;
    private boolean dropped;
    private Set<Long> coldSeen;

    /** @param onReady runs on a readahead thread when a range that was waited for is ready */
    Stream(Shared shared, Runnable onReady) {
        this.shared = shared;
        this.onReady = onReady;
    }

    /** @return bytes that may be sent now, {@link #WAIT}, {@link #PASS} or {@link #DROPPED} */
    synchronized long admit(FileChannel from, long position, long count) {
        if (dropped) {
            return DROPPED;
        }
        long now = System.nanoTime();
        lastUseNanos = now;
        settle(now);
        boolean flying = warmup != null;
        if (from != file || !(position >= readyFrom && position <= readyTo || flying && warmup.covers(position))) {
            restart(from, position);
            flying = false;
        }
        continues |= position == askedTo;
        askedTo = saturatedAdd(position, count);
        if (position < readyTo) {
            long known = Math.min(count, readyTo - position);
            if (owed || now - readySinceNanos < FRESH_NANOS) {
                return known;
            }
            long again = probe(position, known);
            if (again != 0) {
                readySinceNanos = now;
                readyTo = again > 0 && again < known ? position + again : readyTo;
                return again > 0 ? again : known;
            }
            forget(position);
            flying = false;
        }
        if (flying) {
            return waitFor();
        }
        return admitUnknown(position, count, now);
    }

    private long admitUnknown(long position, long count, long now) {
        long length = Math.min(count, shared.maxWindowBytes);
        long readable = probe(position, length);
        if (readable <= 0) {
            if (shared.posix.stat(JdkInternals.descriptorOf(file), facts) < 0 || !facts.regular() || position >= facts.sizeBytes()) {
                return PASS;
            }
            if (readable == 0 && facts.sizeBytes() - position < length) {
                // The count reaches past the end of the file, where no page is: ask once more without that part.
                readable = shared.debugCold ? 0 : probe(position, facts.sizeBytes() - position);
            }
        }
        if (readable > 0) {
            readyFrom = position;
            readyTo = position + readable;
            readySinceNanos = now;
            return Math.min(count, readable);
        }
        long wanted = windowFrom(position, position, count);
        long granted = shared.budget.take(wanted, Math.min(wanted, SMALLEST_WINDOW_BYTES));
        readyFrom = position;
        readyTo = position;
        start(position, granted, false);
        return waitFor();
    }

    private long waitFor() {
        if (!waitedFor) {
            waitedFor = true;
            hungry = true;
            shared.pool.promote(warmup);
        }
        return WAIT;
    }

    /** The readahead that a WAIT is about. */
    synchronized Warmup inFlight() {
        return warmup;
    }

    /** Takes note of what the original call sent, and asks for the next window where it is time. */
    synchronized void sent(FileChannel from, long position, long bytes) {
        if (from != file || dropped || bytes <= 0) {
            return;
        }
        owed = false;
        long given = Math.min(bytes, reservedBytes);
        reservedBytes -= given;
        shared.budget.give(given);
        long next = position + bytes;
        if (next > readyTo) {
            readyTo = next;
        }
        readyFrom = next;
        if (warmup == null && facts.sizeBytes() > 0 && next >= facts.sizeBytes()) {
            releaseSource();
        } else if (warmup == null && (hungry || readyTo - next <= windowBytes / 2)) {
            lookAhead(next);
        }
    }

    private void lookAhead(long next) {
        long begin = readyTo;
        if (begin >= askedTo && !continues) {
            return;
        }
        if (begin >= facts.sizeBytes()
                && (shared.posix.stat(JdkInternals.descriptorOf(file), facts) < 0 || begin >= facts.sizeBytes())) {
            return;
        }
        long length = windowFrom(begin, next, Math.max(0, askedTo - next));
        if (length <= 0) {
            return;
        }
        long readable = probe(begin, length);
        if (readable > 0) {
            readyTo = begin + readable;
        } else if (shared.budget.tryTake(length)) {
            hungry = false;
            start(begin, length, true);
        } else {
            shared.counters.dropped.increment();
        }
    }

    /** The length of a window that begins at a position, for a caller that asks for count bytes from next on. */
    private long windowFrom(long begin, long next, long count) {
        long end = continues ? facts.sizeBytes() : Math.min(facts.sizeBytes(), saturatedAdd(next, count));
        return Math.min(windowBytes, end - begin);
    }

    private void start(long offset, long lengthBytes, boolean speculative) {
        if (source == null) {
            source = new SourceFile(file, facts.device());
        }
        reservedBytes += lengthBytes;
        windowBytes = Math.min(windowBytes * 2, shared.maxWindowBytes);
        warmup = new Warmup(source, offset, lengthBytes, speculative, onReady);
        waitedFor = false;
        try {
            shared.pool.submit(warmup);
        } catch (Throwable refused) {
            warmup = null;
            forget(readyFrom);
            throw refused;
        }
    }

    /** Takes over the readahead in flight once it ended. */
    private void settle(long now) {
        if (warmup == null || !warmup.isDone()) {
            return;
        }
        if (readyFrom == readyTo || readyTo < warmup.offset()) {
            readyFrom = warmup.offset();
            readySinceNanos = now;
        }
        readyTo = warmup.end();
        owed |= waitedFor;
        warmup = null;
    }

    private void restart(FileChannel from, long position) {
        forget(position);
        if (from != file) {
            releaseSource();
            file = from;
            facts.clear();
            coldSeen = shared.debugCold ? new HashSet<>() : null;
        }
        askedTo = NOWHERE;
        continues = false;
        windowBytes = Math.min(FIRST_WINDOW_BYTES, shared.maxWindowBytes);
    }

    /** Knows nothing any more; what is in flight is left to end by itself. */
    private void forget(long position) {
        if (warmup != null) {
            shared.pool.cancel(warmup);
            warmup = null;
        }
        shared.budget.give(reservedBytes);
        reservedBytes = 0;
        readyFrom = position;
        readyTo = position;
        owed = false;
        hungry = false;
    }

    private void releaseSource() {
        if (source != null) {
            shared.pool.release(source);
            source = null;
        }
    }

    private long probe(long position, long length) {
        if (shared.debugCold && coldSeen.add(position)) {
            return 0;
        }
        return shared.residency.readablePrefix(JdkInternals.descriptorOf(file), position, length);
    }

    /** Whether something is in flight that did not end. */
    synchronized boolean isReading() {
        return warmup != null && !warmup.isDone();
    }

    /** Gives back what an idle stream or a closed file holds. Threads: the watchdog. @return nanoseconds since the last use */
    synchronized long tidy(long now, long idleNanos) {
        long idle = now - lastUseNanos;
        if (file != null && !file.isOpen()) {
            forget(readyTo);
            releaseSource();
            file = null;
        } else if (idle > idleNanos && (warmup == null || warmup.isDone())) {
            releaseSource();
            shared.budget.give(reservedBytes);
            reservedBytes = 0;
        }
        return idle;
    }

    synchronized boolean isDropped() {
        return dropped;
    }

    /** Gives everything back; later calls find the stream dropped. */
    synchronized void drop() {
        dropped = true;
        forget(readyTo);
        releaseSource();
        file = null;
    }

    private static long saturatedAdd(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
