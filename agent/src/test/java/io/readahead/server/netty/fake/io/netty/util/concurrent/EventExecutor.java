package io.readahead.server.netty.fake.io.netty.util.concurrent;

import java.util.concurrent.Executor;

/** Has Netty's name, as far as a relocated copy has it. */
public interface EventExecutor extends Executor {
}
