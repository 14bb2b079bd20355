/**
 * What the agent knows of servers' own classes, for the two that send files without a {@code transferTo} call that could be woven.
 *
 * <p>{@link io.readahead.server.NettyEpoll}: the native epoll transport hands a region to sendfile(2) in native code, and is woken
 * by edges, so that nobody comes back after a 0 by itself. {@link io.readahead.server.KafkaTls}: the TLS layer reads the file into
 * a buffer of its own.
 * <p>Loader: isolated; the servers' classes are reached by method handles, looked up once for each class of theirs, so that any
 * number of copies, in any loaders, relocated or not, work side by side. A class of another shape is reported once and passed
 * through from then on.
 * <p>Threads: event loops, in each woven call; readahead threads, when they hand a channel back to its event loop.
 */
package io.readahead.server;
