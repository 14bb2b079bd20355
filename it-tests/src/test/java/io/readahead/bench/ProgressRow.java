package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.WithoutSystemCalls;
import java.nio.file.Path;
import java.util.List;

/** How much longer transfers take where reading ahead is in vain: windows are evicted unsent, or nobody tells what is there. */
final class ProgressRow implements Row {

    private static final int DOWNLOADS = 64;
    private static final long FILE_BYTES = 2L << 20;
    /** The JVM and the socket buffers need most of it. */
    private static final long MEMORY_BYTES = 160L << 20;
    private static final long LONGEST_MILLIS = 120_000;
    private static final double MOST_RATIO = 2;
    private static final String SECONDS = "seconds until all had their files";
    private static final String LITTLE_MEMORY = "160 MB of memory";
    private static final String NOBODY_TELLS = "no cachestat, no RWF_NOWAIT";

    @Override
    public String id() {
        return "progress";
    }

    @Override
    public String title() {
        return "Progress: 64 cold downloads of 2 MB, where reading ahead is in vain, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer.Java agent = bench.agent(Bench.Kind.NETTY);
        Peer.Java without = bench.without(Bench.Kind.NETTY);
        if (!bench.quick()) {
            compare(bench, samples, LITTLE_MEMORY, agent, without, MEMORY_BYTES);
        }
        String[] untold = WithoutSystemCalls.wrapper(WithoutSystemCalls.ENOSYS, "preadv2", "cachestat");
        compare(bench, samples, NOBODY_TELLS, agent.behind(untold), without.behind(untold), 0);
    }

    private static void compare(Bench bench, Samples samples, String scene, Peer agent, Peer without, long memoryBytes) throws Exception {
        for (int round = 0; round < bench.pairs(); round++) {
            one(samples, scene, agent, memoryBytes);
            one(samples, scene, without, memoryBytes);
        }
        samples.compare(scene, SECONDS, agent, without, Samples.Bound.atMost(MOST_RATIO));
    }

    /** With little memory the disk is slow too, so that what is read twice takes twice as long; else it is as fast as it is. */
    private static void one(Samples samples, String scene, Peer peer, long memoryBytes) throws Exception {
        Path root = Bench.data("progress");
        List<Path> files = DataFiles.same(root, "cold", DOWNLOADS, FILE_BYTES);
        DataFiles.evict(files);
        if (memoryBytes == 0) {
            // Without a group, for the shell that puts a server into one can't stand behind WithoutSystemCalls.
            try (RunningPeer running = peer.start(root, null)) {
                samples.add(scene, peer.name(), SECONDS, fetch(running, files));
            }
            return;
        }
        try (CgroupLimits limits = Bench.limits(root, Bench.DISK_BYTES_PER_SECOND, memoryBytes);
                RunningPeer running = peer.start(root, limits)) {
            samples.add(scene, peer.name(), SECONDS, fetch(running, files));
            limits.unthrottle(root);
        }
    }

    private static double fetch(RunningPeer running, List<Path> files) throws Exception {
        long begin = System.nanoTime();
        try (ClosedLoop downloads = ClosedLoop.once(running, files.size(), files)) {
            if (downloads.await(LONGEST_MILLIS).answers() < files.size()) {
                throw new IllegalStateException("only " + downloads.answers() + " of " + files.size() + " files came");
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
