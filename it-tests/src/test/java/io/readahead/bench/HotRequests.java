package io.readahead.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One client on one connection that fetches small hot files by turns and notes how long each took.
 *
 * <p>Units: nanoseconds, from the first byte of the request to the last of the answer. Threads: the caller's.
 */
final class HotRequests implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int DIGITS = 3;

    private final SocketChannel channel;
    private final List<ByteBuffer> requests;
    private final AnswerParser parser = new AnswerParser();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    HotRequests(RunningPeer peer, List<Path> files) throws IOException {
        channel = SocketChannel.open(peer.address());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        requests = files.stream().map(peer::request).toList();
    }

    /** Has a server's code compiled, on a connection that is closed then. */
    static void warmUp(RunningPeer peer, List<Path> files, int count) throws IOException {
        try (HotRequests client = new HotRequests(peer, files)) {
            client.warmUp(count);
        }
    }

    /** Fetches so many files one after the other, so that they are hot and the server's code is compiled. */
    HotRequests warmUp(int count) throws IOException {
        for (int number = 0; number < count; number++) {
            fetch(number);
        }
        return this;
    }

    /** Fetches until the time is over, with a pause after each. */
    Histogram run(long millis, long pauseMicros) throws IOException {
        Histogram nanos = new Histogram(DIGITS);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int number = 0; System.nanoTime() < end; number++) {
            long begin = System.nanoTime();
            fetch(number);
            nanos.recordValue(System.nanoTime() - begin);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pauseMicros));
        }
        return nanos;
    }

    private void fetch(int number) throws IOException {
        ByteBuffer request = requests.get(number % requests.size()).rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        parser.restart();
        while (!parser.ended()) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("the server hung up");
            }
            parser.take(buffer.flip());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
