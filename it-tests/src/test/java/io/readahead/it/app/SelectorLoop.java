package io.readahead.it.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** One selector and its thread; counts how often its selectors return. */
final class SelectorLoop implements Runnable {

    /** How long a connection waits that polls instead of asking for OP_WRITE. */
    private static final int POLL_MILLIS = 50;
    private static final int FOREVER = 0;

    private static final AtomicLong RETURNS = new AtomicLong();

    /** What an attachment or a task does in its turn. */
    @FunctionalInterface
    interface Turn {
        void take() throws IOException;
    }

    private final SelectorLoop[] loops;
    private final int number;
    private final Queue<Turn> tasks = new ConcurrentLinkedQueue<>();
    private List<Turn> polled = new ArrayList<>();
    private volatile Selector selector = Selector.open();

    SelectorLoop(SelectorLoop[] loops, int number) throws IOException {
        this.loops = loops;
        this.number = number;
    }

    /** How often a selector of any loop has returned. */
    static long returns() {
        return RETURNS.get();
    }

    /** A wait for one selector, counted. */
    static void select(Selector selector, int timeoutMillis) throws IOException {
        selector.select(timeoutMillis);
        RETURNS.incrementAndGet();
    }

    void register(SelectableChannel channel, int interest, Turn turn) throws IOException {
        channel.register(selector, interest, turn);
    }

    /** The channel's key at the present selector; null where it has none. */
    SelectionKey keyOf(SelectableChannel channel) {
        return channel.keyFor(selector);
    }

    /** Has the loop's thread run a task. Threads: any. */
    void execute(Turn task) {
        tasks.add(task);
        wakeup();
    }

    void wakeup() {
        selector.wakeup();
    }

    /** Another loop; itself where there is no other. */
    SelectorLoop next() {
        return loops[(number + 1) % loops.length];
    }

    /** Gives a turn after a while, whatever is ready. Threads: this loop's. */
    void poll(Turn turn) {
        polled.add(turn);
    }

    /** Forgets keys that were canceled. Threads: this loop's. */
    void selectNow() throws IOException {
        selector.selectNow();
        RETURNS.incrementAndGet();
        // A task may have come since the tasks were looked at: its wake-up is used up now.
        selector.wakeup();
    }

    /** Takes a new selector with the same registrations, and closes the old one. Threads: this loop's. */
    void rebuild() throws IOException {
        Selector old = selector;
        Selector fresh = Selector.open();
        for (SelectionKey key : List.copyOf(old.keys())) {
            if (key.isValid()) {
                key.channel().register(fresh, key.interestOps(), key.attachment());
                key.cancel();
            }
        }
        selector = fresh;
        // A task may have come since the tasks were looked at, and have woken the old one.
        fresh.wakeup();
        old.close();
    }

    @Override
    public void run() {
        while (true) {
            try {
                select(selector, polled.isEmpty() ? FOREVER : POLL_MILLIS);
                turn();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private void turn() throws IOException {
        List<Turn> due = polled;
        polled = new ArrayList<>();
        for (Turn task = tasks.poll(); task != null; task = tasks.poll()) {
            due.add(task);
        }
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (key.isValid()) {
                due.add((Turn) key.attachment());
            }
        }
        selector.selectedKeys().clear();
        for (Turn each : due) {
            each.take();
        }
    }

    @Override
    public String toString() {
        return "selector-" + number;
    }
}
