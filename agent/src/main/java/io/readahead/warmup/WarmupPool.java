package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.observe.Events;
import io.readahead.os.Errno;
import io.readahead.os.FileFacts;
import io.readahead.os.MappedReader;
import io.readahead.os.PosixLibrary;
import io.readahead.os.RangeReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Reads ranges ahead on its own threads, a bounded number for each file store.
 *
 * <p>A store that never answers keeps its own threads and no others. What is in the page cache does not wait behind what has to come from
 * the disk: it has a lane of its own for each store, with one thread, and where that waits all the same, it ends unread and is sent as it
 * is. With more stores than lanes, a lane that has nothing to do gives way; where none has, the further stores share one lane among
 * themselves, which is never that of another store. Where that lane stalls, it becomes the own lane of those that it reads from, and the
 * others get a new one. All lanes share a {@link Crew}.
 * <p>Threads: any; no method waits for a disk.
 */
public final class WarmupPool {

    /** File stores with lanes of their own. */
    private static final int FAIR_SECONDS = 5;
    private static final long FAIR_NANOS = TimeUnit.SECONDS.toNanos(FAIR_SECONDS);
    private static final int MAX_LANES = 64;
    /** Further stores with lanes of their own, because they did not answer. */
    private static final int MAX_LANES_ASIDE = 16;
    /** So many stores at work have all the threads that each may have; more of them share these. */
    private static final int STORES_WITH_ALL_THREADS = 16;
    private static final int THREADS_FOR_WHAT_IS_CACHED = 1;
    /** In the place of a device number: the lane of all further stores. */
    private static final long FURTHER_STORES = -1;
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_LOOK_MILLIS = 5;

    private final PosixLibrary posix;
    private final RangeReader reader;
    private final MappedReader mappedReader;
    private final Counters counters;
    private final int threadsPerStore;
    private final Crew crew;
    private final long atLeastNanos;
    private final ServerReadahead serverReadahead;
    private final Discovery discovery;
    private final Unclaimed unclaimed;
    private final ConcurrentHashMap<Long, Lane> lanes = new ConcurrentHashMap<>();
    /** Lanes that further stores shared until they stalled. */
    private final Set<Lane> aside = ConcurrentHashMap.newKeySet();
    /** Of what is in the page cache, and is not to wait behind what has to come from the disk. */
    private final ConcurrentHashMap<Long, Lane> cachedLanes = new ConcurrentHashMap<>();
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicInteger laneNumber = new AtomicInteger();
    private volatile Consumer<String> report = text -> { };
    private volatile boolean stopped;

    /**
     * @param threadsPerStore workers for each file store
     * @param unclaimedBytes no window is read while so many bytes are on their way or were read, and their readers have not come for them
     * @param atLeastMillis the least time a readahead takes; 0 but for the test aid {@code readahead.debug.cold}
     */
    public WarmupPool(PosixLibrary posix, Counters counters, int threadsPerStore, long unclaimedBytes, long atLeastMillis) {
        this.posix = posix;
        this.reader = new RangeReader(posix);
        this.mappedReader = new MappedReader(posix);
        this.serverReadahead = new ServerReadahead(posix);
        this.discovery = new Discovery(posix);
        this.unclaimed = new Unclaimed(unclaimedBytes, this::hasGone);
        this.counters = counters;
        this.threadsPerStore = threadsPerStore;
        this.crew = new Crew(STORES_WITH_ALL_THREADS * Math.max(0, threadsPerStore - 1));
        this.atLeastNanos = TimeUnit.MILLISECONDS.toNanos(atLeastMillis);
    }

    /** Sets who is told, in a line that may come again and again, what the readahead has to do without. */
    public void reportTo(Consumer<String> newReport) {
        report = newReport;
    }

