package io.readahead.server.undertow.fake.org.xnio.conduits;

/** Has XNIO's name, as far as a relocated copy has it. */
public interface StreamSinkConduit {
}
