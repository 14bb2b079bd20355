package io.readahead.server.netty.fake.io.netty.channel;

import io.readahead.server.netty.fake.io.netty.util.concurrent.EventExecutor;

/** Has Netty's name, as far as a relocated copy has it. */
public interface ChannelHandlerContext {

    Channel channel();

    EventExecutor executor();
}
