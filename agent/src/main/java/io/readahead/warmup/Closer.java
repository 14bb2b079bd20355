package io.readahead.warmup;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Closes the files of one file store, one after the other.
 *
 * <p>For when every worker waits for a disk that does not answer: the kernel closes a file all the same, as a rule.
 * <p>Bounded: what waits here is a descriptor that a worker has opened, so there is no more of it than there were streams when the
 * disk was last heard of.
 * <p>Threads: any may add; a daemon does the work, started when there is some and ended after {@value #IDLE_SECONDS} s without any.
 */
final class Closer {

    private static final int IDLE_SECONDS = 10;
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final String threadName;
    private boolean running;
    private boolean idle;
    private boolean stopped;

    Closer(String threadName) {
        this.threadName = threadName;
    }

    /**
     * Has something done that may wait for the store.
     *
     * <p>Errors: where the JVM has no thread for it, it stays queued until {@link #nudge}.
     */
    void add(Runnable closing) {
        lock.lock();
        try {
            queue.addLast(closing);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Tries again where no thread could be started. */
    void nudge() {
        lock.lock();
        try {
            if (!queue.isEmpty()) {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the thread end when everything is closed. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the thread has not ended, or is needed. */
    boolean isBusy() {
        lock.lock();
        try {
            return running || !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** 1 while the thread lives. */
    int threads() {
        lock.lock();
        try {
            return running ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        if (idle) {
            work.signal();
        } else if (!running) {
            try {
                DaemonThread.start(this::run, threadName);
                running = true;
            } catch (Throwable ignored) {
                // No thread is to be had now; nudge comes once a second.
            }
        }
    }

    private void run() {
        while (true) {
            try {
                Runnable closing = take();
                if (closing == null) {
                    return;
                }
                closing.run();
            } catch (Throwable failure) {
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);    // out of memory, most likely
            }
        }
    }

    private Runnable take() throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            while (queue.isEmpty() && !stopped && left > 0) {
                idle = true;
                try {
                    left = work.awaitNanos(left);
                } finally {
                    idle = false;
                }
            }
            running = !queue.isEmpty();
            return queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }
}
