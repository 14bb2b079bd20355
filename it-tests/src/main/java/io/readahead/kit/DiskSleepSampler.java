package io.readahead.kit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches threads of another process, by the beginning of their names, and tells how they slept on the disk.
 *
 * <p>Problem: a clock beside a server on a busy machine shows everything but the disk, and the one number that the kernel keeps, field 42
 * of stat, was seen to jump by minutes on threads that read nothing. Choice: look every few milliseconds whether a thread is in state D,
 * and in which system call, and believe field 42 only as far as state D was seen since its last step. Cost: one read of a /proc file for
 * each thread and look, under 1 % of a core; a sleep much shorter than {@link #PERIOD_MILLIS} is often missed, but then {@code read_bytes},
 * which is exact, still shows who paid for the read.
 *
 * <p>Threads: one daemon thread of this JVM from {@link #start} to {@link #stop}, which may be called by any thread, once.
 * <p>Source: DESIGN.md section 2, kernel facts.
 */
public final class DiskSleepSampler implements AutoCloseable {

    static final long PERIOD_MILLIS = 2;

    /** New threads are looked for once in so many looks. */
    private static final int LOOKS_PER_SEARCH = 100;

    /** USER_HZ of every architecture that Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long pid;
    private final Search search;
    private final SystemCalls calls = switch (System.getProperty("os.arch")) {
        // asm/unistd_64.h; asm-generic/unistd.h for all newer ones.
        case "amd64" -> new SystemCalls(40, 1, 20, Set.of(0L, 17L, 19L, 295L, 327L), Set.of(9L, 10L, 11L, 27L));
        case "aarch64", "riscv64", "loongarch64" ->
            new SystemCalls(71, 64, 66, Set.of(63L, 65L, 67L, 69L, 286L), Set.of(222L, 226L, 215L, 232L));
        case "ppc64le" -> new SystemCalls(186, 4, 146, Set.of(3L, 145L, 179L, 320L, 380L), Set.of(90L, 125L, 91L, 206L));
        case "s390x" -> new SystemCalls(187, 4, 146, Set.of(3L, 145L, 180L, 328L, 376L), Set.of(90L, 125L, 91L, 218L));
        default -> throw new IllegalStateException("the number of sendfile(2) isn't known here: " + System.getProperty("os.arch"));
    };
    private final boolean delayAccounting = TaskDelayAccounting.available();
    private final Map<Long, Watched> watched = new HashMap<>();
    private final Thread thread = new Thread(this::run, "disk-sleep-sampler");
    private volatile boolean stopped;
    private volatile IOException failure;

    /**
     * Numbers of the calls in which a thread sends; of read(2), readv(2), pread64(2), preadv(2) and preadv2(2); and of mmap(2),
     * mprotect(2), munmap(2) and mincore(2), in which a thread in state D waits for the lock of the process's memory map.
     */
    private record SystemCalls(long sendfile, long write, long writev, Set<Long> reads, Set<Long> maps) {
    }

    /** Which threads are to be watched at this moment. */
    private interface Search {
        Set<Long> threads() throws IOException;
    }

    private DiskSleepSampler(long pid, Search search) {
        this.pid = pid;
        this.search = search;
    }

    /**
     * Starts to watch.
     *
     * <p>Errors: IllegalStateException, with the names there are, when no thread has such a name; IOException when the process is gone
     * or its /proc files may not be read.
     *
     * @param namePrefixes beginnings of thread names as the kernel has them, in at most 15 bytes
     */
    public static DiskSleepSampler start(long pid, String... namePrefixes) throws IOException {
        return new DiskSleepSampler(pid, () -> ProcessCounts.threadIds(pid, namePrefixes))
                .start("a name that begins with " + List.of(namePrefixes));
    }

    /** As {@link #start(long, String...)}, for threads whose names the kernel cuts to the same: {@link JavaThreads} knows their ids. */
    public static DiskSleepSampler start(long pid, Set<Long> threadIds) throws IOException {
        return new DiskSleepSampler(pid, () -> threadIds).start("an id of " + threadIds);
    }

    private DiskSleepSampler start(String wanted) throws IOException {
        search(true);
        if (watched.isEmpty()) {
            throw new IllegalStateException("no thread of process " + pid + " has " + wanted + "; there are " + ProcessCounts.threads(pid));
        }
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** How many threads are watched; they are found by name when the sampler starts, and while it runs. */
    public int threads() {
        synchronized (watched) {
            return watched.size();
        }
    }

    /**
     * Stops watching.
     *
     * <p>Errors: IOException when sampling broke, unless because the thread or its process ended: that part of the account is kept.
     *
     * @return the account since {@link #start}
     */
    public ThreadDiskAccount stop() throws IOException {
        close();
        if (failure != null) {
            throw failure;
        }
        ThreadDiskAccount sum = new ThreadDiskAccount(0, 0, 0, 0, 0, 0, 0, delayAccounting);
        for (Watched one : watched.values()) {
            sum = sum.plus(one.account(delayAccounting));
        }
        return sum;
    }

    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int looks = 1; !stopped; looks++) {
                LockSupport.parkNanos(PERIOD_MILLIS * NANOS_PER_MILLI);
                if (looks % LOOKS_PER_SEARCH == 0) {
                    search(false);
                }
                for (Watched one : watched.values()) {
                    one.look(calls);
                }
            }
            search(false);
            for (Watched one : watched.values()) {
                one.finish(calls);
            }
        } catch (IOException broken) {
            failure = broken;
        }
    }

    private void search(boolean first) throws IOException {
        Set<Long> found = foundOrBefore();
        for (long tid : found) {
            if (!watched.containsKey(tid)) {
                watch(tid, first);
            }
        }
        for (long tid : List.copyOf(watched.keySet())) {
            if (!found.contains(tid) && ProcessCounts.isThread(pid, tid)) {
                unwatch(tid);
            }
        }
    }

    /** A thread has the name of the one that started it until it takes its own, and was taken for another loop until then. */
    private void unwatch(long tid) throws IOException {
        synchronized (watched) {
            watched.remove(tid).probe.close();
        }
    }

    private void watch(long tid, boolean thereFromTheStart) throws IOException {
        try {
            Watched one = new Watched(new ThreadProbe(pid, tid), thereFromTheStart);
            synchronized (watched) {
                watched.put(tid, one);
            }
        } catch (NoSuchFileException ignored) {
            // Ended since it was listed.
        }
    }

    private Set<Long> foundOrBefore() throws IOException {
        try {
            return search.threads();
        } catch (IOException gone) {
            if (watched.isEmpty()) {
                throw gone;
            }
            return Set.copyOf(watched.keySet());
        }
    }

    /** One thread and what it has been seen doing. Used by the sampling thread alone until that has ended. */
    private static final class Watched {

        private final ThreadProbe probe;
        private final long readBytesBefore;
        private long readBytes;
        private long ticks;
        private long lastLookNanos = System.nanoTime();
        private long unclaimedSleepNanos;
        private long presentSleepNanos;
        private long seenSleepNanos;
        private long accountedSleepMillis;
        private long samples;
        private long dSamples;
        private long sendfileDSamples;
        private long writeDSamples;
        private long readDSamples;
        private boolean ended;

        /** A thread that came later has done all that it ever did under watch. */
        Watched(ThreadProbe probe, boolean thereFromTheStart) throws IOException {
            this.probe = probe;
            readBytes = probe.readBytes();
            readBytesBefore = thereFromTheStart ? readBytes : 0;
            ticks = probe.look().blkioTicks();
        }

        void look(SystemCalls calls) {
            if (ended) {
                return;
            }
            try {
                ThreadProbe.Look look = probe.look();
                long now = System.nanoTime();
                samples++;
                boolean asleep = look.asleepOnDisk();
                long call = asleep ? probe.syscall() : ThreadProbe.NO_SYSCALL;
                if (asleep && !calls.maps().contains(call)) {
                    dSamples++;
                    unclaimedSleepNanos += now - lastLookNanos;
                    presentSleepNanos += now - lastLookNanos;
                    seenSleepNanos += now - lastLookNanos;
                    if (call == calls.sendfile()) {
                        sendfileDSamples++;
                    } else if (call == calls.write() || call == calls.writev()) {
                        writeDSamples++;
                    } else if (calls.reads().contains(call)) {
                        readDSamples++;
                    }
                } else {
                    // What was seen of an older sleep and never booked was no wait for the disk: a lock of mmap(2), say.
                    presentSleepNanos = 0;
                }
                claim((look.blkioTicks() - ticks) * MILLIS_PER_TICK);
                ticks = look.blkioTicks();
                lastLookNanos = now;
            } catch (IOException ignored) {
                ended = true;
            }
        }

        /** The kernel books a sleep when it ends: what it books is real as far as state D was seen since the last booking. */
        private void claim(long stepMillis) {
            if (stepMillis > 0) {
                accountedSleepMillis += Math.min(stepMillis, unclaimedSleepNanos / NANOS_PER_MILLI);
                unclaimedSleepNanos = 0;
                presentSleepNanos = 0;
            }
        }

        void finish(SystemCalls calls) throws IOException {
            look(calls);
            // Still asleep, or ended in its sleep: not booked, but seen.
            accountedSleepMillis += presentSleepNanos / NANOS_PER_MILLI;
            try {
                readBytes = probe.readBytes();
            } catch (IOException ignored) {
                ended = true;
            }
            probe.close();
        }

        ThreadDiskAccount account(boolean delayAccounting) {
            return new ThreadDiskAccount(readBytes - readBytesBefore,
                    delayAccounting ? accountedSleepMillis : seenSleepNanos / NANOS_PER_MILLI, samples, dSamples, sendfileDSamples,
                    writeDSamples, readDSamples, delayAccounting);
        }
    }
}
