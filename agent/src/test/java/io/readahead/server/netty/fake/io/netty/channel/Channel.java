package io.readahead.server.netty.fake.io.netty.channel;

/** Has Netty's name, as far as a relocated copy has it. */
public interface Channel {

    boolean isOpen();

    /** Has Netty's name. */
    interface Unsafe {
    }
}
