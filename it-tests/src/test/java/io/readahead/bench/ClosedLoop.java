package io.readahead.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Clients on connections of their own, each of which sends its next request when the answer to the one before has come.
 *
 * <p>They read as fast as they can, or as they may, by one thread, and throw the bytes away.
 * <p>Errors: the first failure ends them all, and is thrown by {@link #bytes}, {@link #await} and {@link #latencies}.
 */
final class ClosedLoop implements Interfered.Downloads {

    static final long UNLIMITED = Long.MAX_VALUE;

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int DIGITS = 3;
    private static final double NANOS = 1e9;

    /** What the clients ask for. */
    interface Requests {

        /** @return the next request of a connection, from {@link RunningPeer#request}; null where it has no more */
        ByteBuffer next(int connection);
    }

    private final Requests requests;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final Histogram nanos = new Histogram(DIGITS);
    private final AtomicInteger active = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "closed-loop");
    private volatile IOException failure;
    private final long bytesPerSecond;
    private volatile boolean closed;

    /** One connection. */
    private final class Client {

        private final int number;
        private final SocketChannel channel;
        private final AnswerParser parser = new AnswerParser();
        private long sentNanos;

        Client(int number, InetSocketAddress server) throws IOException {
            this.number = number;
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        boolean sendNext() throws IOException {
            ByteBuffer request = requests.next(number);
            if (request == null) {
                return false;
            }
            request.rewind();
            sentNanos = System.nanoTime();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            parser.restart();
            return true;
        }

        /** @return whether it goes on */
        boolean read() throws IOException {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("the server hung up");
            }
            bytes.add(parser.take(buffer.flip()));
            if (!parser.ended()) {
                return true;
            }
            nanos.recordValue(System.nanoTime() - sentNanos);
            answers.increment();
            return sendNext();
        }
    }

    private ClosedLoop(Requests requests, long bytesPerSecond) throws IOException {
        this.requests = requests;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Clients that each fetch one thing over and over. */
    static ClosedLoop downloads(RunningPeer peer, List<ByteBuffer> requests, long bytesPerSecond) throws IOException {
        return start(peer, requests.size(), requests::get, bytesPerSecond);
    }

    /** Clients that take what is next of a number of things, until each was fetched once. */
    static ClosedLoop once(RunningPeer peer, int connections, List<Path> files) throws IOException {
        Iterator<ByteBuffer> left = files.stream().map(peer::request).iterator();
        // Asked by the one thread that reads, and by no other.
        return start(peer, connections, connection -> left.hasNext() ? left.next() : null, UNLIMITED);
    }

    /** @param bytesPerSecond the most that they read, all together */
    static ClosedLoop start(RunningPeer peer, int connections, Requests requests, long bytesPerSecond) throws IOException {
        ClosedLoop loop = new ClosedLoop(requests, bytesPerSecond);
        for (int number = 0; number < connections; number++) {
            Client client = loop.new Client(number, peer.address());
            client.channel.configureBlocking(false).register(loop.selector, SelectionKey.OP_READ, client);
        }
        loop.active.set(connections);
        loop.thread.setDaemon(true);
        loop.thread.start();
        return loop;
    }

    private void run() {
        try {
            for (SelectionKey key : selector.keys()) {
                proceed(key, ((Client) key.attachment()).sendNext());
            }
            long begin = System.nanoTime();
            while (!closed && active.get() > 0) {
                keepRate(begin);
                selector.select(key -> {
                    try {
                        proceed(key, ((Client) key.attachment()).read());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (UncheckedIOException e) {
            failure = e.getCause();
        } catch (IOException e) {
            failure = e;
        } catch (ClosedSelectorException ended) {
            return;
        }
    }

    private void keepRate(long begin) {
        if (bytesPerSecond != UNLIMITED) {
            long due = begin + (long) (bytes.sum() * NANOS / bytesPerSecond);
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void proceed(SelectionKey key, boolean goesOn) throws IOException {
        if (!goesOn) {
            key.cancel();
            key.channel().close();
            active.decrementAndGet();
        }
    }

    @Override
    public long bytes() throws IOException {
        rethrow();
        return bytes.sum();
    }

    /** Answers that came to their end so far. */
    long answers() {
        return answers.sum();
    }

    /** Waits until no connection has more to ask for, or so many milliseconds. */
    ClosedLoop await(long millis) throws IOException, InterruptedException {
        thread.join(millis);
        rethrow();
        return this;
    }

    /** How long answers took; of clients that have ended or are closed. */
    Histogram latencies() throws IOException {
        rethrow();
        return nanos;
    }

    private void rethrow() throws IOException {
        if (failure != null && !closed) {
            throw failure;
        }
    }

    /** Hangs up, in the middle of an answer too. */
    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        joinUninterruptibly(thread);
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** Waits for the end of a thread that has been told to end, whatever happens. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
