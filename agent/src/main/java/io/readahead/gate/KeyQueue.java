package io.readahead.gate;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** What the gate needs of the JDK's selectors; a test brings its own. */
public interface KeyQueue {

    /** The keys of a channel, entries may be null; null where it was never registered. */
    SelectionKey[] keysOf(SelectableChannel channel);

    /** Has the key's selector translate it again before it next waits. May throw ClosedSelectorException. */
    void queue(SelectionKey key);
}
