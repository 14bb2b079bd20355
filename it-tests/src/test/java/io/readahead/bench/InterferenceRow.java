package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How hot requests fare beside cold downloads that want all that the disk gives.
 *
 * <p>Clients of what is cold and of what is in memory read at the same rate, the disk's: those of what is cold took a window at once, as
 * fast as they could, and a hot request waited for them, on the same two processors.
 */
final class InterferenceRow implements Row {

    static final long DISK_BYTES_PER_SECOND = 40 * Bench.MB;

    private static final List<Bench.Kind> KINDS = List.of(Bench.Kind.NETTY, Bench.Kind.JETTY, Bench.Kind.TOMCAT);
    private static final long MEMORY_BYTES = 512L << 20;
    private static final int DOWNLOADS = 8;
    private static final long HOT_BYTES = 20_000;
    private static final int HOT_FILES = 3;
    private static final long PAUSE_MICROS = 1000;
    private static final int WARM_UP_REQUESTS = 5000;
    private static final long WARM_UP_MILLIS = 500;
    /** Time for the JIT compilers to be through with what only this load runs: they would take turns with the loop on two cores. */
    static final int SETTLE_SECONDS = 6;
    static final int SETTLE_SECONDS_QUICK = 2;
    /** Of nginx, which was compiled before. */
    private static final int SETTLE_SECONDS_COMPILED = 3;
    private static final double MICROS = 1000;
    private static final double MAX_RATIO = 1.5;
    private static final double BOUND_RATIO = 1.1;
    private static final String MAX = "hot max, us";
    private static final String SLEEP = "loop asleep on the disk, ms";
    private static final String RATE = "cold MB/s";

    @Override
    public String id() {
        return "interference";
    }

    @Override
    public String title() {
        return "Interference: 20 KB hot files beside 8 cold downloads, disk 40 MB/s, 512 MB, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer nginx = Nginx.withThreads();
        List<Bench.Kind> kinds = bench.quick() ? List.of(Bench.Kind.NETTY) : KINDS;
        for (int round = 0; round < bench.pairs(); round++) {
            one(bench, samples, nginx, false);
            for (Bench.Kind kind : kinds) {
                one(bench, samples, bench.agent(kind), false);
                one(bench, samples, bench.inMemory(kind), true);
            }
            if (round == 0 && !bench.quick()) {
                one(bench, samples, Nginx.sendfile(), false);
            }
            if (round == 0) {
                one(bench, samples, bench.without(Bench.Kind.NETTY), false);
            }
        }
        for (Bench.Kind kind : kinds) {
            Peer agent = bench.agent(kind);
            for (String percentile : HotLatency.PERCENTILES) {
                samples.compare("", percentile, agent, nginx, Samples.Bound.atMost(1));
            }
            samples.compare("", MAX, agent, nginx, Samples.Bound.atMost(MAX_RATIO));
            samples.compare("", HotLatency.P99, agent, bench.inMemory(kind), Samples.Bound.atMost(BOUND_RATIO));
            samples.judge("", SLEEP, agent.name(), Samples.Bound.atMost(0));
            samples.compare("", RATE, agent, nginx, Samples.Bound.NONE);
        }
        for (Peer control : List.of(Nginx.sendfile(), bench.without(Bench.Kind.NETTY))) {
            if (samples.has("", control.name(), HotLatency.P99)) {
                samples.judge("", HotLatency.P99, control.name() + " (control)", control.name(), Samples.Bound.NONE);
            }
        }
    }

    private static void one(Bench bench, Samples samples, Peer peer, boolean inMemory) throws Exception {
        Path root = Bench.data("big");
        List<Path> cold = DataFiles.same(root, "cold", DOWNLOADS, ColdThroughputRow.FILE_BYTES);
        List<Path> hot = DataFiles.same(root, "hot", HOT_FILES, HOT_BYTES);
        List<Path> warmUp = DataFiles.same(root, "warm-up", DOWNLOADS, 2L << 20);
        if (inMemory) {
            DataFiles.warm(cold);
        } else {
            DataFiles.evict(cold);
        }
        DataFiles.evict(warmUp);
        try (CgroupLimits limits = Bench.limits(root, 0, MEMORY_BYTES);
                RunningPeer running = peer.start(root, limits);
                HotRequests client = new HotRequests(running, hot)) {
            warmUp(running, client, warmUp);
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            List<ByteBuffer> requests = new ArrayList<>(cold.stream().map(running::request).toList());
            try (ClosedLoop downloads = ClosedLoop.downloads(running, requests, DISK_BYTES_PER_SECOND)) {
                settle(bench, samples, peer, running, client);
                long before = downloads.bytes();
                long begin = System.nanoTime();
                Histogram nanos = client.run(bench.millis(5, 1.5), PAUSE_MICROS);
                double seconds = (System.nanoTime() - begin) / 1e9;
                note(samples, peer, nanos);
                samples.add("", peer.name(), RATE, (downloads.bytes() - before) / seconds / Bench.MB);
            } finally {
                limits.unthrottle(root);
            }
        }
    }

    /** Whether a loop is asleep on the disk is found out here: who looks takes half a processor. */
    private static void settle(Bench bench, Samples samples, Peer peer, RunningPeer running, HotRequests client) throws Exception {
        if (running.kind() == null) {
            client.run(bench.millis(SETTLE_SECONDS_COMPILED, SETTLE_SECONDS_QUICK), PAUSE_MICROS);
            return;
        }
        DiskSleepSampler sampler = DiskSleepSampler.start(running.pid(), running.loopThreads());
        client.run(bench.millis(SETTLE_SECONDS, SETTLE_SECONDS_QUICK), PAUSE_MICROS);
        samples.add("", peer.name(), SLEEP, sampler.stop().sleepMillis());
    }

    /** Compiled code on both sides, also for what is cold. */
    private static void warmUp(RunningPeer running, HotRequests client, List<Path> files) throws Exception {
        client.warmUp(WARM_UP_REQUESTS);
        for (int round = 0; round < HOT_FILES; round++) {
            DataFiles.evict(files);
            try (ClosedLoop downloads = ClosedLoop.downloads(running, files.stream().map(running::request).toList(),
                    ClosedLoop.UNLIMITED)) {
                client.run(WARM_UP_MILLIS, PAUSE_MICROS / 10);
                downloads.bytes();
            }
        }
    }

    private static void note(Samples samples, Peer peer, Histogram nanos) {
        HotLatency.note(samples, peer, nanos);
        samples.add("", peer.name(), MAX, nanos.getMaxValue() / MICROS);
    }
}
