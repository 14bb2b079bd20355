package io.readahead.server.undertow.fake.other.org.xnio.conduits;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** One of another version, which has no conduit. */
public final class ConduitWritableByteChannel implements WritableByteChannel {

    @Override
    public int write(ByteBuffer source) {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
    }
}
