package io.readahead.warmup;

import io.readahead.jdk.Safepoints;
import io.readahead.os.FileFacts;
import io.readahead.os.PosixLibrary;
import io.readahead.os.ThreadUsage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a readahead thread learns by the way of a file of which a loop can't be told what is in the page cache: the kind of its file system,
 * and whether the thread had to wait for any of it; and what it asks a server for, so that no loop has to.
 *
 * <p>Who reads what is in memory neither asks a disk nor gives the CPU away; being pushed off it is counted elsewhere. A JVM that stops its
 * threads makes it look like waiting: who has waited no oftener than such stops account for, {@value #SLEEPS_FOR_A_STOP} times each, says
 * nothing. On overlay, which has a disk below as a rule, neither does who has waited and asked no disk.
 * <p>Threads: workers. Source: getrusage(2), RUSAGE_THREAD; fstatfs(2); nfs(5), "Attribute caching".
 */
final class Discovery {

    /** Numbers of file systems without a disk are given away again. */
    private static final long STANDS_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_DEVICES = 256;
    /** As it begins, the thread may wait for the JVM, and for another that was let go first. */
    private static final int SLEEPS_FOR_A_STOP = 2;

    private final PosixLibrary posix;
    private final Supplier<Safepoints> source;
    private volatile Safepoints safepoints;
    private final ConcurrentHashMap<Long, Asked> asked = new ConcurrentHashMap<>();

    /** The kind of a file system, and when it was asked for. */
    private record Asked(long kind, long atNanos) {
    }

    /** What a worker had used when it began, and how often and for how long the JVM had stopped its threads. */
    record Begun(ThreadUsage usage, long stops, long stoppedNanos) {
    }

    Discovery(PosixLibrary posix) {
        this(posix, Safepoints::ofThisJvm);
    }

    /** @param source is asked once, when there is first need */
    Discovery(PosixLibrary posix, Supplier<Safepoints> source) {
        this.posix = posix;
        this.source = source;
    }

    /**
     * A worker is about to read a range.
     *
     * @param cachedBefore pages of it that were counted, or a negated errno
     * @return for {@link #end}; null where it is of no interest
     */
    Begun begin(Warmup warmup, SourceFile file, long cachedBefore) {
        boolean onDisk = FileFacts.isBlockDevice(file.device());
        if (!onDisk) {
            warmup.fileSystem(kindOf(file));
        }
        if (onDisk && cachedBefore >= 0) {
            return null;
        }
        // First the stops: one that begins in between is one too many, and not a wait too many.
        Safepoints stops = safepoints();
        long begun = stops.begun().getAsLong();
        long nanos = stops.nanos().getAsLong();
        ThreadUsage usage = new ThreadUsage();
        return posix.getrusage(usage) >= 0 ? new Begun(usage, begun, nanos) : null;
    }

    private Safepoints safepoints() {
        Safepoints known = safepoints;
        if (known == null) {
            known = source.get();
            safepoints = known;
        }
        return known;
    }

    /** How often the thread may have waited for the JVM since; one that had begun before is known by its end. */
    private long waitsForTheJvm(Begun begun) {
        Safepoints stops = safepoints();
        long ended = stops.nanos().getAsLong() != begun.stoppedNanos ? 1 : 0;
        return SLEEPS_FOR_A_STOP * (stops.begun().getAsLong() - begun.stops + ended);
    }

    /** It has read it. */
    void end(Warmup warmup, Begun begun) {
        ThreadUsage end = new ThreadUsage();
        if (begun == null || posix.getrusage(end) < 0) {
            return;
        }
        long waits = end.sleeps() - begun.usage.sleeps();
        boolean forTheDisk = warmup.fileSystem() != PosixLibrary.OVERLAY && waits > waitsForTheJvm(begun);
        if (end.readBlocks() != begun.usage.readBlocks() || forTheDisk) {
            warmup.found(Warmup.Found.ABSENT);
        } else if (waits == 0) {
            warmup.found(Warmup.Found.IN_MEMORY);
        }
    }

    /**
     * A worker has read a range: whoever sends it asks for the file's size first, as the JDK's transferTo does, and on NFS the kernel asks
     * the server for that where its attributes are older than some seconds. A loop would wait for a server that is slow, or for ever.
     */
    void beforeItIsSent(Warmup warmup, SourceFile file) {
        if (warmup.fileSystem() == PosixLibrary.NFS) {
            posix.refresh(file.descriptor());
        }
    }

    private long kindOf(SourceFile file) {
        long now = System.nanoTime();
        Asked before = asked.get(file.device());
        if (before != null && now - before.atNanos < STANDS_NANOS) {
            return before.kind;
        }
        if (asked.size() >= MOST_DEVICES) {
            asked.clear();
        }
        long kind = posix.fileSystem(file.descriptor());
        asked.put(file.device(), new Asked(kind, now));
        return kind;
    }
}
