package io.readahead.warmup;

import io.readahead.observe.Durations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The queue and the workers of one file store.
 *
 * <p>Workers are daemons, started when there is work for one more and ended after {@value #IDLE_SECONDS} s without any, or where other
 * lanes have come to work and the {@link Crew}'s share of each is less now: but those that wait for the disk, which end when it answers.
 * <p>Threads: any may submit; the lane's own monitor guards the queues and is never held across a read. A monitor, for a lock of
 * java.util.concurrent parks a thread that finds it taken: agents that watch event loops (BlockHound) throw then, and it needs memory.
 */
final class Lane {

    private static final int IDLE_SECONDS = 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Who has read for so long may be stuck, and does not do the work of one that ends. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayDeque<Warmup> parked = new ArrayDeque<>();
    private final ArrayDeque<Warmup> speculative = new ArrayDeque<>();
    private final String threadName;
    private final int maxWorkers;
    private final Crew crew;
    private final Consumer<Warmup> reader;
    private final LongAdder bytes = new LongAdder();
    private final Durations queueTimes = new Durations();
    private final Durations readTimes = new Durations();
    private int workers;
    int idle;
    private int started;
    /** Those that workers have begun and not ended, the oldest first. */
    private final List<Warmup> reading = new ArrayList<>();
    private final StoreRate rate = new StoreRate();
    private long lastProgressNanos;
    private Throwable refusal;
    private long refusedNanos;
    private boolean stopped;
    private boolean retired;

    /** One that shares its threads with nobody. */
    Lane(String threadName, int maxWorkers, Consumer<Warmup> reader) {
        this(threadName, maxWorkers, new Crew(maxWorkers), reader);
    }

    Lane(String threadName, int maxWorkers, Crew crew, Consumer<Warmup> reader) {
        this.threadName = threadName;
        this.maxWorkers = maxWorkers;
        this.crew = crew;
        this.reader = reader;
    }

    /**
     * Queues a readahead.
     *
     * <p>Errors: throws where there is no worker and none could be started; nothing is queued then.
     *
     * @return false where the lane was retired meanwhile
     */
    synchronized boolean submit(Warmup warmup) {
        if (stopped) {
            throw new IllegalStateException("the agent was detached");
        }
        if (retired) {
            return false;
        }
        warmup.lane = this;
        ArrayDeque<Warmup> queue = warmup.speculative ? speculative : parked;
        queue.addLast(warmup);
        try {
            wakeWorker();
        } catch (Throwable refused) {
            queue.removeLast();    // or each try on a machine without room for a thread would leave one behind
            throw refused;
        }
        return true;
    }

    /** Moves a speculative readahead to those that a reader waits for, if it still waits itself. */
    synchronized void promote(Warmup warmup) {
        if (warmup.speculative) {
            warmup.speculative = false;
            if (warmup.state == Warmup.State.QUEUED && speculative.remove(warmup)) {
                parked.addLast(warmup);
            }
        }
    }

    /** Takes a readahead out of the queue. @return false where a worker has it already */
    synchronized boolean cancel(Warmup warmup) {
        return warmup.state == Warmup.State.QUEUED && (speculative.remove(warmup) || parked.remove(warmup));
    }

    /** Takes all that no worker has begun out of the queues. */
    synchronized List<Warmup> takeQueued() {
        List<Warmup> queued = new ArrayList<>(parked);
        queued.addAll(speculative);
        parked.clear();
        speculative.clear();
        return queued;
    }

    /** Takes nothing any more, if it has neither work nor threads. @return whether it is retired now */
    synchronized boolean retireIfIdle() {
        retired |= workers == 0 && parked.isEmpty() && speculative.isEmpty();
        return retired;
    }

    /** Whether it is reading, and no read has ended for so long. */
    synchronized boolean isStalled(long nowNanos, long forNanos) {
        return !reading.isEmpty() && nowNanos - lastProgressNanos > forNanos;
    }

    /** The stores whose reads are under way. */
    synchronized Set<Long> storesBeingRead() {
        return reading.stream().map(warmup -> warmup.file.device()).collect(Collectors.toSet());
    }

    /** The stores of what no worker has begun. */
    synchronized Set<Long> storesQueued() {
        return Stream.concat(parked.stream(), speculative.stream()).map(warmup -> warmup.file.device()).collect(Collectors.toSet());
    }

    /**
     * Hands what is queued to the lanes of its stores, where those are others now.
     *
     * <p>Threads: the watchdog. It holds both monitors, so that who promotes or cancels finds a readahead in one queue or the other.
     * <p>Errors: throws where another has no worker and none could be started; what is left stays here.
     */
    synchronized void handOver(Map<Long, Lane> lanes) {
        for (ArrayDeque<Warmup> queue : List.of(parked, speculative)) {
            for (Iterator<Warmup> all = queue.iterator(); all.hasNext();) {
                Warmup warmup = all.next();
                Lane other = lanes.getOrDefault(warmup.file.device(), this);
                if (other != this && other.submitOrStay(warmup, this)) {
                    all.remove();
                }
            }
        }
    }

    private boolean submitOrStay(Warmup warmup, Lane here) {
        boolean taken = false;
        try {
            taken = submit(warmup);
        } finally {
            if (!taken) {
                warmup.lane = here;
            }
        }
        return taken;
    }

    /**
     * Takes no more readahead, and lets the workers end when their read under way is done.
     *
     * @return the readahead that no worker had begun
     */
    synchronized List<Warmup> stop() {
        stopped = true;
        notifyAll();
        return takeQueued();
    }

    /** Takes note of a readahead that ended. */
    void readDone(long readBytes, long queuedNanos, long readNanos) {
        bytes.add(readBytes);
        queueTimes.record(queuedNanos);
        readTimes.record(readNanos);
    }

    /** What it did and does. */
    synchronized StoreFigures figures() {
        return new StoreFigures(bytes.sum(), parked.size() + speculative.size(), workers,
                queueTimes.p99Micros(), readTimes.p99Micros());
    }

    /** Has the percentiles begin anew. */
    void resetTimes() {
        queueTimes.reset();
        readTimes.reset();
    }

    /**
     * What a reader may ask for, so that all who wait have theirs in the time given: the store's rate, shared among them.
     *
     * @return Long.MAX_VALUE as long as the rate isn't known
     */
    synchronized long fairBytes(long nanos) {
        return rate.bytesIn(nanos, parked.size() + reading.size() + 1);
    }

    /** Readahead that no worker has begun. */
    synchronized int queued() {
        return parked.size() + speculative.size();
    }

    /** Threads that have not ended. */
    synchronized int workers() {
        return workers;
    }

    private void wakeWorker() {
        if (idle > 0) {
            notify();
        }
        // A worker that was signaled and has not run yet still counts as idle, and what waits for it still waits.
        if (parked.size() + speculative.size() > idle && workers < maxWorkers) {
            // Each try that the system refuses is a line of the JVM's own.
            if ((refusal == null || System.nanoTime() - refusedNanos > RETRY_NANOS) && crew.tryTake(workers)) {
                try {
                    DaemonThread.start(this::run, threadName + "-" + (started + 1));
                    started++;
                    workers++;
                    refusal = null;
                } catch (Throwable refused) {
                    crew.give(workers);
                    refusal = refused;
                    refusedNanos = System.nanoTime();
                }
            }
            if (workers == 0) {
                throw new IllegalStateException("no readahead thread could be started: " + refusal);
            }
        }
    }

    private void run() {
        while (true) {
            try {
                Warmup job = take();
                if (job == null) {
                    return;
                }
                perform(job);
            } catch (OutOfMemoryError again) {
                LockSupport.parkNanos(PAUSE_NANOS);    // waiting needs memory too
            }
        }
    }

    private void perform(Warmup job) {
        try {
            reader.accept(job);
        } catch (Throwable ignored) {
            // It counts what failed. A worker that died of it would be missing for ever.
        } finally {
            ended(job);
        }
    }

    private synchronized void ended(Warmup warmup) {
        reading.remove(warmup);
        lastProgressNanos = System.nanoTime();
        rate.ended(warmup.readTo() - warmup.offset, lastProgressNanos);
    }

    /** Does on the calling thread what a worker would do next. @return false where nothing is queued */
    boolean performNext() {
        Warmup job;
        synchronized (this) {
            job = next();
        }
        if (job == null) {
            return false;
        }
        perform(job);
        return true;
    }

    /** What comes next, under the monitor; null where nothing is queued. */
    private Warmup next() {
        Warmup next = parked.pollFirst();
        if (next == null) {
            next = speculative.pollFirst();
        }
        if (next != null) {
            next.state = Warmup.State.RUNNING;
            next.begunNanos = System.nanoTime();
            if (reading.isEmpty()) {
                lastProgressNanos = next.begunNanos;
            }
            reading.add(next);
            rate.began(next.begunNanos);
        }
        return next;
    }

    private synchronized Warmup take() {
        while (true) {
            boolean oneTooMany = isOneTooMany();
            Warmup job = oneTooMany ? null : next();
            if (job != null) {
                return job;
            }
            if (stopped || oneTooMany) {
                leave();
                return null;
            }
            idle++;
            boolean signaled;
            long begin = System.nanoTime();
            try {
                wait(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
                signaled = System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            } catch (InterruptedException ignored) {
                signaled = true;    // nobody has a reason to interrupt a worker
            } finally {
                idle--;
            }
            if (!signaled && parked.isEmpty() && speculative.isEmpty()) {
                leave();
                return null;
            }
        }
    }

    private void leave() {
        workers--;
        crew.give(workers);
        if (idle > 0) {
            notify();    // it may have been woken for what another has to do now
        }
    }

    /** Whether the lane has more workers than its share, without those that may be stuck. */
    private boolean isOneTooMany() {
        if (workers <= crew.share()) {
            return false;
        }
        long now = System.nanoTime();
        int able = workers;
        for (Warmup one : reading) {
            able -= now - one.begunNanos > STUCK_NANOS ? 1 : 0;
        }
        return able > crew.share();
    }
}
