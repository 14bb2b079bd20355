package io.readahead.os;

import io.readahead.jdk.JdkInternals;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * What the page cache was found to hold of files, for as long as nothing has happened that could have changed it.
 *
 * <p>Problem: to find out which file a descriptor is, and what is cached of it, takes three system calls, and on overlay a mapping; a hot
 * server asks thousands of times a second what it knows. Choice: a small file that was found to be cached to its end counts as that for
 * {@value #STANDS_SECONDS} s, as long as {@link CacheWatch} sees no page leave the page cache, of any file; and where some do, for
 * {@value #FRESH_MILLIS} ms, less than it stands below. The file is known by the path that the JDK keeps of it, and by the length that the
 * server asks for: it is an answer only to who asks for all the rest of a file that ends where it did. No system call is made.
 *
 * <p>Cost: within that time an event loop may read from the disk what was taken out of the page cache in a way that no one counts, a few
 * pages at a time (see {@link CacheLosses}); and a path that was led to another file of the same length meanwhile, if that one is cold.
 * Once for each file. A path that is another file time and again ({@value #MOST_CHANGES} times, each within that time), as a relative one
 * of an open folder may be, stands for none.
 *
 * <p>Only of files of up to {@value #LARGEST_KB} KB on a block device or overlay, as {@link FreshAnswers}.
 *
 * <p>Threads: any, event loops included, for which no lock is taken; {@link #tidy} is the watch's. At most {@value #SLOTS} are kept.
 */
public final class StandingAnswers extends ResidencyOfOthers {

    private static final int STANDS_SECONDS = 30;
    private static final int FRESH_MILLIS = FreshAnswers.FRESH_MILLIS;
    private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(STANDS_SECONDS);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    /** As old as what the others say may be: {@link FreshAnswers}; and {@link FoundAnswers}, of what has no disk of its own. */
    private static final long AGE_NANOS = 2 * FRESH_NANOS;
    private static final long LARGEST_AGE_NANOS = AGE_NANOS + TimeUnit.MILLISECONDS.toNanos(FoundAnswers.LONGEST_MILLIS);
    /** Of more, sending takes so long that asking doesn't matter, and a disk would be waited for longer. */
    private static final int LARGEST_KB = 256;
    private static final long LARGEST_BYTES = LARGEST_KB << 10;
    private static final int SLOTS = 1 << 16;
    /** Places in which an answer may be. */
    private static final int PLACES = 4;
    /** Of all, so many are looked at each time, whether their time is over: each one once before the watch falls asleep. */
    private static final int TIDIED_AT_ONCE = 256;
    private static final int MIX = 0x9E3779B9;
    private static final int MOST_CHANGES = 3;

    /** What was found never changes, so that who finds one finds a whole one; the same once more makes no object. */
    private static final class Answer {

        private final String path;
        private final long device;
        private final long inode;
        private final long fileBytes;
        private final long from;
        private final int changes;
        private final long changedNanos;
        private volatile long givenNanos;

        Answer(String path, FileFacts facts, long from, long nowNanos, int changes, long changedNanos) {
            this.path = path;
            this.device = facts.device();
            this.inode = facts.inode();
            this.fileBytes = facts.sizeBytes();
            this.from = from;
            this.changes = changes;
            this.changedNanos = changedNanos;
            this.givenNanos = nowNanos;
        }

        /** What follows it: the same one, where all that is new is when it was given. */
        Answer followedBy(FileFacts facts, long newFrom, long nowNanos) {
            int soFar = nowNanos - changedNanos < STANDS_NANOS ? changes : 0;
            if (inode != facts.inode() || device != facts.device()) {
                return new Answer(path, facts, newFrom, nowNanos, Math.min(soFar + 1, MOST_CHANGES), nowNanos);
            }
            if (fileBytes != facts.sizeBytes() || from != newFrom || changes != soFar) {
                return new Answer(path, facts, newFrom, nowNanos, soFar, changedNanos);
            }
            givenNanos = nowNanos;
            return this;
        }

        /** How old it may have been when it was given. */
        long ageNanos() {
            return FileFacts.isBlockDevice(device) ? AGE_NANOS : LARGEST_AGE_NANOS;
        }
    }

    private final LongSupplier nanoClock;
    private final CacheWatch watch;
    /** Null in a test that looks by itself. */
    private final CacheLosses losses;
    private volatile AtomicReferenceArray<Answer> answers = new AtomicReferenceArray<>(0);
    private int tidied;

    /** @param others are asked where no answer stands */
    public StandingAnswers(Residency others) {
        this(others, new CacheLosses());
    }

    StandingAnswers(Residency others, CacheLosses losses) {
        super(others);
        this.nanoClock = System::nanoTime;
        this.losses = losses;
        this.watch = new CacheWatch(losses::look, nanoClock, this::tidy);
    }

    /** @param watch is asked what was lost; nobody starts it */
    StandingAnswers(Residency others, LongSupplier nanoClock, CacheWatch watch) {
        super(others);
        this.nanoClock = nanoClock;
        this.losses = null;
        this.watch = watch;
        this.answers = new AtomicReferenceArray<>(SLOTS);
    }

    /** Begins to watch the page cache, if this kernel counts what it loses; before that no answer stands. */
    public void start() {
        losses.look();
        if (!losses.counted()) {
            return;
        }
        answers = new AtomicReferenceArray<>(SLOTS);
        watch.start();
    }

    /** Ends that. */
    public void stop() throws Exception {
        answers = new AtomicReferenceArray<>(0);
        watch.stop();
        losses.close();
    }

    @Override
    public boolean stands(FileChannel file, long position, long count) {
        AtomicReferenceArray<Answer> all = answers;
        String path = all.length() == 0 || position + count > LARGEST_BYTES ? null : JdkInternals.pathOf(file);
        if (path == null) {
            return false;
        }
        int first = firstPlace(path);
        for (int place = first; place < first + PLACES; place++) {
            Answer answer = all.get(place);
            if (answer != null && answer.fileBytes == position + count && answer.path.equals(path)) {
                return position >= answer.from && answer.changes < MOST_CHANGES && stands(answer);
            }
        }
        return false;
    }

    private boolean stands(Answer answer) {
        long now = nanoClock.getAsLong();
        long given = answer.givenNanos;
        return watch.nothingLostSince(given - answer.ageNanos(), now) && now - given < STANDS_NANOS || now - given < FRESH_NANOS;
    }

    @Override
    public void cachedToItsEnd(FileChannel file, long position, FileFacts facts) {
        AtomicReferenceArray<Answer> all = answers;
        boolean kept = all.length() > 0 && facts.sizeBytes() <= LARGEST_BYTES && facts.inode() != 0
                && (facts.onBlockDevice() || isOfTheFile(facts.device()));
        String path = kept ? JdkInternals.pathOf(file) : null;
        if (path == null) {
            return;
        }
        long now = nanoClock.getAsLong();
        int first = firstPlace(path);
        int chosen = first;
        long longestNanos = -1;
        for (int place = first; place < first + PLACES; place++) {
            Answer there = all.get(place);
            if (there != null && there.path.equals(path)) {
                all.set(place, there.followedBy(facts, position, now));
                return;
            }
            long nanos = there == null ? Long.MAX_VALUE : now - there.givenNanos;
            if (nanos > longestNanos) {
                longestNanos = nanos;
                chosen = place;
            }
        }
        all.set(chosen, new Answer(path, facts, position, now, 0, now));
    }

    /** Takes out what stands no more, some places at a time. Threads: the watch. */
    void tidy() {
        AtomicReferenceArray<Answer> all = answers;
        long now = nanoClock.getAsLong();
        for (int end = Math.min(tidied + TIDIED_AT_ONCE, all.length()); tidied < end; tidied++) {
            Answer answer = all.get(tidied);
            if (answer != null && now - answer.givenNanos >= STANDS_NANOS) {
                all.compareAndSet(tidied, answer, null);
            }
        }
        tidied = tidied >= all.length() ? 0 : tidied;
    }

    /** For the tests. */
    int kept() {
        AtomicReferenceArray<Answer> all = answers;
        return (int) IntStream.range(0, all.length()).filter(place -> all.get(place) != null).count();
    }

    private static int firstPlace(String path) {
        int mixed = path.hashCode() * MIX;
        return (mixed >>> Integer.SIZE / 2 ^ mixed) & SLOTS - PLACES;
    }
}
