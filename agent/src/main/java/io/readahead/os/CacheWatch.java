package io.readahead.os;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Knows when the page cache last lost something.
 *
 * <p>A thread looks every {@value #LOOK_MILLIS} ms as long as somebody wants to know, and for {@value #AWAKE_SECONDS} s more; then it
 * sleeps until it is woken. What is lost while it sleeps it finds at its first look, for the kernel's counts only grow.
 *
 * <p>A loss is known at the look after it, and counts as of the end of that look: what was found before it is old then. Until that look,
 * or until the watch is {@value #LOOKS_IN_VAIN} looks behind and no more believed, what was lost is taken to be there.
 *
 * <p>Units: nanoseconds of one clock. Threads: its own; who asks takes no lock and makes no system call, but for the one that wakes it.
 */
public final class CacheWatch {

    /** Whoever stays behind by so many looks is not believed. */
    static final int LOOKS_IN_VAIN = 2;
    static final int LOOK_MILLIS = 100;
    static final int AWAKE_SECONDS = 45;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    private static final long BELIEVED_NANOS = LOOKS_IN_VAIN * LOOK_NANOS;
    private static final long AWAKE_NANOS = TimeUnit.SECONDS.toNanos(AWAKE_SECONDS);

    private final BooleanSupplier losses;
    private final LongSupplier nanoClock;
    private final Thread thread = new Thread(this::run, "readahead-cache-watch");
    /** When the last look began. */
    private volatile long lookedNanos;
    private volatile long lostNanos;
    private volatile boolean wanted;
    private volatile boolean asleep;
    private volatile boolean stopped;
    private long lastWantedNanos;

    /**
     * @param losses whether something was lost since the question before
     * @param nanoClock what time it is
     */
    CacheWatch(BooleanSupplier losses, LongSupplier nanoClock) {
        this.losses = losses;
        this.nanoClock = nanoClock;
        this.lostNanos = nanoClock.getAsLong();
        this.lookedNanos = lostNanos - BELIEVED_NANOS;
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread and waits until it has ended. */
    void stop() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        if (thread.isAlive()) {
            thread.join();
        }
    }

    /** For the tests. */
    boolean isAsleep() {
        return asleep;
    }

    /** Whether nothing is known to have been lost since a moment, as of a look that was just now. */
    boolean nothingLostSince(long momentNanos, long nowNanos) {
        if (!wanted) {
            wanted = true;
        }
        if (nowNanos - lookedNanos >= BELIEVED_NANOS) {
            if (asleep) {
                wake();
            }
            return false;
        }
        return momentNanos - lostNanos > 0;
    }

    private void wake() {
        asleep = false;
        LockSupport.unpark(thread);
    }

    private void run() {
        lastWantedNanos = nanoClock.getAsLong() - AWAKE_NANOS;
        while (!stopped) {
            try {
                look();
            } catch (Throwable ignored) {
                // No memory, perhaps. Who does not look is not believed.
            }
            if (nanoClock.getAsLong() - lastWantedNanos < AWAKE_NANOS) {
                LockSupport.parkNanos(LOOK_NANOS);
            } else {
                sleep();
            }
        }
    }

    private void sleep() {
        asleep = true;
        // Who wants to know and has not seen that this sleeps has said so before it looked.
        while (!stopped && asleep && !wanted) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /** One look. */
    void look() {
        long before = nanoClock.getAsLong();
        if (wanted) {
            wanted = false;
            lastWantedNanos = before;
        }
        if (losses.getAsBoolean()) {
            lostNanos = nanoClock.getAsLong();    // who sees the look below sees this
        }
        lookedNanos = before;
    }
}
