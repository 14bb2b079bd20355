package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A server that is up, in a cgroup of its own, and whose hot requests are timed beside downloads, in bursts.
 *
 * <p>Problem: processes that run one after the other drift by a fifth on a shared host, and one that was just started is compiled for as
 * long as it is measured. Choice: all that are compared are up at once, are warmed up by bursts that don't count, and are asked by turns.
 * Each burst downloads other files than the last ones, so that what is cold is, and so that the group is full from the third on.
 *
 * <p>Threads: the row's.
 */
final class Interfered implements AutoCloseable {

    static final String MAX = "hot max, us";
    static final String SLEEP = "loop asleep on the disk, ms";
    /** Have most of a server compiled. */
    static final int WARM_UP_REQUESTS = 5000;

    private static final long MEMORY_BYTES = 512L << 20;
    private static final int DOWNLOADS = 8;
    /** More than a burst takes of each. */
    private static final long FILE_BYTES = 64L << 20;
    /** What was read {@value} bursts ago was reclaimed meanwhile. */
    private static final int SETS = 6;
    private static final long HOT_BYTES = 20_000;
    private static final int HOT_FILES = 3;
    private static final int WARM_UP_BURSTS = 3;
    /** Until each download's socket has taken what it can. */
    private static final double SETTLE_SECONDS = 1.5;
    private static final double SECONDS = 3;
    private static final double SECONDS_QUICK = 1.5;
    private static final double MICROS = 1000;
    private static final String RATE = "cold MB/s";

    /** Those who ask. */
    interface Clients extends AutoCloseable {

        /** Fetches hot files for so long, with a pause after each. */
        Histogram hot(long millis) throws IOException;

        /** Begins to fetch a file each, over and over. */
        Downloads downloads(List<Path> files) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Those who fetch what is large, until they are closed. */
    interface Downloads extends AutoCloseable {

        /** Body bytes that came so far. */
        long bytes() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Who asks a server that runs. */
    interface Opener {

        Clients open(RunningPeer running, List<Path> hot) throws IOException;
    }

    /** Which set was read last, by whomever. */
    private static int lastSet;

    private final Bench bench;
    private final Samples samples;
    private final Peer peer;
    private final boolean cold;
    private final Path root;
    private final CgroupLimits limits;
    private final RunningPeer running;
    private final Clients clients;

    /** Starts it, and has it compiled as far as hot requests do so. */
    Interfered(Bench bench, Samples samples, Peer peer, boolean cold, Opener opener) throws Exception {
        this.bench = bench;
        this.samples = samples;
        this.peer = peer;
        this.cold = cold;
        this.root = Bench.data("interference");
        List<Path> hot = DataFiles.same(root, "hot", HOT_FILES, HOT_BYTES);
        DataFiles.warm(hot);
        CgroupLimits ownLimits = Bench.limits(root, 0, MEMORY_BYTES);
        RunningPeer started = null;
        try {
            started = peer.start(root, ownLimits);
            this.clients = opener.open(started, hot);
            ownLimits.throttleRead(root, Bench.DISK_BYTES_PER_SECOND);
        } catch (Exception failure) {
            if (started != null) {
                started.close();
            }
            ownLimits.close();
            throw failure;
        }
        this.limits = ownLimits;
        this.running = started;
    }

    /** Warms all of them up, and has them asked by turns, in so many bursts each. */
    static void byTurns(Bench bench, List<Interfered> servers) throws Exception {
        for (int burst = 0; burst < WARM_UP_BURSTS; burst++) {
            for (Interfered each : servers) {
                each.warmUp();
            }
        }
        for (int pair = 0; pair < bench.manyPairs(); pair++) {
            for (Interfered each : servers) {
                each.burst();
            }
        }
    }

    /** A burst that only says whether a loop slept on the disk: who looks takes half a processor. */
    void warmUp() throws Exception {
        try (Downloads downloads = clients.downloads(files())) {
            if (running.kind() == null) {
                clients.hot(bench.millis(SECONDS, SECONDS_QUICK));
            } else {
                DiskSleepSampler sampler = DiskSleepSampler.start(running.pid(), running.loopThreads());
                clients.hot(bench.millis(SECONDS, SECONDS_QUICK));
                samples.add("", peer.name(), SLEEP, sampler.stop().sleepMillis());
            }
            downloads.bytes();
        }
    }

    /** A burst that counts. */
    void burst() throws Exception {
        try (Downloads downloads = clients.downloads(files())) {
            clients.hot(bench.millis(SETTLE_SECONDS, SECONDS_QUICK));
            long before = downloads.bytes();
            long begin = System.nanoTime();
            Histogram nanos = clients.hot(bench.millis(SECONDS, SECONDS_QUICK));
            double seconds = (System.nanoTime() - begin) / 1e9;
            HotLatency.note(samples, peer, nanos);
            samples.add("", peer.name(), MAX, nanos.getMaxValue() / MICROS);
            samples.add("", peer.name(), RATE, (downloads.bytes() - before) / seconds / Bench.MB);
        }
    }

    /** A burst of hot requests beside which nothing is downloaded. */
    void alone(Peer called) throws IOException {
        HotLatency.note(samples, called, clients.hot(bench.millis(SECONDS, SECONDS_QUICK)));
    }

    private List<Path> files() throws IOException, InterruptedException {
        if (!cold) {
            List<Path> files = DataFiles.same(root, "in-memory", DOWNLOADS, FILE_BYTES);
            DataFiles.warm(files);
            return files;
        }
        lastSet = (lastSet + 1) % SETS;
        List<Path> files = DataFiles.same(root, "cold-" + lastSet, DOWNLOADS, FILE_BYTES);
        DataFiles.evict(files);
        return files;
    }

    /** Adds the lines that all rows have: how a server fares beside another, how much it downloads, and that its loop does not sleep. */
    static void judge(Samples samples, Peer agent, Peer inMemory, double most, List<String> percentiles) {
        for (String percentile : percentiles) {
            samples.compare("", percentile, agent, inMemory, Samples.Bound.atMost(most));
        }
        samples.judge("", SLEEP, agent.name(), Samples.Bound.atMost(0));
        samples.compare("", RATE, agent, inMemory, Samples.Bound.NONE);
    }

    /** Adds what shows that there is something to be cured. */
    static void control(Bench bench, Samples samples, Peer without, Opener opener) throws Exception {
        try (Interfered control = new Interfered(bench, samples, without, true, opener)) {
            control.warmUp();
            control.burst();
        }
        samples.judge("", HotLatency.P99, without.name() + " (control)", without.name(), Samples.Bound.NONE);
    }

    @Override
    public void close() throws IOException {
        try (limits; running; clients) {
            limits.unthrottle(root);
        }
    }
}
