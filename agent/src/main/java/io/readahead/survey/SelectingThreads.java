package io.readahead.survey;

import io.readahead.jdk.JdkInternals;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells event loops from threads of pools: whose selector a channel is registered with.
 *
 * <p>A worker may select too: some wait for room in a socket by a selector of their own, and cancel its key before they send on. So it
 * counts who selects where the channel is registered at the moment.
 * <p>At most {@value #MOST} selectors; channels of further ones are taken for those of event loops.
 * <p>Threads: any; {@link #sweep} is the watchdog's.
 */
final class SelectingThreads {

    private static final int MOST = 1024;

    private final ConcurrentHashMap<Selector, Long> threads = new ConcurrentHashMap<>();

    /** A selector translates a key, on the thread that selects. */
    void translates(SelectionKey key) {
        Selector selector = key.selector();
        long thread = Thread.currentThread().getId();
        Long known = threads.get(selector);
        if (known == null ? threads.size() < MOST : known != thread) {
            threads.put(selector, thread);
        }
    }

    /** Whether another thread than this one selects for the channel; false where nobody was seen to. */
    boolean isAnothers(SelectableChannel channel) {
        SelectionKey[] keys = JdkInternals.keysOf(channel);
        boolean anothers = false;
        long own = Thread.currentThread().getId();
        for (int i = 0; keys != null && i < keys.length; i++) {
            SelectionKey key = keys[i];
            Long thread = key == null || !key.isValid() ? null : threads.get(key.selector());
            if (thread != null && thread == own) {
                return false;
            }
            anothers |= thread != null;
        }
        return anothers;
    }

    /** Lets go of selectors that were closed. */
    void sweep() {
        threads.keySet().removeIf(selector -> !selector.isOpen());
    }

    /** Lets go of all. */
    void forget() {
        threads.clear();
    }
}
