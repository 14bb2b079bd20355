/**
 * The decision at each woven call: send now, or read ahead first.
 *
 * <p>{@link io.readahead.transfer.Transfers} answers the bridge and looks at the target; {@code Admission} says how much goes to one that
 * doesn't block and parks it, {@code BlockingCalls} waits for one that does. A {@link io.readahead.transfer.Stream} holds what is known of
 * one target's file: the range that can be read, the {@code Window} in flight, what comes next, and in which {@code Order}; a
 * {@link io.readahead.transfer.Target} knows how the target is kept from being tried again meanwhile.
 * <p>Loader: isolated. Imports no natives and no weaving.
 * <p>Threads: the server's, in every call; readahead threads and the watchdog resume. A stream's monitor guards fields and
 * short system calls, and is never held while anything waits for the disk.
 * <p>Failure: whatever breaks in here is counted, and the original call runs.
 */
package io.readahead.transfer;