    /** Queues a readahead. Its {@code onDone} runs on a worker. Throws where no thread could be started for it. */
    public void submit(Warmup warmup) {
        if (warmup.isCached()) {
            try {
                Lane lane = laneOf(warmup.file.device(), cachedLanes);
                if (!lane.isStalled(System.nanoTime(), STALLED_NANOS)) {
                    submit(warmup, cachedLanes);
                    return;
                }
            } catch (OutOfMemoryError | IllegalStateException noThread) {
                // The workers of the other lane may be there already.
            }
        }
        submit(warmup, lanes);
    }

    private void submit(Warmup warmup, ConcurrentHashMap<Long, Lane> among) {
        Lane lane = laneOf(warmup.file.device(), among);
        while (!lane.submit(warmup)) {
            among.values().remove(lane);
            lane = laneOf(warmup.file.device(), among);
        }
    }

    /** Says that a reader waits for it now. */
    public void promote(Warmup warmup) {
        Lane lane;
        do {
            lane = warmup.lane;
            lane.promote(warmup);
        } while (lane != warmup.lane);    // it was handed to another lane meanwhile
    }

    /** Says that its reader came for what was read. */
    public void claim(Warmup warmup) {
        unclaimed.claim(warmup);
    }

    /** Takes it back if no worker has begun: it ends unread, here and now, for somebody may wait for its end. */
    public void cancel(Warmup warmup) {
        unclaimed.claim(warmup);
        Lane lane;
        boolean taken;
        do {
            lane = warmup.lane;
            taken = lane != null && lane.cancel(warmup);
        } while (!taken && lane != warmup.lane);
        if (taken) {
            finish(warmup);
        }
    }

    /** Says that nobody wants the file any more, and takes back what the kernel was advised for it. */
    public void release(Source source) {
        source.release();
        if (source instanceof SourceFile file) {
            serverReadahead.switchOn(file);
        }
    }

    /**
     * The largest window that a store can read for each reader who waits for it, while none waits for more than {@value #FAIR_SECONDS} s:
     * servers give up a client that takes nothing for so long, 20 s and more by default, and whoever waits for the disk takes nothing.
     *
     * @param device as {@link io.readahead.os.FileFacts#device()} says it
     * @return bytes; Long.MAX_VALUE where the store's rate isn't known
     */
    public long fairBytes(long device) {
        Lane lane = lanes.get(device);
        return lane == null ? Long.MAX_VALUE : lane.fairBytes(FAIR_NANOS);
    }

    /** Whether the lane of a readahead has brought nothing to an end for so long, though it reads. */
    public boolean isStalled(Warmup warmup, long nowNanos, long forNanos) {
        return warmup.lane != null && warmup.lane.isStalled(nowNanos, forNanos);
    }

    /**
     * Has done what could not be done before, lets go what waits for a store that does not answer although it is cached, and tells of
     * such stores.
     *
     * <p>Threads: the watchdog.
     *
     * @param silentNanos how long a store may take before it is told of
     */
    public void keepHouse(long silentNanos) {
        long now = System.nanoTime();
        unclaimed.tidy();
        cachedLanes.values().forEach(lane -> {
            if (lane.isStalled(now, Math.min(silentNanos, STALLED_NANOS))) {
                // A page has gone meanwhile, or a file can't be opened. What waits behind it is cached, and can as well be sent as it is.
                lane.takeQueued().forEach(this::finish);
            }
        });
        setAside(now);
        lanes.forEach((device, lane) -> {
            if (lane.isStalled(now, silentNanos)) {
                report.accept("the file store " + name(device) + " has answered no readahead for more than "
                        + TimeUnit.NANOSECONDS.toSeconds(silentNanos) + " s; its readers wait, other file stores go on");
            }
        });
    }

    /** Has the lane of the further stores, where it stalls, be that of those that do not answer, and the others go on in a new one. */
    private void setAside(long now) {
        Lane shared = lanes.get(FURTHER_STORES);
        if (shared != null && shared.isStalled(now, STALLED_NANOS)) {
            giveItsStores(shared);
        }
        aside.removeIf(Lane::retireIfIdle);
        for (Lane lane : aside) {
            Map<Long, Lane> lanesNow = new HashMap<>();
            lane.storesQueued().forEach(store -> lanesNow.put(store, laneOf(store, lanes)));
            try {
                lane.handOver(lanesNow);
            } catch (OutOfMemoryError | IllegalStateException noThread) {
                // The next look tries again.
            }
        }
    }

