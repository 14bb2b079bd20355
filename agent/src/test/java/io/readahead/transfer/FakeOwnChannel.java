package io.readahead.transfer;

import io.readahead.adapter.Retry;
import io.readahead.adapter.ServerAdapter;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A channel of a server's own, which tries again in a task of an event loop that the test runs.
 *
 * <p>Threads: any may queue; one runs the loop.
 */
final class FakeOwnChannel {

    /** Takes the receiver of a call for the channel, and what it names for the file; strangers are neither. */
    static final ServerAdapter ADAPTER = new Adapter();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger retries = new AtomicInteger();
    private volatile boolean open = true;

    /** Runs what was given to the event loop. */
    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** How often it was made to try again. */
    int retries() {
        return retries.get();
    }

    void close() {
        open = false;
    }

    private static final class Adapter implements ServerAdapter, Retry {

        @Override
        public String site() {
            return "fake.Own.send";
        }

        @Override
        public Object channelOf(Object receiver) {
            return receiver instanceof FakeOwnChannel || receiver instanceof SelectableChannel ? receiver : null;
        }

        @Override
        public FileChannel fileOf(Object source) {
            return source instanceof FileChannel file ? file : null;
        }

        @Override
        public Retry retry() {
            return this;
        }

        @Override
        public void park(Object channel, BooleanSupplier stillParked) {
            // Nobody tries it but by a task.
        }

        @Override
        public void reenter(Object channel) {
            FakeOwnChannel own = (FakeOwnChannel) channel;
            own.tasks.add(own.retries::incrementAndGet);
        }

        @Override
        public boolean isOpen(Object channel) {
            return ((FakeOwnChannel) channel).open;
        }

        @Override
        public void forget() {
            // It holds nothing.
        }
    }
}
