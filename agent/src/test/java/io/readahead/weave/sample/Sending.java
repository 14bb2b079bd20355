package io.readahead.weave.sample;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** What {@link Sender} does, whichever loader has it. */
public interface Sending {

    long callsWire(String region, long base, long offset, long length);

    long transferFrom(FileChannel file, long position, long count) throws IOException;

    long flush(SocketChannel socket, ByteBuffer... buffers) throws IOException;

    boolean take(ByteBuffer... buffers);

    void handOn(ByteBuffer buffer);

    void goOnByItself();

    TimeUnit process();

    int head(FileChannel file, ByteBuffer buffer) throws IOException;

    int chunks(Input input);
}
