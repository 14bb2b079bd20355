package io.readahead.adapter;

/** One way in which a server hands buffers, of which some may be of a mapped file, to a layer of its own that reads them. */
public interface FlushAdapter extends ServerAdapter {

    /**
     * Whether the layer still has something on its way from an earlier call.
     *
     * <p>It is not parked then: who waits for that is called back by the server itself, which must not be called by us meanwhile.
     *
     * @param channel from {@link #channelOf}
     */
    boolean isFlushing(Object channel);
}
