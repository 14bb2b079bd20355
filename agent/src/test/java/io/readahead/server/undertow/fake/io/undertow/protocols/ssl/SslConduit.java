package io.readahead.server.undertow.fake.io.undertow.protocols.ssl;

import io.readahead.server.undertow.fake.org.xnio.conduits.StreamSinkConduit;

/** Has a conduit where Undertow's has it. */
public final class SslConduit implements StreamSinkConduit {

    /** Undertow's name for it. */
    final StreamSinkConduit sink;

    public SslConduit(StreamSinkConduit sink) {
        this.sink = sink;
    }
}
