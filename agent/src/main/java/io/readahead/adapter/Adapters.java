package io.readahead.adapter;

import io.readahead.observe.PassedThrough;
import io.readahead.observe.PassedThrough.Reason;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * The adapters that a running agent has, by the numbers that woven code knows them by.
 *
 * <p>Threads: any; nothing here waits or allocates.
 */
public final class Adapters {

    private final ServerAdapter[] adapters;

    /** @param adapters in the order of their numbers, from 0 */
    public Adapters(List<ServerAdapter> adapters) {
        this.adapters = adapters.toArray(new ServerAdapter[0]);
    }

    /** The adapter of that number. */
    public ServerAdapter of(int number) {
        return adapters[number];
    }

    /** The adapter that knows the channel behind a target of a server's own; null where none does. */
    public ServerAdapter behind(WritableByteChannel target) {
        for (ServerAdapter adapter : adapters) {
            if (adapter.channelBehind(target) != null) {
                return adapter;
            }
        }
        return null;
    }

    /** Whether whoever writes to a channel waits there as he always did. */
    public static boolean blocks(Object channel) {
        return channel instanceof SelectableChannel selectable && selectable.isBlocking();
    }

    /**
     * Takes note of a woven call that is not helped.
     *
     * @param channel what the adapter says of the receiver
     */
    public static void passed(PassedThrough calls, ServerAdapter adapter, Object receiver, Object channel, Object source) {
        if (blocks(channel)) {
            calls.called(adapter.site(), Reason.BLOCKING, channel);
        } else {
            Object met = channel == null ? adapter.unknownTo(receiver) : source;
            calls.called(adapter.site(), met == receiver || met == source ? Reason.SHAPE : Reason.TARGET, met);
        }
    }

    /** Takes note of an object that is asked for chunks and is not helped. @param receiver who asks it */
    public static void passed(PassedThrough calls, ChunkAdapter adapter, Object receiver, Object source) {
        if (adapter.channelOf(receiver) != null) {
            calls.called(adapter.site(), Reason.FILE, adapter.readerOf(source));
        } else {
            passed(calls, adapter, receiver, null, receiver);
        }
    }

    /** Lets go of all servers' classes. */
    public void forget() {
        for (ServerAdapter adapter : adapters) {
            adapter.forget();
        }
    }
}
