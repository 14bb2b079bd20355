package io.readahead.warmup;

import io.readahead.observe.Durations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The queue and the workers of one file store.
 *
 * <p>Workers are daemons, started when there is work for one more and ended after {@value #IDLE_SECONDS} s without any.
 * <p>Threads: any may submit; the lane's own monitor guards the queues and is never held across a read. A monitor, for a lock of
 * java.util.concurrent parks a thread that finds it taken: agents that watch event loops (BlockHound) throw then, and it needs memory.
 */
final class Lane {

    private static final int IDLE_SECONDS = 10;
    /** Readahead that is waited for goes first, but not for ever: a chore closes a descriptor. */
    private static final int MOST_BEFORE_A_CHORE = 16;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayDeque<Warmup> parked = new ArrayDeque<>();
    private final ArrayDeque<Warmup> speculative = new ArrayDeque<>();
    private final ArrayDeque<Runnable> chores = new ArrayDeque<>();
    private final String threadName;
    private final int maxWorkers;
    private final Closer closer;
    private final Consumer<Warmup> reader;
    private final LongAdder bytes = new LongAdder();
    private final Durations queueTimes = new Durations();
    private final Durations readTimes = new Durations();
    private int workers;
    int idle;
    private int started;
    private int parkedSinceChore;
    private int reading;
    private long lastProgressNanos;
    private Throwable refusal;
    private long refusedNanos;
    private boolean stopped;
    private boolean retired;

    Lane(String threadName, int maxWorkers, Consumer<Warmup> reader) {
        this.threadName = threadName;
        this.maxWorkers = maxWorkers;
        this.closer = new Closer(threadName + "-close");
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

    /**
     * Runs something that may wait for this store, after the readahead that is waited for, or between.
     *
     * <p>Errors: none; where no thread can be started for it, it waits for the next worker there is.
     */
    synchronized void chore(Runnable chore) {
        try {
            chores.addLast(chore);
            wakeWorker();
        } catch (OutOfMemoryError | IllegalStateException ignored) {
            // No thread, and no worker: the next readahead of this lane brings one, or fails in its turn.
        }
    }

    /**
     * Sees to the chores that no worker does: where all of them wait for a disk that does not answer, a thread of its own closes the
     * files, which needs no answer of the disk's, as a rule.
     *
     * <p>Threads: the watchdog.
     */
    synchronized void relieve(long nowNanos, long stalledNanos) {
        if (workers == 0 || isStalled(nowNanos, stalledNanos)) {
            for (Runnable chore = chores.pollFirst(); chore != null; chore = chores.pollFirst()) {
                closer.add(chore);
            }
        }
        closer.nudge();
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
        retired |= workers == 0 && parked.isEmpty() && speculative.isEmpty() && chores.isEmpty() && !closer.isBusy();
        return retired;
    }

    /** Whether it is reading, and no read has ended for so long. */
    synchronized boolean isStalled(long nowNanos, long forNanos) {
        return reading > 0 && nowNanos - lastProgressNanos > forNanos;
    }

    /**
     * Takes no more readahead, and lets the workers end when their read under way and the chores are done.
     *
     * @return the readahead that no worker had begun
     */
    synchronized List<Warmup> stop() {
        stopped = true;
        notifyAll();
        closer.stop();
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
        return new StoreFigures(bytes.sum(), parked.size() + speculative.size(), workers + closer.threads(),
                queueTimes.p99Micros(), readTimes.p99Micros());
    }

    /** Has the percentiles begin anew. */
    void resetTimes() {
        queueTimes.reset();
        readTimes.reset();
    }

    /** Readahead that no worker has begun. */
    synchronized int queued() {
        return parked.size() + speculative.size();
    }

    /** Threads that have not ended: the workers, and one that closes where they can't. */
    synchronized int workers() {
        return workers + closer.threads();
    }

    private void wakeWorker() {
        if (idle > 0) {
            notify();
        }
        // A worker that was signaled and has not run yet still counts as idle, and what waits for it still waits.
        if (parked.size() + speculative.size() + chores.size() > idle && workers < maxWorkers) {
            // Each try that the system refuses is a line of the JVM's own.
            if (refusal == null || System.nanoTime() - refusedNanos > RETRY_NANOS) {
                try {
                    DaemonThread.start(this::run, threadName + "-" + (started + 1));
                    started++;
                    workers++;
                    refusal = null;
                } catch (Throwable refused) {
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
                Object job = take();
                if (job == null) {
                    return;
                }
                perform(job);
            } catch (OutOfMemoryError again) {
                LockSupport.parkNanos(PAUSE_NANOS);    // waiting needs memory too
            }
        }
    }

    private void perform(Object job) {
        try {
            if (job instanceof Warmup warmup) {
                try {
                    reader.accept(warmup);
                } finally {
                    ended();
                }
            } else {
                ((Runnable) job).run();
            }
        } catch (Throwable ignored) {
            // Both count what failed. A worker that died of it would be missing for ever.
        }
    }

    private synchronized void ended() {
        reading--;
        lastProgressNanos = System.nanoTime();
    }

    /** Does on the calling thread what a worker would do next. @return false where nothing is queued */
    boolean performNext() {
        Object job;
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
    private Object next() {
        if (!chores.isEmpty() && (parked.isEmpty() || parkedSinceChore >= MOST_BEFORE_A_CHORE)) {
            parkedSinceChore = 0;
            return chores.pollFirst();
        }
        Warmup next = parked.pollFirst();
        if (next != null) {
            parkedSinceChore++;
        } else {
            next = speculative.pollFirst();
        }
        if (next != null) {
            next.state = Warmup.State.RUNNING;
            if (reading++ == 0) {
                lastProgressNanos = System.nanoTime();
            }
        }
        return next;
    }

    private synchronized Object take() {
        while (true) {
            Object job = next();
            if (job != null) {
                return job;
            }
            if (stopped) {
                workers--;
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
            if (!signaled && parked.isEmpty() && speculative.isEmpty() && chores.isEmpty()) {
                workers--;
                return null;
            }
        }
    }
}
