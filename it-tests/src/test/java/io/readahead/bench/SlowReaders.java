package io.readahead.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many clients, each with a file of its own that it reads at a low, steady rate.
 *
 * <p>One thread walks round them, each once in {@value #ROUND_MILLIS} ms, and reads what is there, up to what the rate allows.
 */
final class SlowReaders implements AutoCloseable {

    private static final int ROUND_MILLIS = 500;
    private static final int MILLIS = 1000;
    private static final int HEAD_BYTES = 1024;

    private final SocketChannel[] channels;
    private final AnswerParser[] parsers;
    private final long[] received;
    private final ByteBuffer buffer;
    private final int perRoundBytes;
    private final Thread thread = new Thread(this::run, "slow-readers");
    private volatile boolean closed;
    private volatile IOException failure;
    private volatile int ended;

    private SlowReaders(int count, long bytesPerSecond) {
        channels = new SocketChannel[count];
        parsers = new AnswerParser[count];
        received = new long[count];
        perRoundBytes = (int) (bytesPerSecond * ROUND_MILLIS / MILLIS);
        buffer = ByteBuffer.allocateDirect(perRoundBytes + HEAD_BYTES);
    }

    /** Connects a client for each file, has it ask for the file, and reads from then on. */
    static SlowReaders start(RunningPeer peer, List<Path> files, long bytesPerSecond) throws IOException {
        SlowReaders readers = new SlowReaders(files.size(), bytesPerSecond);
        for (int i = 0; i < files.size(); i++) {
            readers.channels[i] = SocketChannel.open(peer.address());
            readers.channels[i].write(peer.request(files.get(i)));
            readers.channels[i].configureBlocking(false);
            readers.parsers[i] = new AnswerParser();
        }
        readers.thread.setDaemon(true);
        readers.thread.start();
        return readers;
    }

    private void run() {
        long begin = System.nanoTime();
        long roundNanos = TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
        try {
            for (long step = 0; !closed && ended < channels.length; step++) {
                long due = begin + (long) ((double) step / channels.length * roundNanos);
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)));
                }
                read((int) (step % channels.length));
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void read(int number) throws IOException {
        if (parsers[number].ended()) {
            return;
        }
        int head = received[number] == 0 ? HEAD_BYTES : 0;
        int read = channels[number].read(buffer.clear().limit(perRoundBytes + head));
        if (read < 0) {
            throw new IOException("the server hung up on client " + number);
        }
        received[number] += parsers[number].take(buffer.flip());
        if (parsers[number].ended()) {
            ended++;
        }
    }

    /** Body bytes of each client so far. */
    long[] received() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return received.clone();
    }

    /** Clients that have their whole file. */
    int ended() {
        return ended;
    }

    /** Waits until all clients have their whole file, or so many milliseconds. */
    void await(long millis) throws InterruptedException, IOException {
        thread.join(millis);
        received();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        ClosedLoop.joinUninterruptibly(thread);
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
