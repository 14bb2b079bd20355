package io.readahead.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;

/** A channel that is open or closed and nothing else. */
public final class FakeChannel extends SelectableChannel {

    private static final UnsupportedOperationException NOTHING_ELSE = new UnsupportedOperationException("a channel of a test");

    @Override
    protected void implCloseChannel() {
        // Nothing is behind it.
    }

    /** Closes it, which can't fail. */
    public void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public boolean isRegistered() {
        return false;
    }

    @Override
    public SelectorProvider provider() {
        throw NOTHING_ELSE;
    }

    @Override
    public int validOps() {
        return SelectionKey.OP_WRITE;
    }

    @Override
    public SelectionKey keyFor(Selector selector) {
        return null;
    }

    @Override
    public SelectionKey register(Selector selector, int ops, Object attachment) {
        throw NOTHING_ELSE;
    }

    @Override
    public SelectableChannel configureBlocking(boolean block) {
        throw NOTHING_ELSE;
    }

    @Override
    public Object blockingLock() {
        throw NOTHING_ELSE;
    }
}
