package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.observe.Events;
import io.readahead.os.PosixLibrary;
import io.readahead.os.RangeReader;
import java.util.Map;
import java.util.TreeMap;
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
    private static final long STOP_LOOK_MILLIS = 5;

    private final PosixLibrary posix;
    private final RangeReader reader;
    private final Counters counters;
    private final int threadsPerStore;
    private final long atLeastNanos;
    private final ConcurrentHashMap<Long, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger laneNumber = new AtomicInteger();
    private volatile boolean stopped;

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

    /** Takes it back if no worker has begun: it ends unread, here and now, for somebody may wait for its end. */
    public void cancel(Warmup warmup) {
        if (laneOf(warmup.file).cancel(warmup)) {
            finish(warmup);
        }
    }

    /** Closes the file's descriptor on a worker, now or after the read under way. */
    public void release(SourceFile file) {
        if (file.release()) {
            laneOf(file).chore(() -> close(file));
        }
    }

    private void close(SourceFile file) {
        try {
            file.close(posix, counters);
        } catch (Throwable failure) {
            counters.failed(failure);
        }
    }

    /** Does on the calling thread what a worker would do next. @return false where nothing is queued */
    boolean performNext() {
        return lanes.values().stream().anyMatch(Lane::performNext);
    }

    /**
     * Ends the pool: what no worker has begun ends unread, what is under way ends when the disk answers, descriptors are closed.
     *
     * <p>Threads: any; waits for the workers for a while, as long as the limit says.
     *
     * @return workers that still wait for a disk; they end by themselves when it answers
     */
    public int stop(long limitMillis) throws InterruptedException {
        stopped = true;
        for (Lane lane : lanes.values()) {
            lane.stop().forEach(this::finish);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        int left = workers();
        while (left > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(STOP_LOOK_MILLIS);
            left = workers();
        }
        if (left == 0) {
            reader.close();
        }
        return left;
    }

    /** Readahead that no worker has begun, at this moment. */
    public int queued() {
        return lanes.values().stream().mapToInt(Lane::queued).sum();
    }

    /** What each file store's lane did and does, by major and minor device number. */
    public Map<String, StoreFigures> figures() {
        Map<String, StoreFigures> figures = new TreeMap<>();
        lanes.forEach((device, lane) -> figures.put(name(device), lane.figures()));
        return figures;
    }

    /** Has the percentiles of all lanes begin anew. */
    public void resetTimes() {
        lanes.values().forEach(Lane::resetTimes);
    }

    private static String name(long device) {
        return (device >>> Integer.SIZE) + ":" + (int) device;
    }

    /** Readahead threads at this moment. */
    public int workers() {
        return lanes.values().stream().mapToInt(Lane::workers).sum();
    }

    private Lane laneOf(SourceFile file) {
        Long key = lanes.size() < MAX_LANES || lanes.containsKey(file.device()) ? file.device() : file.device() % MAX_LANES;
        Lane lane = lanes.get(key);
        if (lane == null) {
            lane = lanes.computeIfAbsent(key,
                    k -> new Lane("readahead-" + laneNumber.incrementAndGet(), threadsPerStore, this::read));
            if (stopped) {
                lane.stop();    // stop() may have gone through the lanes before this one was there
            }
        }
        return lane;
    }

    private void read(Warmup warmup) {
        long begin = System.nanoTime();
        try {
            Events.WarmUp recorded = counters.events().warmUpBegins();
            int fd = warmup.file.beginUse(posix, counters);
            if (fd >= 0) {
                try {
                    long bytes = Math.max(0, reader.read(fd, warmup.offset, warmup.lengthBytes));
                    long readNanos = System.nanoTime() - begin;
                    warmup.read(bytes);
                    counters.warmups.increment();
                    counters.warmupBytes.add(bytes);
                    counters.readTimes.record(readNanos);
                    if (recorded != null) {
                        recorded.ended(warmup.file.device(), warmup.offset, bytes, begin - warmup.queuedNanos, warmup.waitedNanos() >= 0);
                    }
                    counters.slowestReads.record(readNanos, bytes, name(warmup.file.device()), begin + readNanos);
                    laneOf(warmup.file).readDone(bytes, begin - warmup.queuedNanos, readNanos);
                } finally {
                    warmup.file.endUse(posix, counters);
                }
            }
            holdBack(begin);
        } catch (Throwable failure) {
            counters.failed(failure);
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
            long waitedNanos = warmup.waitedNanos();
            if (waitedNanos >= 0) {
                counters.parkTimes.record(waitedNanos);
            }
        } catch (Throwable failure) {
            counters.failed(failure);
        }
    }
}