    private synchronized void giveItsStores(Lane shared) {
        Set<Long> stores = shared.storesBeingRead();
        if (aside.size() < MAX_LANES_ASIDE && !stores.isEmpty()) {
            aside.add(shared);
            stores.forEach(store -> lanes.putIfAbsent(store, shared));
            lanes.remove(FURTHER_STORES, shared);
        }
    }

    /** Does on the calling thread what a worker would do next. @return false where nothing is queued */
    boolean performNext() {
        return all().anyMatch(Lane::performNext);
    }

    /**
     * Ends the pool: what no worker has begun ends unread, what is under way ends when the disk answers, and the kernel reads ahead on
     * the server's descriptions again.
     *
     * <p>Threads: any; waits for the workers for a while, as long as the limit says. May be called again.
     *
     * @return workers that still wait for a disk; they end by themselves when it answers
     */
    public int stop(long limitMillis) throws InterruptedException {
        stopped = true;
        unclaimed.stop();
        all().forEach(lane -> lane.stop().forEach(this::finish));
        serverReadahead.stop();
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

    /** Whether a worker brings in pages at this moment. */
    public boolean isReading() {
        return reading.get() > 0;
    }

    /** Readahead that no worker has begun, at this moment. */
    public int queued() {
        return all().mapToInt(Lane::queued).sum();
    }

    /** What each file store's lane did and does, by major and minor device number. */
    public Map<String, StoreFigures> figures() {
        Map<String, StoreFigures> figures = new TreeMap<>();
        lanes.forEach((device, lane) -> figures.put(name(device), lane.figures()));
        cachedLanes.forEach((device, lane) -> figures.merge(name(device), lane.figures(), StoreFigures::with));
        return figures;
    }

    /** Has the percentiles of all lanes begin anew. */
    public void resetTimes() {
        all().forEach(Lane::resetTimes);
    }

    private static String name(long device) {
        return device == FURTHER_STORES ? "others" : (device >>> Integer.SIZE) + ":" + (int) device;
    }

    /** Readahead threads at this moment. */
    public int workers() {
        return all().mapToInt(Lane::workers).sum();
    }

    private Stream<Lane> all() {
        return Stream.of(lanes.values(), cachedLanes.values(), aside).flatMap(Collection::stream).distinct();
    }

    private Lane laneOf(long device, ConcurrentHashMap<Long, Lane> among) {
        Lane lane = among.get(device);
        return lane != null ? lane : newLaneOf(device, among);
    }

    private synchronized Lane newLaneOf(long device, ConcurrentHashMap<Long, Lane> among) {
        Lane lane = among.get(device);
        if (lane != null) {
            return lane;
        }
        if (ownLanes(among) >= MAX_LANES) {
            among.entrySet().removeIf(entry -> entry.getKey() != FURTHER_STORES && entry.getValue().retireIfIdle());
        }
        return ownLanes(among) >= MAX_LANES ? sharedLane(among) : among.computeIfAbsent(device, d -> newLane(among));
    }

    private synchronized Lane sharedLane(ConcurrentHashMap<Long, Lane> among) {
        return among.computeIfAbsent(FURTHER_STORES, d -> newLane(among));
    }

    private Lane newLane(ConcurrentHashMap<Long, Lane> among) {
        String name = "readahead-" + laneNumber.incrementAndGet();
        Lane lane = among == lanes ? new Lane(name, threadsPerStore, crew, this::read)
                : new Lane(name, Math.min(THREADS_FOR_WHAT_IS_CACHED, threadsPerStore), this::read);
        if (stopped) {
            lane.stop();    // stop() may have gone through the lanes before this one was there
        }
        return lane;
    }

    private static int ownLanes(Map<Long, Lane> among) {
        return among.size() - (among.containsKey(FURTHER_STORES) ? 1 : 0);
    }

    private void read(Warmup warmup) {
        try {
            unclaimed.begin(warmup);
            reading.incrementAndGet();
            try {
                readNow(warmup);
            } finally {
                reading.decrementAndGet();
                unclaimed.end(warmup);
            }
        } catch (Throwable failure) {
            counters.failed(failure);
        } finally {
            finish(warmup);
        }
    }

    private void readNow(Warmup warmup) throws InterruptedException {
        long begin = System.nanoTime();
        Events.WarmUp recorded = counters.events().warmUpBegins();
        if (warmup.file.isWanted()) {
            long answer = bring(warmup);
            if (answer < 0 && Errno.isOfTheDisk((int) -answer)) {
                counters.readErrors.increment();
                warmup.failed(posix.strerror((int) -answer));
            }
            long bytes = Math.max(0, answer);
            warmup.read(bytes);
            counters.warmups.increment();
            if (!warmup.isCached()) {
                account(warmup, bytes, begin, recorded);
            }
        }
        holdBack(begin);
    }

    /** Takes note of what a disk brought, and in what time. */
    private void account(Warmup warmup, long bytes, long begin, Events.WarmUp recorded) {
        long readNanos = System.nanoTime() - begin;
        counters.warmupBytes.add(bytes);
        counters.readTimes.record(readNanos);
        if (recorded != null) {
            recorded.ended(warmup.file.device(), warmup.offset, bytes, begin - warmup.queuedNanos, warmup.waitedNanos() >= 0);
        }
        counters.slowestReads.record(readNanos, bytes, name(warmup.file.device()), begin + readNanos);
        warmup.lane.readDone(bytes, begin - warmup.queuedNanos, readNanos);
    }

    private long bring(Warmup warmup) {
        if (warmup.file instanceof SourceFile file) {
            counters.openDescriptors.incrementAndGet();
            try {
                return bring(warmup, file);
            } finally {
                counters.openDescriptors.decrementAndGet();
            }
        }
        return mappedReader.read(((SourceMapping) warmup.file).mapping(), warmup.offset, warmup.lengthBytes, warmup.isCached());
    }

    private long bring(Warmup warmup, SourceFile file) {
        IntSupplier fd = file::descriptor;
        if (warmup.isCached()) {
            return reader.goOver(fd, warmup.offset, warmup.lengthBytes);
        }
        long cachedBefore = reader.cachedPages(fd, warmup.offset, warmup.lengthBytes);
        Discovery.Begun before = discovery.begin(warmup, file, cachedBefore);
        long answer = bring(warmup, file, cachedBefore);
        discovery.end(warmup, before);
        discovery.beforeItIsSent(warmup, file);
        return answer;
    }

    private long bring(Warmup warmup, SourceFile file, long cachedBefore) {
        IntSupplier fd = file::descriptor;
        // Where nobody counts pages, loops can't see the marks that this leaves.
        if (warmup.way == Warmup.Way.IN_ORDER && cachedBefore >= 0) {
            counters.inOrder.increment();
            serverReadahead.beginInOrder(file);
            try {
                return reader.goOver(fd, warmup.offset, warmup.lengthBytes);
            } finally {
                serverReadahead.endInOrder(file);
            }
        }
        if (RangeReader.isRemnant(cachedBefore, warmup.offset, warmup.lengthBytes)) {
            serverReadahead.switchOff(file);
        }
        serverReadahead.beginAnnounced(file);
        try {
            return reader.read(fd, warmup.offset, warmup.lengthBytes, cachedBefore);
        } finally {
            serverReadahead.endAnnounced(file);
        }
    }

    private boolean hasGone(Warmup warmup) {
        if (!FileFacts.isBlockDevice(warmup.file.device())) {
            return false;    // a mapping of a network's file asks the server whether it has changed, and all others of the process wait
        }
        long bytes = warmup.readTo() - warmup.offset;
        return !(warmup.file instanceof SourceFile file ? reader.isThere(file::descriptor, warmup.offset, bytes)
                : mappedReader.isThere(((SourceMapping) warmup.file).mapping(), warmup.offset, bytes));
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
