package io.readahead.transfer;

import java.util.concurrent.TimeUnit;

/**
 * The range of a file that is known to be readable from the page cache, and since when.
 *
 * <p>Known because the probe said so or because it was just read ahead. What a reader waited for is owed to it: it is sent at the
 * next call, resident or not, so that neither memory pressure nor a file system that never answers makes a loop of parks.
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class KnownRange {

    private static final int FRESH_MILLIS = 100;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);

    private long from;
    private long to;
    private long sinceNanos;
    private boolean owed;

    /** The first byte after the range. */
    long to() {
        return to;
    }

    /** Whether a transfer from there goes on with the range. */
    boolean continuesAt(long position) {
        return position >= from && position <= to;
    }

    /** Known bytes from a position on; 0 or fewer where it isn't in the range. */
    long knownFrom(long position) {
        return position < from ? 0 : to - position;
    }

    /** Whether the answer may be taken as it is, without asking again. */
    boolean stands(long nowNanos) {
        return owed || nowNanos - sinceNanos < FRESH_NANOS;
    }

    /** Knows nothing but where the next byte is. */
    void forget(long position) {
        from = position;
        to = position;
        owed = false;
    }

    /** Knows this range and no other. */
    void set(long begin, long end, long nowNanos) {
        from = begin;
        to = end;
        sinceNanos = nowNanos;
        owed = false;
    }

    /** The range reaches this far; how old the answer is stays what it was. */
    void extend(long end) {
        to = end;
    }

    /** A readahead ended. @param waitedFor whether a reader waited for it */
    void add(long begin, long end, boolean waitedFor, long nowNanos) {
        if (from == to || to < begin) {
            from = begin;
            sinceNanos = nowNanos;
        }
        to = end;
        owed |= waitedFor;
    }

    /** Bytes were sent up to here. */
    void sentTo(long next) {
        from = next;
        to = Math.max(to, next);
        owed = false;
    }
}
