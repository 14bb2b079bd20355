/** Undertow, whose answers send the first bytes of a file together with their head. */
package io.readahead.server.undertow;
