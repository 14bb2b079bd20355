package io.readahead.transfer;

import io.readahead.os.Mapping;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Mapped files that are sent in turns, a frame of each, as those of one HTTP/2 connection are: how far readahead threads have been over
 * those that are not being sent at the moment.
 *
 * <p>Problem: a stream knows of one file. One that it came back to was unknown, so what had just been read ahead was taken for what the
 * kernel may have marked: of three files at a time each frame of 16 KB was gone over by a thread of its own, and waited for. Whoever
 * comes back within that goes on there, and is seen to go on.
 *
 * <p>At most {@value #MOST}, which are held, and so stay mapped, for the seconds that {@link #forgetBefore} leaves them.
 *
 * <p>Units: bytes; nanoseconds of the stream's clock. Threads: under the stream's monitor.
 */
final class MappedInTurns {

    /** In the place of a position. */
    static final long NOT_LEFT = -1;

    private static final int MOST = 32;

    /** Those that were left first come first. */
    private final ArrayDeque<Left> left = new ArrayDeque<>();

    /** @param to the first byte that no readahead thread has been over */
    private record Left(Mapping mapping, long from, long to, long nanos) {
    }

    /** Takes note of what is known of one that is left for another. */
    void leave(Mapping mapping, KnownRange known, long nowNanos) {
        left.removeIf(other -> other.mapping.equals(mapping));
        if (left.size() == MOST) {
            left.removeFirst();
        }
        left.addLast(new Left(mapping, known.from(), known.isGoneOver() ? known.to() : known.from(), nowNanos));
    }

    /** One that was left, by the buffer that it made; null where there is none. */
    Mapping of(ByteBuffer whole) {
        for (Left each : left) {
            if (each.mapping.isOf(whole)) {
                return each.mapping;
            }
        }
        return null;
    }

    /** Takes one up again. @return the first byte that no readahead thread has been over; NOT_LEFT where it was left elsewhere, or never */
    long comeBack(Mapping mapping, long position) {
        for (Left each : left) {
            if (each.mapping.equals(mapping)) {
                left.remove(each);
                return position >= each.from && position <= each.to ? each.to : NOT_LEFT;
            }
        }
        return NOT_LEFT;
    }

    /** Lets go of those that were left before that. */
    void forgetBefore(long nanos) {
        while (!left.isEmpty() && left.getFirst().nanos - nanos < 0) {
            left.removeFirst();
        }
    }

    void forget() {
        left.clear();
    }
}
