package io.readahead.server.netty.fake.io.netty.channel;

import java.util.concurrent.Executor;

/** Has Netty's name, as far as a relocated copy has it. */
public interface EventLoop extends Executor {
}
