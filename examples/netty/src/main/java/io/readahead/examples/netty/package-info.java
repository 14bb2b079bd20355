/**
 * A static file server on Netty: one event loop thread, every file sent by {@code DefaultFileRegion}, or over TLS by chunks.
 *
 * <p>{@code /files/} sends head and file one after the other, as most servers do; {@code /framed/} sends both in one FileRegion of
 * its own, as Spark's shuffle service does with its messages. Over TLS, and with {@code --chunked true}, {@code /files/} sends the
 * file by {@code ChunkedNioFile}: what encrypts needs the bytes. Everything runs on the event loop.
 * <p>Read first: {@link io.readahead.examples.netty.NettyFileServer}.
 */
package io.readahead.examples.netty;
