/**
 * Netty. Its native epoll transport hands a region to sendfile(2) in native code, and is woken by edges, so that nobody comes back after a
 * 0 by itself; and files that have to be encrypted, compressed or put into frames are read on the event loop, chunk by chunk.
 */
package io.readahead.server.netty;
