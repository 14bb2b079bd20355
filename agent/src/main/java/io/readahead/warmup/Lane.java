package io.readahead.warmup;

import io.readahead.observe.Durations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The queue and the workers of one file store.
 *
 * <p>Workers are daemons, started when there is work for one more and ended after {@value #IDLE_SECONDS} s without any.
 * <p>Threads: any may submit; the lock guards the queues and is never held across a read.
 */
final class Lane {

    private static final int IDLE_SECONDS = 10;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Warmup> parked = new ArrayDeque<>();
    private final ArrayDeque<Warmup> speculative = new ArrayDeque<>();
    private final String threadName;
    private final int maxWorkers;
    private final Closer closer;
    private final Consumer<Warmup> reader;
    private final LongAdder bytes = new LongAdder();
    private final Durations queueTimes = new Durations();
    private final Durations readTimes = new Durations();
    private int workers;
    private int idle;
    private int started;
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
     * <p>Errors: throws what the JVM threw where there is no worker and none could be started; nothing is queued then.
     *
     * @return false where the lane was retired meanwhile
     */
    boolean submit(Warmup warmup) {
        lock.lock();
        try {
            if (stopped) {
                throw new IllegalStateException("the agent was detached");
            }
            if (retired) {
                return false;
            }
            ArrayDeque<Warmup> queue = warmup.speculative ? speculative : parked;
            warmup.lane = this;
            queue.addLast(warmup);
            try {
                wakeWorker();
            } catch (Throwable refused) {
                queue.removeLast();
                throw refused;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Moves a speculative readahead to those that a reader waits for, if it still waits itself. */
    void promote(Warmup warmup) {
        lock.lock();
        try {
            if (warmup.speculative) {
                warmup.speculative = false;
                if (warmup.state == Warmup.State.QUEUED && speculative.remove(warmup)) {
                    parked.addLast(warmup);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a readahead out of the queue. @return false where a worker has it already */
    boolean cancel(Warmup warmup) {
        lock.lock();
        try {
            return warmup.state == Warmup.State.QUEUED && (speculative.remove(warmup) || parked.remove(warmup));
        } finally {
            lock.unlock();
        }
    }

    /** Closes files of the store; may be called on a lane that is retired. */
    Closer closer() {
        return closer;
    }

    /**
     * Takes no more readahead, and lets the workers end when their read under way is over.
     *
     * @return the readahead that no worker had begun
     */
    List<Warmup> stop() {
        lock.lock();
        try {
            stopped = true;
            List<Warmup> left = new ArrayList<>(parked);
            left.addAll(speculative);
            parked.clear();
            speculative.clear();
            work.signalAll();
            closer.stop();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing any more, if it has neither work nor threads. @return whether it is retired now */
    boolean retireIfIdle() {
        lock.lock();
        try {
            retired |= workers == 0 && parked.isEmpty() && speculative.isEmpty() && !closer.isBusy();
            return retired;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is reading, and no read has ended for so long. */
    boolean isStalled(long nowNanos, long forNanos) {
        lock.lock();
        try {
            return reading > 0 && nowNanos - lastProgressNanos > forNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Takes note of a readahead that ended. */
    void readDone(long readBytes, long queuedNanos, long readNanos) {
        bytes.add(readBytes);
        queueTimes.record(queuedNanos);
        readTimes.record(readNanos);
    }

    /** Bytes read, readahead queued now, threads, 99th percentile of the time in the queue and of the read in microseconds. */
    String figures() {
        lock.lock();
        try {
            return bytes.sum() + " " + (parked.size() + speculative.size()) + " " + threads() + " " + queueTimes.p99Micros() + " "
                    + readTimes.p99Micros();
        } finally {
            lock.unlock();
        }
    }

    /** Readahead that no worker has begun. */
    int queued() {
        lock.lock();
        try {
            return parked.size() + speculative.size();
        } finally {
            lock.unlock();
        }
    }

    /** Threads that have not ended: the workers, and one that closes. */
    int threads() {
        lock.lock();
        try {
            return workers + closer.threads();
        } finally {
            lock.unlock();
        }
    }

    private void wakeWorker() {
        if (idle > 0) {
            work.signal();
        } else if (workers < maxWorkers) {
            try {
                // Each refusal is a line of the JVM's own.
                if (refusal == null || System.nanoTime() - refusedNanos > RETRY_NANOS) {
                    DaemonThread.start(this::run, threadName + "-" + (started + 1));
                    started++;
                    workers++;
                    refusal = null;
                }
            } catch (Throwable refused) {
                refusedNanos = System.nanoTime();
                refusal = refused;
            }
            if (workers == 0) {
                throw new IllegalStateException("no readahead thread could be started: " + refusal);
            }
        }
    }

    private void run() {
        while (true) {
            try {
                Warmup next = take();
                if (next == null) {
                    return;
                }
                try {
                    reader.accept(next);
                } finally {
                    ended();
                }
            } catch (Throwable failure) {
                // Out of memory, most likely. A worker that ended by it would be missing for ever.
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    private void ended() {
        lock.lock();
        try {
            reading--;
            lastProgressNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private Warmup take() {
        lock.lock();
        try {
            while (true) {
                Warmup next = parked.pollFirst();
                if (next == null) {
                    next = speculative.pollFirst();
                }
                if (next != null) {
                    next.state = Warmup.State.RUNNING;
                    if (reading++ == 0) {
                        lastProgressNanos = System.nanoTime();
                    }
                    return next;
                }
                if (stopped) {
                    workers--;
                    return null;
                }
                idle++;
                boolean signaled;
                try {
                    signaled = work.awaitNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS)) > 0;
                } catch (InterruptedException ignored) {
                    signaled = true;    // nobody has a reason to interrupt a worker
                } finally {
                    idle--;
                }
                if (!signaled && parked.isEmpty() && speculative.isEmpty()) {
                    workers--;
                    return null;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
