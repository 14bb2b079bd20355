package io.readahead.transfer;

import io.readahead.os.Residency;
import java.util.concurrent.TimeUnit;

/**
 * The range of a file that is known to be readable from the page cache, and since when.
 *
 * <p>Known because the probe said so or because it was just read ahead. What a reader waited for is owed to it: it is sent at the
 * next call, resident or not, read or not, so that neither memory pressure nor a file system that never answers makes a loop of
 * parks, and so that the reader meets what the disk said. What is left after that call is known as far as it was read.
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class KnownRange {

    private static final int FRESH_MILLIS = 100;
    private static final long NOTHING = -1;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);

    private long from;
    private long to;
    private long sinceNanos;
    private long owedTo = NOTHING;
    /** What lies behind this was read or gone over by a readahead thread; of the rest the probe said that it is there. */
    private long probedTo = NOTHING;

    /** Its first byte. */
    long from() {
        return from;
    }

    /** The first byte after the range. */
    long to() {
        return to;
    }

    /** Whether a transfer from there goes on with the range. */
    boolean continuesAt(long position) {
        return position >= from && position <= Math.max(to, owedTo);
    }

    /** Known bytes from a position on; 0 or fewer where it isn't in the range. */
    long knownFrom(long position) {
        return position < from ? 0 : Math.max(to, owedTo) - position;
    }

    /** Whether the answer may be taken as it is, without asking again. */
    boolean stands(long nowNanos) {
        return owedTo != NOTHING || nowNanos - sinceNanos < FRESH_NANOS;
    }

    /** Whether a readahead thread has been over all of it, and has come to whatever marks the kernel had left. */
    boolean isGoneOver() {
        return from >= probedTo;
    }

    /** Knows nothing but where the next byte is. */
    void forget(long position) {
        from = position;
        to = position;
        owedTo = NOTHING;
        probedTo = NOTHING;
    }

    /** Knows this range and no other: a readahead thread has been over it, and nobody knows what of it is still there. */
    void setOld(long begin, long end, long nowNanos) {
        confirm(begin, end, nowNanos - FRESH_NANOS);
        probedTo = NOTHING;
    }

    /** Knows this range and no other. */
    void set(long begin, long end, long nowNanos) {
        confirm(begin, end, nowNanos);
        probedTo = end;
    }

    /** Of what it knows that much still stands, as of now. */
    void confirm(long begin, long end, long nowNanos) {
        from = begin;
        to = end;
        sinceNanos = nowNanos;
        owedTo = NOTHING;
    }

    /** How much of what was known still is: an old answer is asked again. */
    long confirmed(SentFile file, long position, long readable, long nowNanos) {
        if (stands(nowNanos)) {
            return readable;
        }
        // All of it, for an answer to a part would make the rest look as fresh.
        long again = file.probeAgain(position, knownFrom(position), isGoneOver());
        if (again == Residency.UNKNOWN) {
            return readable;    // nobody can say: it was known once, and is sent
        }
        if (again > 0) {
            confirm(position, position + again, nowNanos);
        }
        return Math.min(Math.max(again, 0), readable);
    }

    /** The range reaches this far; how old the answer is stays what it was. */
    void extend(long end) {
        to = end;
        probedTo = end;
    }

    /**
     * A readahead ended.
     *
     * @param readTo first byte that was not read; where it begins if none was
     * @param end of the whole range
     * @param waitedFor whether a reader waited for it
     * @param endNanos when it ended
     */
    void add(long begin, long readTo, long end, boolean waitedFor, long endNanos) {
        if (from == to || to < begin) {
            from = begin;
            sinceNanos = endNanos;
        }
        to = readTo;
        if (waitedFor) {
            owedTo = end;
        }
    }

    /** It begins there, before where it did: that much of what was sent is still there, and whoever sent it has come to its marks. */
    void comeBack(long begin) {
        if (isGoneOver()) {
            probedTo = Math.min(probedTo, begin);
        }
        from = begin;
    }

    /** Bytes were sent up to here. */
    void sentTo(long next) {
        from = next;
        to = Math.max(to, next);
        owedTo = NOTHING;
    }
}
