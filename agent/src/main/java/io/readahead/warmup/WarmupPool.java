package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.os.PosixLibrary;
import io.readahead.os.RangeReader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads ranges ahead on its own threads, a bounded number for each file store.
 *
 * <p>Threads: any; no method waits for a disk.
 */
public final class WarmupPool {

    /** File stores with lanes of their own; further ones share these. */
    private static final int MAX_LANES = 16;

    private final PosixLibrary posix;
    private final RangeReader reader;
    private final Counters counters;
    private final int threadsPerStore;
    private final long atLeastNanos;
    private final ConcurrentHashMap<Long, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger laneNumber = new AtomicInteger();

    /**
     * @param threadsPerStore workers for each file store
     * @param atLeastMillis the least time a readahead takes; 0 but for the test aid {@code readahead.debug.cold}
     */
    public WarmupPool(PosixLibrary posix, Counters counters, int threadsPerStore, long atLeastMillis) {
        this.posix = posix;
        this.reader = new RangeReader(posix);
        this.counters = counters;
        this.threadsPerStore = threadsPerStore;
        this.atLeastNanos = TimeUnit.MILLISECONDS.toNanos(atLeastMillis);
    }

    /** Queues a readahead. Its {@code onDone} runs on a worker. Throws where no thread could be started for it. */
    public void submit(Warmup warmup) {
        laneOf(warmup.file).submit(warmup);
    }

    /** Says that a reader waits for it now. */
    public void promote(Warmup warmup) {
        laneOf(warmup.file).promote(warmup);
    }

    /** Takes it back if no worker has begun. @return whether it was taken back; its onDone then never runs */
    public boolean cancel(Warmup warmup) {
        return laneOf(warmup.file).cancel(warmup);
    }

    /** Closes the file's descriptor on a worker, now or after the read under way. */
    public void release(SourceFile file) {
        if (file.holdsDescriptor()) {
            laneOf(file).chore(() -> file.release(posix, counters));
        }
    }

    private Lane laneOf(SourceFile file) {
        Long key = lanes.size() < MAX_LANES || lanes.containsKey(file.device()) ? file.device() : file.device() % MAX_LANES;
        Lane lane = lanes.get(key);
        return lane != null ? lane : lanes.computeIfAbsent(key,
                k -> new Lane("readahead-" + laneNumber.incrementAndGet(), threadsPerStore, this::read));
    }

    private void read(Warmup warmup) {
        long begin = System.nanoTime();
        try {
            int fd = warmup.file.beginUse(posix, counters);
            if (fd >= 0) {
                try {
                    long bytes = reader.read(fd, warmup.offset, warmup.lengthBytes);
                    counters.warmups.increment();
                    counters.warmupBytes.add(Math.max(0, bytes));
                } finally {
                    warmup.file.endUse(posix, counters);
                }
            }
            holdBack(begin);
        } catch (Throwable failure) {
            counters.failures.increment();
        } finally {
            finish(warmup);
        }
    }

    private void holdBack(long begin) throws InterruptedException {
        long left = atLeastNanos - (System.nanoTime() - begin);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private void finish(Warmup warmup) {
        try {
            warmup.finish();
        } catch (Throwable failure) {
            counters.failures.increment();
        }
    }
}
