package io.readahead.gate;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Withholds write interest from parked channels.
 *
 * <p>States of a channel:
 * <pre>
 *   OPEN   --park--&gt;   PARKED   --resume--&gt;   OPEN
 *   PARKED --park--&gt;   PARKED   (its keys are queued once more)
 *   OPEN   --resume--&gt; OPEN     (nothing happens)
 * </pre>
 *
 * <p>No lost wake-up: who translates a key first notes it in {@code withheld} and then looks again whether the channel is still
 * parked; who resumes first takes the parking away and then queues every noted key. All four steps are volatile accesses, so
 * at least one of the two sees the other: either the key is not withheld, or it is queued.
 *
 * <p>A key that was registered for writing before the park is queued at the park, or the kernel would go on reporting it. A
 * registration that is under way in another thread at that moment may be missed: the selector then reports the channel once, the
 * server calls again, and the repeated park queues the key.
 */
public final class Gate {

    /** poll.h and sys/epoll.h: room to write; the same in {@code sun.nio.ch.Net.POLLOUT} on Linux. */
    public static final int POLLOUT = 4;

    private static final int PUT_BACK_ATTEMPTS = 1000;
    private static final long PUT_BACK_PAUSE_NANOS = 1_000_000;

    private final KeyQueue keys;
    private final ConcurrentHashMap<SelectableChannel, Set<SelectionKey>> parked = new ConcurrentHashMap<>();

    public Gate(KeyQueue keys) {
        this.keys = keys;
    }

    /** Parks a channel. Threads: the one whose transfer met cold data. */
    public void park(SelectableChannel channel) {
        parked.computeIfAbsent(channel, c -> ConcurrentHashMap.newKeySet(2));
        SelectionKey[] registered = keys.keysOf(channel);
        if (registered == null) {
            return;
        }
        for (SelectionKey key : registered) {
            if (key != null && wantsWrite(key)) {
                queue(key, false);
            }
        }
    }

    /**
     * Gives write interest back, and wakes the selectors from which it was withheld.
     *
     * <p>Threads: any. Errors: a key that was canceled or a selector that was closed meanwhile needs nothing; where the JVM is out of
     * memory the channel stays parked, and its error is thrown.
     *
     * @return whether the channel was parked
     */
    public boolean resume(SelectableChannel channel) {
        Set<SelectionKey> withheld = parked.remove(channel);
        if (withheld == null) {
            return false;
        }
        try {
            for (SelectionKey key : withheld) {
                queue(key, true);
            }
        } catch (RuntimeException | Error failure) {
            putBack(channel, withheld);    // so that the watchdog finds it stranded, and tries again
            throw failure;
        }
        return true;
    }

    /** Putting something back needs memory too; who filled it gives some back, or ends. */
    private void putBack(SelectableChannel channel, Set<SelectionKey> withheld) {
        for (int attempt = 1; attempt <= PUT_BACK_ATTEMPTS; attempt++) {
            try {
                parked.putIfAbsent(channel, withheld);
                return;
            } catch (OutOfMemoryError again) {
                LockSupport.parkNanos(PUT_BACK_PAUSE_NANOS);
            }
        }
    }

    /**
     * Answers the woven translation of a key.
     *
     * @param events poll(2) bits that the interest set asks for
     * @return the same bits, without POLLOUT while the key's channel is parked
     */
    public int events(SelectionKey key, int events) {
        if ((events & POLLOUT) == 0 || parked.isEmpty()) {
            return events;
        }
        Set<SelectionKey> withheld = parked.get(key.channel());
        if (withheld == null) {
            return events;
        }
        withheld.add(key);
        return parked.get(key.channel()) == withheld ? events & ~POLLOUT : events;
    }

    /** Whether a channel is parked. */
    public boolean isParked(SelectableChannel channel) {
        return parked.containsKey(channel);
    }

    /** Channels parked at this moment. */
    public int parkedNow() {
        return parked.size();
    }

    private void queue(SelectionKey key, boolean wake) {
        try {
            keys.queue(key);
            if (wake) {
                key.selector().wakeup();
            }
        } catch (ClosedSelectorException ignored) {
            // Closing the selector canceled the key: there is nobody left to wake.
        }
    }

    private static boolean wantsWrite(SelectionKey key) {
        try {
            return (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        } catch (CancelledKeyException ignored) {
            return false;
        }
    }
}
