package io.readahead.adapter;

import java.util.function.BooleanSupplier;

/** How a channel of a server's own, which no selector of the JDK reports, is kept from being tried again, and told when to. */
public interface Retry {

    /**
     * Sees to it that a channel that found cold data isn't tried over and over.
     *
     * <p>Threads: the channel's event loop, before its call returns.
     *
     * @param stillParked whether there still is a reason to, where that is done later
     */
    void park(Object channel, BooleanSupplier stillParked);

    /**
     * Has a channel try again to send what it has to send.
     *
     * <p>Threads: any; the trying is done on the channel's event loop.
     * <p>Errors: none where nobody is left to wake; what it throws all the same is tried again by the watchdog.
     */
    void reenter(Object channel);

    /** Whether the channel is open. Threads: any. */
    boolean isOpen(Object channel);
}
