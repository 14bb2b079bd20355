package io.readahead.transfer;

import java.nio.channels.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a sender's segments in order.
 *
 * <p>Problem: our 0, or our smaller number, doesn't mean that the socket is full, so a sender that goes on with its next segment after a
 * short count would have that one sent before the rest of the first. Choice: as long as bytes of one are withheld, a call for any other
 * place of any file is answered 0 too. It ends where the sender comes back for what was withheld; or comes for the other one again without
 * having done so, for it begins each round with what is first, so it has given that up; but not while the window is read that it was kept
 * waiting for, for {@value #HOLD_MILLIS} ms at most: that disk may be dead, and the other file's is not.
 *
 * <p>Threads: under the stream's monitor.
 */
final class Order {

    private static final int HOLD_MILLIS = 1000;
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(HOLD_MILLIS);
    /** A sender of so many segments in a row, none of which it is asked about again, goes about in another way. */
    private static final int MOST_OTHERS = 64;

    private Channel file;
    private long position;
    private long sinceNanos;
    private Channel other;
    private long otherPosition;
    private int others;

    /** Bytes from there on were withheld from the sender. */
    void withheld(Channel from, long at, long nowNanos) {
        if (!from.equals(file) || position != at) {
            sinceNanos = nowNanos;
        }
        file = from;
        position = at;
        other = null;
        others = 0;
    }

    /** Whether nothing is withheld. */
    boolean isClear() {
        return file == null;
    }

    /** Nothing is withheld. */
    void clear() {
        file = null;
        other = null;
    }

    /**
     * Whether a call comes before its turn.
     *
     * @param reading whether the window is being read for which the sender is kept waiting
     */
    boolean isBeforeItsTurn(Channel from, long at, boolean reading, long nowNanos) {
        if (file == null || file.equals(from) && position == at || !file.isOpen()) {
            clear();
            return false;
        }
        boolean again = from.equals(other) && otherPosition == at;
        if (other == null) {
            other = from;
            otherPosition = at;
        }
        if (reading && nowNanos - sinceNanos < HOLD_NANOS) {
            return true;
        }
        others++;
        if (again || others > MOST_OTHERS) {
            clear();
            return false;
        }
        return true;
    }

    /** Whether a call was answered 0 before its turn, and has waited for as long as it is to. */
    boolean heldLongEnough(long nowNanos) {
        return other != null && nowNanos - sinceNanos >= HOLD_NANOS;
    }
}
