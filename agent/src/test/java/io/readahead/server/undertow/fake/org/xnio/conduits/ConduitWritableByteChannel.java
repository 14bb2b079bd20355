package io.readahead.server.undertow.fake.org.xnio.conduits;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What XNIO hands to {@code transferTo}. */
public final class ConduitWritableByteChannel implements WritableByteChannel {

    private final StreamSinkConduit conduit;

    public ConduitWritableByteChannel(StreamSinkConduit conduit) {
        this.conduit = conduit;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new IllegalStateException("nothing is written to " + conduit);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
    }
}
