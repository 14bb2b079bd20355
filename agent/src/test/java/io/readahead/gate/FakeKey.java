package io.readahead.gate;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A key that wants to write, its selector, and that selector's queue, as far as the gate sees them. */
final class FakeKey extends SelectionKey implements KeyQueue {

    /** How often it was queued for translation. */
    final AtomicInteger queued = new AtomicInteger();
    /** How often its selector was woken. */
    final AtomicInteger woken = new AtomicInteger();

    private final SelectableChannel channel;
    private final Selector selector = new FakeSelector();

    FakeKey(SelectableChannel channel) {
        this.channel = channel;
    }

    @Override
    public SelectionKey[] keysOf(SelectableChannel ofChannel) {
        return new SelectionKey[] {this};
    }

    @Override
    public void queue(SelectionKey key) {
        queued.incrementAndGet();
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public boolean isValid() {
        return true;
    }

    @Override
    public void cancel() {
        throw new UnsupportedOperationException("a key of a test");
    }

    @Override
    public int interestOps() {
        return OP_WRITE;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        throw new UnsupportedOperationException("a key of a test");
    }

    @Override
    public int readyOps() {
        return 0;
    }

    /** Can be woken. */
    private final class FakeSelector extends Selector {

        @Override
        public Selector wakeup() {
            woken.incrementAndGet();
            return this;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public SelectorProvider provider() {
            return null;
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            return 0;
        }

        @Override
        public int select(long timeout) {
            return 0;
        }

        @Override
        public int select() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is behind it.
        }
    }
}
