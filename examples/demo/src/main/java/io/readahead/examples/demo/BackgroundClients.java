package io.readahead.examples.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The second client, or several: fetches files in a loop and counts the bytes. Each client begins with another file.
 *
 * <p>Threads: one daemon thread for each client, from {@link #start} to {@link #close}.
 */
final class BackgroundClients implements AutoCloseable {

    private final List<HttpConnection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder bytes = new LongAdder();
    private final Queue<Fetched> fetched = new ConcurrentLinkedQueue<>();
    private final BeforeFetch beforeFetch;
    private final int files;
    private volatile boolean closed;
    private volatile IOException failure;

    /** A file that came whole. */
    private record Fetched(long begunNanos, long endedNanos, long bytes) {
    }

    /** Called on the client's thread before it fetches a file, with the file's number and whether no other client is at that file. */
    interface BeforeFetch {

        /** Does nothing. */
        BeforeFetch NOTHING = (file, alone) -> { };

        void prepare(int file, boolean alone) throws IOException;
    }

    private final int[] readers;

    private BackgroundClients(int files, BeforeFetch beforeFetch) {
        this.files = files;
        this.beforeFetch = beforeFetch;
        this.readers = new int[files];
    }

    static BackgroundClients start(InetSocketAddress server, List<String> paths, int clients, BeforeFetch beforeFetch) throws IOException {
        BackgroundClients background = new BackgroundClients(paths.size(), beforeFetch);
        try {
            for (int i = 0; i < clients; i++) {
                background.add(new HttpConnection(server), server, paths, i);
            }
        } catch (IOException e) {
            background.close();
            throw e;
        }
        background.threads.forEach(Thread::start);
        return background;
    }

    private void add(HttpConnection connection, InetSocketAddress server, List<String> paths, int number) {
        connections.add(connection);
        List<ByteBuffer> requests = paths.stream().map(path -> HttpConnection.request(server, path)).toList();
        Thread thread = new Thread(() -> fetch(connection, requests, number), "background-" + (number + 1));
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void fetch(HttpConnection connection, List<ByteBuffer> requests, int first) {
        try {
            for (int file = first % files; !closed; file = (file + 1) % files) {
                beforeFetch.prepare(file, enter(file));
                long begun = System.nanoTime();
                long length = connection.get(requests.get(file), bytes::add);
                fetched.add(new Fetched(begun, System.nanoTime(), length));
                leave(file);
            }
        } catch (IOException e) {
            if (!closed) {
                failure = e;
            }
        }
    }

    private synchronized boolean enter(int file) {
        return ++readers[file] == 1;
    }

    private synchronized void leave(int file) {
        readers[file]--;
    }

    /**
     * Bytes of bodies received so far, by all clients.
     *
     * @throws IOException if a client has failed
     */
    long bytes() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return bytes.sum();
    }

    /**
     * How fast whole files came.
     *
     * @param sinceNanos files that were begun before are left out
     * @return of each file MB/s, times the number of clients, in the order in which they ended
     */
    List<Double> ratesOfWholeFiles(long sinceNanos) {
        return fetched.stream().filter(file -> file.begunNanos - sinceNanos >= 0)
                .map(file -> connections.size() * file.bytes / (double) Units.MB
                        / ((file.endedNanos - file.begunNanos) / Units.NANOS_PER_SECOND))
                .toList();
    }

    /** Hangs up, in the middle of a file too, and waits for the threads. */
    @Override
    public void close() throws IOException {
        closed = true;
        for (HttpConnection connection : connections) {
            connection.close();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
