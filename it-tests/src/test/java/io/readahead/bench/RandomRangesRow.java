package io.readahead.bench;

import io.readahead.kit.ProcessCounts;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Ranges at random places of a large file, as a player asks for when its user seeks: is more read than is sent? */
final class RandomRangesRow implements Row {

    private static final long FILE_BYTES = 1L << 30;
    private static final int CONNECTIONS = 8;
    /** Time for a JIT compiler to be through: what is measured takes two seconds. */
    private static final int WARM_UP_SECONDS = 6;
    private static final int WARM_UP_SECONDS_QUICK = 2;
    private static final int WARM_UP_PARTS = 4;
    private static final int MOST_RANGES = 3000;
    private static final int LEAST_BYTES = 16 << 10;
    private static final int MOST_BYTES = 256 << 10;
    private static final double MOST_RATIO = 1.25;
    private static final String RATIO = "disk bytes / bytes sent";
    private static final String RATE = "ranges/s";

    @Override
    public String id() {
        return "random-ranges";
    }

    @Override
    public String title() {
        return "Random ranges: 16 KB to 256 KB at any place of a cold 1 GB file, 8 connections, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        for (int round = 0; round < bench.pairs(); round++) {
            one(bench, samples, agent, round);
            one(bench, samples, without, round);
        }
        samples.judge("", RATIO, agent.name(), Samples.Bound.atMost(MOST_RATIO));
        samples.compare("", RATIO, agent, without, Samples.Bound.NONE);
        samples.compare("", RATE, agent, without, Samples.Bound.NONE);
    }

    private static void one(Bench bench, Samples samples, Peer peer, int round) throws Exception {
        Path root = Bench.data("ranges");
        List<Path> files = DataFiles.same(root, "video", 1, FILE_BYTES);
        Random random = new Random(round);
        try (RunningPeer running = peer.start(root, null)) {
            for (int part = 0; part < WARM_UP_PARTS; part++) {
                DataFiles.evict(files);
                fetch(running, files.get(0), random, Integer.MAX_VALUE,
                        bench.millis(WARM_UP_SECONDS, WARM_UP_SECONDS_QUICK) / WARM_UP_PARTS).close();
            }
            DataFiles.evict(files);
            long before = ProcessCounts.readBytes(running.pid());
            long begin = System.nanoTime();
            try (ClosedLoop clients = fetch(running, files.get(0), random, bench.quick() ? MOST_RANGES / 3 : MOST_RANGES,
                    bench.millis(30, 15))) {
                samples.add("", peer.name(), RATE, clients.answers() / ((System.nanoTime() - begin) / 1e9));
                samples.add("", peer.name(), RATIO, (ProcessCounts.readBytes(running.pid()) - before) / (double) clients.bytes());
            }
        }
    }

    /** So many ranges, or as many as there is time for. */
    private static ClosedLoop fetch(RunningPeer running, Path file, Random random, int ranges, long millis) throws Exception {
        int[] left = {ranges};
        return ClosedLoop.start(running, CONNECTIONS, connection -> next(running, file, random, left), ClosedLoop.UNLIMITED).await(millis);
    }

    private static ByteBuffer next(RunningPeer running, Path file, Random random, int[] left) {
        if (left[0]-- <= 0) {
            return null;
        }
        int length = random.nextInt(LEAST_BYTES, MOST_BYTES + 1);
        return running.request(file, random.nextLong(FILE_BYTES - length), length);
    }
}
