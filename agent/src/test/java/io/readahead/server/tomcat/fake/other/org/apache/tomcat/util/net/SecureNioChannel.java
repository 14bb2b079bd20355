package io.readahead.server.tomcat.fake.other.org.apache.tomcat.util.net;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** One of another version, which has no superclass. */
public class SecureNioChannel implements WritableByteChannel {

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
