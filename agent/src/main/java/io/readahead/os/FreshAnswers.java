package io.readahead.os;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * What the page cache was found to hold a moment ago, by whichever descriptor it was asked.
 *
 * <p>Problem: a server opens a hot file anew for each request, and each request asks the kernel twice what it has said a thousand times in
 * the last second. Choice: an answer to {@link #sendablePrefix} that was given twice in {@value #FRESH_MILLIS} ms stands for as long again,
 * half the time for which it stands for the stream that got it, for its file by device, inode and size. Cost: what is evicted in that time
 * is read by who sends it, as it is where the descriptor is the same. Only where all that is asked for was found: what is not there is
 * asked for each time.
 *
 * <p>Only of files that their numbers tell apart: on a block device or overlay they are the kernel's own; a FUSE daemon may give two files
 * the same, and there {@link FileFacts#stamp} has to be the same too. Such a daemon, as a rule, has the pages dropped at each open: after a
 * file was found absent nothing of it counts for {@value #DISTRUST_MILLIS} ms. Where overlay copies a file up, the answer is of the lower
 * file until its time is over; the copy was written a moment ago.
 *
 * <p>Threads: any, event loops included; the last answer of each place is kept, and none is waited for.
 */
public final class FreshAnswers extends ResidencyOfOthers {

    static final int FRESH_MILLIS = 50;

    private static final int DISTRUST_MILLIS = 1000;
    private static final long DISTRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(DISTRUST_MILLIS);

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    private static final int SLOTS = 1024;    // a power of two
    private static final int MIX = 0x9E3779B9;

    /** What was asked never changes, so that who finds one finds a whole one; the same answer once more makes no object. */
    private static final class Answer {

        private final long device;
        private final long inode;
        private final long fileBytes;
        private final long stamp;
        private final long position;
        /** 0 where it was found absent. */
        private final long length;
        private volatile long givenNanos;
        private volatile boolean twice;

        Answer(FileFacts facts, long position, long length, long nowNanos) {
            this.device = facts.device();
            this.inode = facts.inode();
            this.fileBytes = facts.sizeBytes();
            this.stamp = facts.stamp();
            this.position = position;
            this.length = length;
            this.givenNanos = nowNanos;
        }

        boolean isOf(FileFacts facts, long at) {
            // What is cached to the end of its file has no marks that matter; of a file that has grown meanwhile it may have.
            return inode == facts.inode() && device == facts.device() && fileBytes == facts.sizeBytes() && stamp == facts.stamp()
                    && position == at;
        }
    }

    private final LongSupplier nanoClock;
    private final AtomicReferenceArray<Answer> answers = new AtomicReferenceArray<>(SLOTS);

    /** @param kernel is asked where no answer stands */
    public FreshAnswers(Residency kernel) {
        this(kernel, System::nanoTime);
    }

    FreshAnswers(Residency kernel, LongSupplier nanoClock) {
        super(kernel);
        this.nanoClock = nanoClock;
    }

    @Override
    public long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        boolean numbered = facts.onBlockDevice() || isOfTheFile(facts.device());
        if (facts.inode() == 0 || !numbered && facts.stamp() == 0) {
            return others.sendablePrefix(fd, position, length, facts);
        }
        int slot = slot(facts, position);
        long now = nanoClock.getAsLong();
        Answer last = answers.get(slot);
        boolean sameFile = last != null && last.isOf(facts, position);
        boolean covered = sameFile && length <= last.length;
        boolean fresh = covered && now - last.givenNanos < FRESH_NANOS;
        if (fresh && last.twice) {
            return length;
        }
        long sendable = others.sendablePrefix(fd, position, length, facts);
        if (sendable == length) {
            if (covered && last.length == length) {
                last.twice = fresh;
                last.givenNanos = now;
            } else if (!sameFile || last.length > 0 || now - last.givenNanos >= DISTRUST_NANOS) {
                answers.set(slot, new Answer(facts, position, length, now));
            }
        } else if (sendable >= 0 && !numbered) {
            answers.set(slot, new Answer(facts, position, 0, now));
        }
        return sendable;
    }

    private static int slot(FileFacts facts, long position) {
        int mixed = (Long.hashCode(facts.inode()) * MIX + Long.hashCode(position)) * MIX + Long.hashCode(facts.device());
        return (mixed >>> Integer.SIZE / 2 ^ mixed) & SLOTS - 1;
    }
}
