/** Undertow, whose answers send the first bytes of a file together with their head, and whose TLS encrypts the others from a buffer. */
package io.readahead.server.undertow;
