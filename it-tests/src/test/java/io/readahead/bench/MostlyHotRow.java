package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * Whether what is mostly hot hides what is cold: nine of ten requests are for files in memory, one is for one that never is, and memory is
 * full, so that pages leave it all the time.
 *
 * <p>The same requests without pressure are all for what is in memory, as large.
 */
final class MostlyHotRow implements Row {

    private static final long MEMORY_BYTES = 512L << 20;
    private static final long HOT_BYTES = 20L << 10;
    private static final int HOT_FILES = 2000;
    private static final long COLD_BYTES = 64L << 10;
    /** Three times the memory. */
    private static final int COLD_FILES = 24_000;
    /** As many as fill it; what is measured asks for the others. */
    private static final int FILLING_FILES = 9000;
    private static final int LARGE_HOT_FILES = 200;
    private static final int COLD_EVERY = 10;
    private static final int CONNECTIONS = 16;
    /** Of all connections together: 2,000 requests a second, of which the cold ones are a third of the disk's rate. */
    private static final long BYTES_PER_SECOND = 2000 / COLD_EVERY * ((COLD_EVERY - 1) * HOT_BYTES + COLD_BYTES);
    private static final int WARM_UP_REQUESTS = 5000;
    /** Time for the JIT compilers to be through with what only this load runs: they would take turns with the loop on two cores. */
    private static final int SETTLE_SECONDS = 6;
    private static final int SETTLE_SECONDS_QUICK = 2;
    private static final long LONGEST_MILLIS = 60_000;
    private static final long PAUSE_MICROS = 1000;
    private static final String READ = "bytes that the loop read from the disk";
    private static final double MOST_RATIO = 1.1;

    @Override
    public String id() {
        return "mostly-hot";
    }

    @Override
    public String title() {
        return "Mostly hot: one of ten requests is for a cold file, 512 MB full, disk 40 MB/s, 2,000 requests/s, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer allHot = bench.agent(Bench.Kind.NETTY).named("Netty, agent, all hot");
        Peer control = bench.without(Bench.Kind.NETTY);
        for (int round = 0; round < bench.fewPairs(); round++) {
            one(bench, samples, agent, true);
            one(bench, samples, allHot, false);
            if (round == 0) {
                one(bench, samples, control, true);
            }
        }
        for (String percentile : HotLatency.PERCENTILES) {
            samples.compare("", percentile, agent, allHot, Samples.Bound.atMost(MOST_RATIO));
        }
        for (String figure : List.of(Interfered.SLEEP, READ)) {
            samples.judge("", figure, agent.name(), Samples.Bound.atMost(0));
        }
        for (String figure : List.of(HotLatency.P99, Interfered.SLEEP, READ)) {
            samples.judge("", figure, control.name() + " (control)", control.name(), Samples.Bound.NONE);
        }
    }

    private static void one(Bench bench, Samples samples, Peer peer, boolean cold) throws Exception {
        Path root = Bench.data("mostly-hot");
        List<Path> hot = DataFiles.same(root, "hot", HOT_FILES, HOT_BYTES);
        List<Path> tenth = cold ? DataFiles.same(root, "cold", COLD_FILES, COLD_BYTES)
                : DataFiles.same(root, "large", LARGE_HOT_FILES, COLD_BYTES);
        // Pages count where they were read first: the server's own group is to have them, and to lose them.
        DataFiles.evict(hot);
        DataFiles.evict(tenth);
        List<Path> filling = tenth.subList(0, cold ? FILLING_FILES : LARGE_HOT_FILES);
        List<Path> asked = cold ? tenth.subList(FILLING_FILES, COLD_FILES) : tenth;
        try (CgroupLimits limits = Bench.limits(root, 0, MEMORY_BYTES);
                RunningPeer running = peer.start(root, limits);
                HotRequests client = new HotRequests(running, hot).warmUp(WARM_UP_REQUESTS)) {
            try (ClosedLoop fill = ClosedLoop.once(running, CONNECTIONS, filling)) {
                fill.await(LONGEST_MILLIS);
            }
            limits.throttleRead(root, Bench.DISK_BYTES_PER_SECOND);
            try (ClosedLoop others = ClosedLoop.start(running, CONNECTIONS, mixed(running, hot, asked), BYTES_PER_SECOND)) {
                // Asleep or not is found out before: who looks takes half a processor.
                DiskSleepSampler sampler = DiskSleepSampler.start(running.pid(), running.loopThreads());
                client.run(bench.millis(SETTLE_SECONDS, SETTLE_SECONDS_QUICK), PAUSE_MICROS);
                ThreadDiskAccount loop = sampler.stop();
                Histogram nanos = client.run(bench.millis(5, 2), PAUSE_MICROS);
                others.bytes();
                HotLatency.note(samples, peer, nanos);
                samples.add("", peer.name(), Interfered.SLEEP, loop.sleepMillis());
                samples.add("", peer.name(), READ, loop.readBytes());
            } finally {
                limits.unthrottle(root);
            }
        }
    }

    /** Asked by the one thread that reads, and by no other. */
    private static ClosedLoop.Requests mixed(RunningPeer running, List<Path> hot, List<Path> tenth) throws IOException {
        Random random = new Random(HOT_FILES);
        List<ByteBuffer> hotRequests = hot.stream().map(running::request).toList();
        int[] asked = new int[1];
        return connection -> {
            int number = asked[0]++;
            return number % COLD_EVERY == 0 ? running.request(tenth.get(number / COLD_EVERY % tenth.size()))
                    : hotRequests.get(random.nextInt(hotRequests.size()));
        };
    }
}
