/** Jetty, whose own file handlers write large files from mapped buffers. */
package io.readahead.server.jetty;
