package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Small cold files in random order, each once: where the round trip to the pool matters more than bytes. */
final class SmallFilesRow implements Row {

    private static final int FILES = 20_000;
    private static final int LEAST_BYTES = 4 << 10;
    private static final int MOST_BYTES = 64 << 10;
    private static final int CONNECTIONS = 32;
    private static final int WARM_UP_FILES = 4000;
    /** Time for a JIT compiler to be through: two seconds into a server's life it takes as much of two cores as the server. */
    private static final int WARM_UP_SECONDS = 8;
    private static final int WARM_UP_SECONDS_THROTTLED = 2;
    private static final int WARM_UP_SECONDS_QUICK = 2;
    private static final long IOPS = 500;
    private static final int P99 = 99;
    private static final String RATE = "requests/s";
    private static final String LATENCY = "p99, ms";
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String id() {
        return "small-cold";
    }

    @Override
    public String title() {
        return "Small cold files: 4 KB to 64 KB at random, 20,000 of them, 32 connections, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        Peer nginx = Nginx.withThreads();
        for (long iops : bench.quick() ? List.of(0L) : List.of(0L, IOPS)) {
            String scene = iops == 0 ? "disk at its own speed" : IOPS + " reads/s";
            // Where the disk is the limit, rounds hardly differ.
            for (int round = 0; round < (iops == 0 ? bench.pairs() : bench.fewPairs()); round++) {
                for (Peer peer : List.of(agent, nginx, without)) {
                    one(bench, samples, scene, peer, iops, round);
                }
            }
            samples.compare(scene, RATE, agent, nginx, Samples.Bound.atLeast(1));
            samples.compare(scene, LATENCY, agent, nginx, Samples.Bound.atMost(1));
            samples.compare(scene, RATE, agent, without, Samples.Bound.NONE);
            samples.compare(scene, LATENCY, agent, without, Samples.Bound.NONE);
        }
    }

    private static void one(Bench bench, Samples samples, String scene, Peer peer, long iops, int round) throws Exception {
        Path root = Bench.data("small");
        List<Path> files = new ArrayList<>(DataFiles.random(root, "small", FILES, LEAST_BYTES, MOST_BYTES));
        Collections.shuffle(files, new Random(round));
        DataFiles.evict(files);
        try (CgroupLimits limits = Bench.limits(root, 0, 0); RunningPeer running = peer.start(root, limits)) {
            // Where the disk is the limit, who is compiling meanwhile does not matter.
            warmUp(running, files.subList(0, WARM_UP_FILES),
                    bench.millis(iops == 0 ? WARM_UP_SECONDS : WARM_UP_SECONDS_THROTTLED, WARM_UP_SECONDS_QUICK));
            if (iops > 0) {
                limits.throttleReadOperations(root, iops);
            }
            Histogram nanos = new Histogram(3);
            long begin = System.nanoTime();
            long answers = fetch(running, files.subList(WARM_UP_FILES, FILES), bench.millis(5, 3), nanos);
            samples.add(scene, peer.name(), RATE, answers / ((System.nanoTime() - begin) / 1e9));
            samples.add(scene, peer.name(), LATENCY, nanos.getValueAtPercentile(P99) / NANOS_PER_MILLI);
            limits.unthrottle(root);
        }
    }

    private static void warmUp(RunningPeer running, List<Path> files, long millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            DataFiles.evict(files);
            fetch(running, files, left, new Histogram(2));
        }
    }

    private static long fetch(RunningPeer running, List<Path> files, long millis, Histogram nanos) throws Exception {
        ClosedLoop clients = ClosedLoop.once(running, CONNECTIONS, files);
        try (clients) {
            clients.await(millis);
        }
        nanos.add(clients.latencies());
        return clients.answers();
    }
}
