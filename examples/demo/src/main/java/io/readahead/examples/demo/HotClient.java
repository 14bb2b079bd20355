package io.readahead.examples.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The client whose time is measured: fetches the small files over and over on one connection, the next as soon as the last is there.
 *
 * <p>As in the seed, its figure is the time of runs of 100 requests. A loop like this asks less of a server that is slow: a stall of two
 * seconds is one slow request, not the two thousand that would have come meanwhile. So the percentiles flatter the slow server; the
 * time of a run doesn't.
 *
 * <p>Threads: {@link #run} on the caller's, while a thread of its own fetches.
 */
final class HotClient {

    static final int REQUESTS_PER_RUN = 100;
    static final int BUCKET_MILLIS = 100;

    /** How much longer a request that is under way at the end may take until its connection is closed. */
    private static final long PATIENCE_SECONDS = 15;

    private static final long TICK_MILLIS = 500;
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int DIGITS = 3;

    private final InetSocketAddress server;
    private final List<ByteBuffer> requests = new ArrayList<>();

    // Set before the hand-over to the thread, results after it has ended.
    private long durationNanos;
    private HotResult result;
    private IOException failure;

    HotClient(InetSocketAddress server, List<String> paths) {
        this.server = server;
        for (String path : paths) {
            requests.add(HttpConnection.request(server, path));
        }
    }

    /** Something to do every now and then while a client runs. */
    interface Ticker {
        void tick(double secondsDone);
    }

    /**
     * Fetches until the time is up; a request that is under way then gets {@value #PATIENCE_SECONDS} s more.
     *
     * @param ticker called twice a second on the caller's thread
     */
    HotResult run(int seconds, Ticker ticker) throws IOException, InterruptedException {
        durationNanos = TimeUnit.SECONDS.toNanos(seconds);
        HttpConnection connection = new HttpConnection(server);
        Thread thread = new Thread(() -> fetch(connection), "hot-client");
        thread.setDaemon(true);
        try {
            long start = System.nanoTime();
            thread.start();
            long patience = durationNanos + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (thread.isAlive() && System.nanoTime() - start < patience) {
                thread.join(TICK_MILLIS);
                ticker.tick((System.nanoTime() - start) / Units.NANOS_PER_SECOND);
            }
        } finally {
            connection.close();
        }
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    private void fetch(HttpConnection connection) {
        Histogram latencies = new Histogram(HIGHEST_NANOS, DIGITS);
        List<Double> runs = new ArrayList<>();
        double[] timeline = new double[(int) (TimeUnit.NANOSECONDS.toMillis(durationNanos) / BUCKET_MILLIS
                + TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS) / BUCKET_MILLIS + 1)];
        long answered = 0;
        boolean unanswered = false;
        long start = System.nanoTime();
        long runStart = start;
        long before = start;
        try {
            while (before - start < durationNanos) {
                connection.get(requests.get((int) (answered % requests.size())), bytes -> { });
                long now = System.nanoTime();
                latencies.recordValue(Math.min(now - before, HIGHEST_NANOS));
                int bucket = (int) Math.min(TimeUnit.NANOSECONDS.toMillis(now - start) / BUCKET_MILLIS, timeline.length - 1);
                timeline[bucket] = Math.max(timeline[bucket], (now - before) / Units.NANOS_PER_MILLI);
                before = now;
                if (++answered % REQUESTS_PER_RUN == 0) {
                    runs.add((now - runStart) / Units.NANOS_PER_SECOND);
                    runStart = now;
                }
            }
        } catch (ClosedChannelException patienceEnded) {
            unanswered = true;
            before = System.nanoTime();
        } catch (IOException e) {
            failure = e;
        }
        result = new HotResult(runs, answered, (before - start) / Units.NANOS_PER_SECOND, latencies, trimmed(timeline), unanswered);
    }

    /** Without the time after the last answer. */
    private static double[] trimmed(double[] timeline) {
        int length = timeline.length;
        while (length > 0 && timeline[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(timeline, length);
    }
}
