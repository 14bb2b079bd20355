/**
 * Readahead on side threads: bounded workers that may sleep on the disk so that no server thread has to.
 *
 * <p>Two {@link io.readahead.warmup.Lane}s for each file store, each with its own queue and its own workers, so that a store that
 * hangs holds nobody else's: one reads what is cold, the other goes over what is cached. In a lane, readers that are parked go before
 * speculative windows. What is on its way, or was read and waits for its reader, is bounded, {@link io.readahead.warmup.Unclaimed}:
 * with too much of it the workers wait, up to 100 ms. How a range is read, {@link io.readahead.warmup.Warmup.Way}, says who asks for it.
 * <p>Loader: isolated. Threads: server threads submit (a lane's monitor guards its queue, never a read); the lane's workers read,
 * by the server's descriptors, and close none; they never enter the server's FileChannel.
 * <p>Failure: a readahead that could not be done ends as one that was; the server's own call then meets what the disk says.
 * <p>Read first: {@link io.readahead.warmup.Warmup}.
 */
package io.readahead.warmup;
