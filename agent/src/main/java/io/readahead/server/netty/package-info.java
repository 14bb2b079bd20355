/**
 * Netty's native epoll transport: it hands a region to sendfile(2) in native code, and is woken by edges, so that nobody comes back after
 * a 0 by itself.
 */
package io.readahead.server.netty;
