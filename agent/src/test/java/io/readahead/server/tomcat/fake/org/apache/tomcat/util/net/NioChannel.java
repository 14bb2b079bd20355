package io.readahead.server.tomcat.fake.org.apache.tomcat.util.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/** Tomcat's plain channel, as far as a relocated copy has it. */
public class NioChannel implements WritableByteChannel {

    /** Tomcat's name for it. */
    protected SocketChannel sc;

    /** Takes the next connection, as Tomcat has its channels do. */
    public void reset(SocketChannel socket) {
        sc = socket;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return sc.write(source);
    }

    @Override
    public boolean isOpen() {
        return sc.isOpen();
    }

    @Override
    public void close() throws IOException {
        sc.close();
    }
}
