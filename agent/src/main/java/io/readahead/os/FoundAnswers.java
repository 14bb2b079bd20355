package io.readahead.os;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * What readahead threads found in the page cache, of files of which nobody else can say.
 *
 * <p>Problem: of another user's file on overlay or FUSE neither cachestat(2) nor mincore(2) tells the truth, and preadv2(RWF_NOWAIT) is not
 * supported; so each call for it parks, hot or not. Choice: a readahead thread that goes over a range knows whether it had to wait. What
 * it found in memory counts as there for {@value #FIRST_MILLIS} ms, and for twice as long each time that it is found there again when that
 * time is over, up to {@value #LONGEST_MILLIS} ms. Found absent once, the file is asked for each time again, and for
 * {@value #LONGEST_MILLIS} ms nothing that is found counts: a FUSE daemon may have its pages dropped at each open, and then they are there
 * between two opens only. Cost: what is evicted within that time is read by who sends it, at most one range of a file in
 * {@value #LONGEST_MILLIS} ms once it has proved hot for long.
 *
 * <p>Of the calls for its beginning that come in the last quarter of that time one is told nothing, so that it parks and has the range
 * gone over again: else all connections of a hot file would park at once when the time is over. And as long as what was found stands, the
 * others, who could not say, are not asked again: that is three system calls in vain for each.
 *
 * <p>One range of a file is kept, by device, inode, size and {@link FileFacts#stamp}. A file that takes another's number in that time,
 * with its size and, where the kernel says them, its times, is taken for it, until the time is over.
 *
 * <p>Threads: any, event loops included; the last range of each place is kept, and none is waited for.
 */
public final class FoundAnswers extends ResidencyOfOthers {

    static final int LONGEST_MILLIS = 1000;

    private static final int FIRST_MILLIS = 50;
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(FIRST_MILLIS);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
    /** Of the time for which it stands, the part after which it is found anew. */
    private static final int QUARTERS = 4;
    /** What is less, and not all that is asked for, is not worth a send of its own. */
    private static final long SMALLEST_PREFIX_BYTES = 64 * 1024;
    private static final int SLOTS = 1024;    // a power of two
    private static final int MIX = 0x9E3779B9;

    /**
     * A range of a file that was found at a time, and for how long that stands; an empty one was absent then.
     *
     * @param othersCanNotSay set where they could not
     * @param renewing set by the call that has it found anew
     */
    private record Found(long device, long inode, long fileBytes, long stamp, long from, long to, long atNanos, long standsNanos,
                         AtomicBoolean othersCanNotSay, AtomicBoolean renewing) {

        boolean isOf(FileFacts facts) {
            return inode == facts.inode() && device == facts.device() && fileBytes == facts.sizeBytes() && stamp == facts.stamp();
        }

        boolean stands(long nowNanos) {
            return nowNanos - atNanos < standsNanos;
        }

        boolean isInItsLastQuarter(long nowNanos) {
            return nowNanos - atNanos >= standsNanos / QUARTERS * (QUARTERS - 1);
        }

        boolean isAbsent() {
            return from == to;
        }
    }

    private final LongSupplier nanoClock;
    private final AtomicReferenceArray<Found> ranges = new AtomicReferenceArray<>(SLOTS);

    /** @param others are asked first */
    public FoundAnswers(Residency others) {
        this(others, System::nanoTime);
    }

    FoundAnswers(Residency others, LongSupplier nanoClock) {
        super(others);
        this.nanoClock = nanoClock;
    }

    @Override
    public long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        Found last = standing(facts);
        long answer = isAlone(last) ? UNKNOWN : others.sendablePrefix(fd, position, length, facts);
        return answer == UNKNOWN && last != null ? found(last, position, length, facts) : answer;
    }

    @Override
    public long readablePrefix(int fd, long position, long length, FileFacts facts) {
        Found last = standing(facts);
        long answer = isAlone(last) ? UNKNOWN : others.readablePrefix(fd, position, length, facts);
        return answer == UNKNOWN && last != null ? found(last, position, length, facts) : answer;
    }

    private Found standing(FileFacts facts) {
        Found last = facts.inode() == 0 ? null : ranges.get(slot(facts));
        return last != null && last.isOf(facts) && last.stands(nanoClock.getAsLong()) ? last : null;
    }

    private static boolean isAlone(Found last) {
        return last != null && last.othersCanNotSay.get();
    }

    private long found(Found last, long position, long length, FileFacts facts) {
        if (!last.othersCanNotSay.get() && !facts.onBlockDevice()) {
            // There a descriptor that was closed meanwhile may be all that they could not say.
            last.othersCanNotSay.set(true);
        }
        long there = position < last.from ? 0 : Math.min(length, last.to - position);
        if (there < Math.min(length, SMALLEST_PREFIX_BYTES)) {
            return UNKNOWN;
        }
        boolean renews = position == last.from && !last.renewing.get() && last.isInItsLastQuarter(nanoClock.getAsLong());
        return renews && last.renewing.compareAndSet(false, true) ? UNKNOWN : there;
    }

    @Override
    public void wasRead(FileFacts facts, long position, long length, boolean inMemory) {
        others.wasRead(facts, position, length, inMemory);
        if (facts.inode() == 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        Found last = ranges.get(slot(facts));
        Found before = last != null && last.isOf(facts) ? last : null;
        if (!inMemory) {
            ranges.set(slot(facts), range(facts, position, position, now, LONGEST_NANOS));
        } else if (before == null || !before.isAbsent() || !before.stands(now)) {
            ranges.set(slot(facts), withMore(before, facts, position, position + length, now));
        }
    }

    private static Found withMore(Found before, FileFacts facts, long from, long to, long now) {
        if (before == null || before.isAbsent() || from > before.to || to < before.from) {
            return range(facts, from, to, now, FIRST_NANOS);
        }
        if (before.stands(now) && !(before.renewing.get() && from == before.from)) {
            // As old as its oldest part.
            return new Found(before.device, before.inode, before.fileBytes, before.stamp, Math.min(from, before.from),
                    Math.max(to, before.to), before.atNanos, before.standsNanos, before.othersCanNotSay, before.renewing);
        }
        return range(facts, from, to, now, from == before.from ? Math.min(2 * before.standsNanos, LONGEST_NANOS) : FIRST_NANOS);
    }

    private static Found range(FileFacts facts, long from, long to, long atNanos, long standsNanos) {
        return new Found(facts.device(), facts.inode(), facts.sizeBytes(), facts.stamp(), from, to, atNanos, standsNanos,
                new AtomicBoolean(), new AtomicBoolean());
    }

    private static int slot(FileFacts facts) {
        int mixed = (Long.hashCode(facts.inode()) * MIX + Long.hashCode(facts.device())) * MIX;
        return (mixed >>> Integer.SIZE / 2 ^ mixed) & SLOTS - 1;
    }
}
