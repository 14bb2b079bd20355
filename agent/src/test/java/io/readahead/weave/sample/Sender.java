package io.readahead.weave.sample;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** A class of a server, with one place for each kind of weaving. */
public final class Sender implements Sending {

    private static final int FLAGS = 9;

    private final Wire wire;
    private FileChannel channel;
    private long remaining = 3;

    public Sender(Wire wire) {
        this.wire = wire;
    }

    @Override
    public long callsWire(String region, long base, long offset, long length) {
        long before = base;
        long sent = wire.send(region, FLAGS, base, offset, length);
        return sent + before - base;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) throws IOException {
        if (position >= file.size()) {
            return -1;
        }
        return wire.send("file", 0, position, 0, count);
    }

    /** Goes on behind what it was asked for. */
    public long skipping(FileChannel file, long position, long count) throws IOException {
        position += file.size();
        return wire.send("file", 0, position, 0, count);
    }

    @Override
    public long flush(SocketChannel socket, ByteBuffer... buffers) throws IOException {
        return socket.write(buffers) + socket.write(buffers, 1, 1) + socket.write(buffers[0]);
    }

    /** Takes all but what is marked by its position; its code begins with the top of a loop. */
    @Override
    public boolean take(ByteBuffer... buffers) {
        while (remaining > 0) {
            remaining--;
            for (ByteBuffer buffer : buffers) {
                wire.send("buffer", 0, buffer.position(), 0, buffer.remaining());
                if (buffer.remaining() == 1) {
                    return false;
                }
                buffer.position(buffer.limit());
            }
        }
        return true;
    }

    @Override
    public void handOn(ByteBuffer buffer) {
        wire.add(buffer);
    }

    @Override
    public void goOnByItself() {
        wire.send("again", 0, 0, 0, 0);
    }

    /** Its code begins with the top of a loop. */
    @Override
    public TimeUnit process() {
        while (remaining > 0) {
            remaining -= wire.send("file", 0, remaining, 0, 1);
        }
        return channel == null ? TimeUnit.DAYS : TimeUnit.HOURS;
    }

    @Override
    public int head(FileChannel file, ByteBuffer buffer) throws IOException {
        return file.read(buffer);
    }

    /** As a driver of inputs does it, with all that an exception could spoil in local variables. */
    @Override
    public int chunks(Input input) {
        int sum = 0;
        while (sum < Integer.MAX_VALUE) {
            int chunk;
            boolean over;
            try {
                chunk = input.next(1, "ab");
                over = input.isOver();
            } catch (RuntimeException thrown) {
                return -1;
            }
            if (chunk == 0 && !over) {
                break;
            }
            sum += chunk;
            if (over) {
                break;
            }
        }
        return sum;
    }
}
