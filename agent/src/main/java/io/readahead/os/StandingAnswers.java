package io.readahead.os;

import io.readahead.jdk.JdkInternals;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * What the page cache was found to hold of files, for as long as nothing has happened that could have changed it.
 *
 * <p>Problem: to find out which file a descriptor is, and what is cached of it, takes three system calls, and on overlay a mapping; a hot
 * server asks thousands of times a second what it knows. Choice: a file that was found to be cached to its end counts as that for
 * {@value #STANDS_SECONDS} s, as long as {@link CacheWatch} sees no page leave the page cache, of any file; and where some do, for
 * {@value #FRESH_MILLIS} ms, less than it stands below. The file is known by the path that the JDK keeps of it, and by the length that the
 * server asks for: it is an answer only to who asks for all the rest of a file that ends where it did. No system call is made, and no more
 * memory is fetched than one cache line, as a rule: of 20,000 files in turn each line is a cache miss. Of a file of more than
 * {@value #SMALL_KB} KB the kernel is asked about the first page that is to be sent, each time, so that one that was thrown out whole is
 * noticed, whatever was read in meanwhile; and near its beginning, where somebody may have looked what it is, about its last page too. What
 * is found absent of a file ends its answer, whoever found it: a readahead of that is no news of the rest.
 *
 * <p>Cost: within that time an event loop may read from the disk what was taken out of the page cache in a way that no one counts, a few
 * pages at a time (see {@link CacheLosses}); and a path that was led to another file of the same length meanwhile, if that one is cold.
 * Once for each file, and of a large one what the first page of a call does not show. A path that is another file time and again
 * ({@value #MOST_CHANGES} times, each within that time), as a relative one of an open folder may be, stands for none.
 *
 * <p>Only of files of up to {@value #LARGEST_MB} MB on a block device, and of {@value #SMALL_KB} KB on overlay or where there is no
 * cachestat(2).
 *
 * <p>An answer is four words of a table, side by side, and of its path only the {@link PathHash}. The table takes 2 MB, for 65,532 of them;
 * one whose time is over stays until its place is needed.
 *
 * <p>Threads: any, event loops included; none waits for another. The words of an answer are written one by one, so that some of one may be
 * found beside some of another. Therefore the last of them is the path's hash mixed with the three others: words that were not given
 * together make a hash that is no path's, and are no answer. So none looks younger than it is, in whatever order they are seen; where two
 * threads write to one place at once, the kernel may be asked once more.
 */
public final class StandingAnswers extends ResidencyOfOthers {

    private static final int STANDS_SECONDS = 30;
    private static final int FRESH_MILLIS = FreshAnswers.FRESH_MILLIS;
    private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(STANDS_SECONDS);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    /** As old as what the others say may be: {@link FreshAnswers}; and {@link FoundAnswers}, of what has no disk of its own. */
    private static final long AGE_NANOS = 2 * FRESH_NANOS;
    private static final long LARGEST_AGE_NANOS = AGE_NANOS + TimeUnit.MILLISECONDS.toNanos(FoundAnswers.LONGEST_MILLIS);
    /** Of more, a disk would be waited for longer than a loop has time for. */
    private static final int SMALL_KB = 256;
    private static final long SMALL_BYTES = SMALL_KB << 10;
    /** Of more, sending takes so long that asking doesn't matter. */
    private static final int LARGEST_MB = 256;
    private static final long LARGEST_BYTES = (long) LARGEST_MB << 20;
    private static final int MOST_CHANGES = 3;

    /** Words of an answer: when it was given, of which file, what it says, and whether they belong together. */
    private static final int WORDS = 4;
    private static final int FILE = 1;
    private static final int SAID = 2;
    private static final int CHECK = 3;
    /** Places in which an answer may be, on two cache lines; the first is filled first. */
    private static final int PLACES = 4;
    private static final int SET_WORDS = PLACES * WORDS;
    /** The array's header takes words of a set before the first: each begins with a cache line where the array does, as G1's large do. */
    private static final int HEADER_WORDS = 2;
    /** With the header 2 MB, no region of G1's more. */
    private static final int SETS = (1 << 14) - 1;

    private final LongSupplier nanoClock;
    private final CacheWatch watch;
    /** Null in a test that looks by itself. */
    private final CacheLosses losses;
    private final PathHash hash = new PathHash();
    private volatile AtomicLongArray answers = new AtomicLongArray(0);

    /** @param others are asked where no answer stands */
    public StandingAnswers(Residency others) {
        this(others, new CacheLosses());
    }

    StandingAnswers(Residency others, CacheLosses losses) {
        super(others);
        this.nanoClock = System::nanoTime;
        this.losses = losses;
        this.watch = new CacheWatch(losses::look, nanoClock);
    }

    /**
     * @param watch is asked what was lost; nobody starts it
     * @param sets of four places each
     */
    StandingAnswers(Residency others, LongSupplier nanoClock, CacheWatch watch, int sets) {
        super(others);
        this.nanoClock = nanoClock;
        this.losses = null;
        this.watch = watch;
        this.answers = table(sets);
    }

    /** Begins to watch the page cache, if this kernel counts what it loses; before that no answer stands. */
    public void start() {
        losses.look();
        if (!losses.counted()) {
            return;
        }
        answers = table(SETS);
        watch.start();
    }

    /** Ends that. */
    public void stop() throws Exception {
        answers = new AtomicLongArray(0);
        watch.stop();
        losses.close();
    }

    private static AtomicLongArray table(int sets) {
        return new AtomicLongArray((sets + 1) * SET_WORDS - HEADER_WORDS);
    }

    @Override
    public boolean stands(FileChannel file, long position, long count) {
        AtomicLongArray all = answers;
        long end = position + count;
        String path = all.length() == 0 || end > LARGEST_BYTES ? null : JdkInternals.pathOf(file);
        if (path == null) {
            return false;
        }
        long key = hash.of(path);
        int first = firstPlace(all, key);
        for (int place = first; place < first + SET_WORDS; place += WORDS) {
            long said = all.getOpaque(place + SAID);
            if (Said.fileBytes(said) == end && Said.isAnswer(said)) {
                long given = all.getOpaque(place);
                if (all.getOpaque(place + CHECK) == check(key, given, all.getOpaque(place + FILE), said)) {
                    return position >= Said.from(said) && Said.changes(said) < MOST_CHANGES && stands(given, Said.ageNanos(said))
                            && (end <= SMALL_BYTES || isStillThere(file, position, end));
                }
            }
        }
        return false;
    }

    private boolean stands(long given, long ageNanos) {
        long now = nanoClock.getAsLong();
        return watch.nothingLostSince(given - ageNanos, now) && now - given < STANDS_NANOS || now - given < FRESH_NANOS;
    }

    private boolean isStillThere(FileChannel file, long position, long end) {
        int fd = JdkInternals.descriptorOf(file);
        long there = others.readablePrefix(fd, position, 1);
        if (there > 0 && position < SMALL_BYTES) {
            there = others.readablePrefix(fd, end - 1, 1);
        }
        if (there == 0) {
            wasAbsent(file);    // of a descriptor that was closed meanwhile nobody can say
        }
        return there > 0;
    }

    /**
     * {@inheritDoc} When that was is kept, so that what was found before is no answer, and how often the path has become another file; of a
     * path of which nothing is known, neither is.
     */
    @Override
    public void wasAbsent(FileChannel file) {
        AtomicLongArray all = answers;
        String path = all.length() == 0 ? null : JdkInternals.pathOf(file);
        if (path == null) {
            return;
        }
        long key = hash.of(path);
        int first = firstPlace(all, key);
        for (int place = first; place < first + SET_WORDS; place += WORDS) {
            long given = all.getOpaque(place);
            long fileThere = all.getOpaque(place + FILE);
            long said = all.getOpaque(place + SAID);
            if (said != 0 && all.getOpaque(place + CHECK) == check(key, given, fileThere, said)) {
                put(all, place, key, nanoClock.getAsLong(), fileThere, Said.noAnswer(said));
            }
        }
    }

    /**
     * {@inheritDoc} What is about to be sent is asked about each time; what lies behind it, where the kernel may read on from a mark, is
     * not as long as nothing was lost.
     */
    @Override
    public long mappedPrefix(Mapping mapping, long offset, long length, boolean goneOver) {
        // Whoever asks the watch keeps it awake: not for what is cold, or asked about no further than it is sent.
        if (!goneOver && mapping.sawSomething()) {
            mapping.seenStands(answers.length() > 0 && watch.nothingLostSince(mapping.seenNanos(), nanoClock.getAsLong()));
        }
        return others.mappedPrefix(mapping, offset, length, goneOver);
    }

    @Override
    public void cachedToItsEnd(FileChannel file, long position, FileFacts facts, long foundNanos) {
        AtomicLongArray all = answers;
        boolean kept = all.length() > 0 && position <= facts.sizeBytes() && facts.inode() != 0 && isKept(facts);
        String path = kept ? JdkInternals.pathOf(file) : null;
        if (path == null) {
            return;
        }
        long key = hash.of(path);
        long identity = hash.of(facts.device(), facts.inode());
        long now = nanoClock.getAsLong();
        int first = firstPlace(all, key);
        int chosen = first;
        long longestNanos = -1;
        for (int place = first; place < first + SET_WORDS; place += WORDS) {
            long given = all.getOpaque(place);
            long fileThere = all.getOpaque(place + FILE);
            long said = all.getOpaque(place + SAID);
            if (said != 0 && all.getOpaque(place + CHECK) == check(key, given, fileThere, said)) {
                // Neither an answer that is older than the one there, nor one that may be older than an absence.
                if (foundNanos - given >= (Said.isAnswer(said) ? 0 : Said.ageNanos(said))) {
                    put(all, place, key, foundNanos, identity, Said.after(said, fileThere == identity, facts, position, now));
                }
                return;
            }
            long nanos = now - given < STANDS_NANOS && Said.isAnswer(said) ? now - given : Long.MAX_VALUE;
            if (nanos > longestNanos) {
                longestNanos = nanos;
                chosen = place;
            }
        }
        put(all, chosen, key, foundNanos, identity, Said.first(facts, position, now));
    }

    /**
     * A page of a large file can be asked about where the kernel has cachestat(2); of one of which it does not tell this process by
     * preadv2, as all of it would be else. On overlay nobody says.
     */
    private boolean isKept(FileFacts facts) {
        return facts.sizeBytes() <= SMALL_BYTES ? facts.onBlockDevice() || isOfTheFile(facts.device())
                : facts.sizeBytes() <= LARGEST_BYTES && facts.onBlockDevice() && kernelReadahead(facts.device()) > 0;
    }

    private void put(AtomicLongArray all, int place, long key, long given, long identity, long said) {
        all.setOpaque(place, given);
        all.setOpaque(place + FILE, identity);
        all.setOpaque(place + SAID, said);
        all.setOpaque(place + CHECK, check(key, given, identity, said));
    }

    private long check(long key, long given, long identity, long said) {
        return key ^ hash.of(given, identity ^ said);
    }

    /** For the tests. */
    int kept() {
        AtomicLongArray all = answers;
        return (int) IntStream.range(0, all.length()).filter(word -> isSaid(word) && Said.isAnswer(all.get(word))).count();
    }

    private static boolean isSaid(int word) {
        return (word + HEADER_WORDS) % WORDS == SAID;
    }

    private static int firstPlace(AtomicLongArray all, long key) {
        int sets = all.length() / SET_WORDS;
        int set = 1 + (int) ((key >>> Integer.SIZE) * sets >>> Integer.SIZE);
        return set * SET_WORDS - HEADER_WORDS;
    }

    /**
     * What an answer says, in one word: the file's length, from which page on it is cached, whether it is on a block device, how often its
     * path has become another file and when it last did, in quarters of a second of which 68 minutes are kept. All zeros say nothing.
     */
    private static final class Said {

        private static final int BYTES_BITS = 29;
        private static final int PAGES_BITS = 17;
        private static final int CHANGES_BITS = 2;
        private static final int CHANGES_AT = BYTES_BITS + PAGES_BITS;
        private static final long ON_BLOCK_DEVICE = 1L << CHANGES_AT + CHANGES_BITS;
        private static final long ANSWER = ON_BLOCK_DEVICE << 1;
        private static final int CHANGED_AT = CHANGES_AT + CHANGES_BITS + 2;
        private static final long CHANGED_MASK = -1L >>> CHANGED_AT;
        private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
        private static final long STANDS_TICKS = STANDS_NANOS / TICK_NANOS;

        private Said() {
        }

        static long first(FileFacts facts, long from, long nowNanos) {
            return of(facts, from, 0, ticks(nowNanos));
        }

        /** What follows one of the same path, or its absence: how often that became another file is counted on. */
        static long after(long said, boolean sameFile, FileFacts facts, long from, long nowNanos) {
            long now = ticks(nowNanos);
            long changed = said >>> CHANGED_AT;
            long changes = (now - changed & CHANGED_MASK) < STANDS_TICKS ? changes(said) : 0;
            return sameFile ? of(facts, from, changes, changed) : of(facts, from, Math.min(changes + 1, MOST_CHANGES), now);
        }

        private static long of(FileFacts facts, long from, long changes, long changed) {
            return facts.sizeBytes() | from / Pages.BYTES << BYTES_BITS | changes << CHANGES_AT
                    | (facts.onBlockDevice() ? ON_BLOCK_DEVICE : 0) | ANSWER | changed << CHANGED_AT;
        }

        private static long ticks(long nanos) {
            return Math.floorDiv(nanos, TICK_NANOS) & CHANGED_MASK;
        }

        static boolean isAnswer(long said) {
            return (said & ANSWER) != 0;
        }

        /** What is kept of one that was wrong. */
        static long noAnswer(long said) {
            return said & ~ANSWER;
        }

        static long fileBytes(long said) {
            return bits(said, 0, BYTES_BITS);
        }

        /** The first byte of the page that it is cached from. */
        static long from(long said) {
            return bits(said, BYTES_BITS, PAGES_BITS) * Pages.BYTES;
        }

        static long changes(long said) {
            return bits(said, CHANGES_AT, CHANGES_BITS);
        }

        private static long bits(long said, int at, int count) {
            return said >>> at & (1L << count) - 1;
        }

        /** How old it may have been when it was given. */
        static long ageNanos(long said) {
            return (said & ON_BLOCK_DEVICE) != 0 ? AGE_NANOS : LARGEST_AGE_NANOS;
        }
    }
}
