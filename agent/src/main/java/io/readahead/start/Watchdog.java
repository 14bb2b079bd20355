package io.readahead.start;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does the housekeeping once a second.
 *
 * <p>Threads: a daemon of its own, from {@link #start} to {@link #stop}.
 */
final class Watchdog {

    private final Runnable first;
    private final Runnable work;
    private final Consumer<Throwable> onFailure;
    private final Thread thread = new Thread(this::run, "readahead-watchdog");
    private volatile boolean stopped;

    /** @param first is done once, at once: what else would keep the JVM from its start */
    Watchdog(Runnable first, Runnable work, Consumer<Throwable> onFailure) {
        this.first = first;
        this.work = work;
        this.onFailure = onFailure;
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread and waits until it has ended. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    private void run() {
        try {
            first.run();
        } catch (Throwable failure) {
            tell(failure);
        }
        while (!stopped) {
            try {
                TimeUnit.SECONDS.sleep(1);
                work.run();
            } catch (InterruptedException stop) {
                continue;    // nobody else interrupts it
            } catch (Throwable failure) {
                tell(failure);
            }
        }
    }

    private void tell(Throwable failure) {
        try {
            onFailure.accept(failure);
        } catch (Throwable ignored) {
            // No memory to say so, perhaps; the next second may be better, and somebody has to be there then.
        }
    }
}
