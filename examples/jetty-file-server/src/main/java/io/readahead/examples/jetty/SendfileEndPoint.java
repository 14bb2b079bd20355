package io.readahead.examples.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection's end point that sends a {@link FileSlice} with sendfile where Jetty would copy its buffer.
 *
 * <p>Contract of {@code flush}, from Jetty's WriteFlusher: it is called again at once as long as it makes progress; a {@code false} without
 * progress registers OP_WRITE, and the next call comes when the socket is writable. So each turn on the selector thread is one
 * transfer and one flush that does nothing.
 */
final class SendfileEndPoint extends SocketChannelEndPoint {
    /** What one connection may send before the others get their turn; a fast client would hold the selector thread until the file's end. */
    static final long TURN_BYTES = 1L << 20;

    private final ManagedSelector selector;
    private volatile FileSlice slice;
    private boolean turnIsOver;

    SendfileEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        this.selector = selector;
    }

    /**
     * Runs a task on the thread of this connection's selector, after the events that it is working on.
     *
     * <p>Threads: any; returns at once.
     */
    void runOnSelector(Runnable task) {
        selector.submit(ignored -> task.run());
    }

    /**
     * Announces that the slice's buffer is about to be written.
     *
     * @param slice stays the one to recognize until the next call; null when the response is done
     */
    void expect(FileSlice slice) {
        this.slice = slice;
        turnIsOver = false;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        FileSlice expected = slice;
        int last = buffers.length - 1;
        // Jetty puts a response's content behind its head and passes the buffer on as it is, so identity is enough.
        if (expected == null || last < 0 || buffers[last] != expected.buffer()) {
            return super.flush(buffers);
        }
        boolean headIsSent = last == 0 || super.flush(Arrays.copyOf(buffers, last));
        return headIsSent && transfer(expected);
    }

    private boolean transfer(FileSlice expected) throws IOException {
        if (turnIsOver) {
            turnIsOver = false;
            return false;
        }
        if (expected.transferTo(getChannel(), TURN_BYTES) > 0) {
            turnIsOver = true;
            notIdle();
        }
        return expected.isSent();
    }
}
