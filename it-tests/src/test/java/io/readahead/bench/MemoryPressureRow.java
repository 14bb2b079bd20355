package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.ProcessCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** More slow readers than memory has room for whole windows: is anything read twice? */
final class MemoryPressureRow implements Row {

    private static final long MEMORY_BYTES = 512L << 20;
    private static final int READERS = 2000;
    private static final int QUICK_READERS = 1000;
    private static final long BYTES_PER_SECOND = 40_000;
    private static final long LONGEST_MILLIS = 60_000;
    private static final double MOST_RATIO = 1.1;
    private static final String RATIO = "disk bytes / bytes sent";
    private static final String SECONDS = "seconds until all had their files";

    @Override
    public String id() {
        return "memory-pressure";
    }

    @Override
    public String title() {
        return "Memory pressure: 2,000 slow readers of 512 KB files each, 512 MB of memory, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        int rounds = bench.fewPairs();
        for (int round = 0; round < rounds; round++) {
            one(bench, samples, agent);
            one(bench, samples, without);
        }
        samples.judge("", RATIO, agent.name(), Samples.Bound.atMost(MOST_RATIO));
        samples.compare("", RATIO, agent, without, Samples.Bound.NONE);
        samples.compare("", SECONDS, agent, without, Samples.Bound.NONE);
    }

    private static void one(Bench bench, Samples samples, Peer peer) throws Exception {
        Path root = Bench.data("trickle");
        List<Path> files = DataFiles.same(root, "cold", ScaleRow.FILES, ScaleRow.FILE_BYTES)
                .subList(0, bench.quick() ? QUICK_READERS : READERS);
        List<Path> hot = DataFiles.same(root, "hot", 1, 4L << 10);
        DataFiles.evict(files);
        try (CgroupLimits limits = Bench.limits(root, 0, MEMORY_BYTES);
                RunningPeer running = peer.start(root, limits)) {
            HotRequests.warmUp(running, hot, 1000);
            long before = ProcessCounts.readBytes(running.pid());
            long begin = System.nanoTime();
            try (SlowReaders readers = SlowReaders.start(running, files, BYTES_PER_SECOND)) {
                readers.await(LONGEST_MILLIS);
                if (readers.ended() < files.size()) {
                    throw new IOException("only " + readers.ended() + " of " + files.size() + " readers got their file; they have "
                            + Arrays.stream(readers.received()).summaryStatistics() + " bytes");
                }
                long sent = Arrays.stream(readers.received()).sum();
                samples.add("", peer.name(), SECONDS, (System.nanoTime() - begin) / 1e9);
                samples.add("", peer.name(), RATIO, (ProcessCounts.readBytes(running.pid()) - before) / (double) sent);
            }
        }
    }
}
