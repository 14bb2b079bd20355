/**
 * A static file server on Netty: one event loop thread, every file sent by {@code DefaultFileRegion}.
 *
 * <p>{@code /files/} sends head and file one after the other, as most servers do; {@code /framed/} sends both in one FileRegion of
 * its own, as Spark's shuffle service does with its messages. Everything runs on the event loop.
 * <p>Read first: {@link io.readahead.examples.netty.NettyFileServer}.
 */
package io.readahead.examples.netty;
