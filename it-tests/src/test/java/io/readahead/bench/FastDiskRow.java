package io.readahead.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long cold files take from a disk at its own speed, and what a cold megabyte costs. */
final class FastDiskRow implements Row {

    static final int FILES = 8;
    static final long FILE_BYTES = 128L << 20;

    /** The disk's own rate changes by the second where it is shared: more and shorter rounds. */
    private static final int ROUNDS_PER_PAIR = 2;
    private static final String ROOT = "fast";
    /** Time for a JIT compiler to be through: it would take as much of two cores as the second or two that are measured. */
    private static final int WARM_UP_SECONDS = 8;
    private static final int WARM_UP_SECONDS_FOR_ONE = 4;
    private static final int WARM_UP_SECONDS_QUICK = 4;
    private static final List<Integer> DOWNLOADS = List.of(1, 8);
    private static final long LONGEST_MILLIS = 60_000;
    private static final String RATE = ColdThroughputRow.RATE;
    private static final String AGENT_CPU = "CPU of the agent's threads, us per MB";
    private static final String CPU = "CPU of the server, us per MB";
    private static final double LEAST_AGAINST_NONE = 1.2;
    private static final double MOST_CPU_MICROS = 150;
    private static final double MICROS = 1e6;

    @Override
    public String id() {
        return "cold-unthrottled";
    }

    @Override
    public String title() {
        return "Cold throughput and its cost: disk at its own speed, 1 GB in 8 files, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        measure(bench, samples, Bench.data(ROOT), "", ROUNDS_PER_PAIR * bench.pairs(), LEAST_AGAINST_NONE);
    }

    /**
     * Measures in a folder.
     *
     * @param root where the files are, or are to be
     * @param where what is said of it before each scene's name
     * @param leastAgainstNone bound of the rate beside that without the agent
     */
    static void measure(Bench bench, Samples samples, Path root, String where, int rounds, double leastAgainstNone) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        Peer nginx = Nginx.withThreads();
        try (RunningPeer first = agent.start(root, null);
                RunningPeer second = without.start(root, null);
                RunningPeer third = nginx.start(root, null)) {
            for (RunningPeer running : List.of(first, second, third)) {
                warmUp(bench.millis(WARM_UP_SECONDS, WARM_UP_SECONDS_QUICK), running, root, FILES);
            }
            for (int downloads : bench.quick() ? List.of(FILES) : DOWNLOADS) {
                String scene = where + (downloads == 1 ? "1 download" : downloads + " downloads");
                for (int round = 0; round < rounds; round++) {
                    download(samples, scene, agent, first, root, downloads);
                    download(samples, scene, without, second, root, downloads);
                    download(samples, scene, nginx, third, root, downloads);
                }
                samples.compare(scene, RATE, agent, without, Samples.Bound.atLeast(leastAgainstNone));
                samples.compare(scene, RATE, agent, nginx, Samples.Bound.atLeast(1));
                samples.judge(scene, AGENT_CPU, agent.name(), Samples.Bound.atMost(MOST_CPU_MICROS));
                samples.compare(scene, CPU, agent, without, Samples.Bound.NONE);
                samples.compare(scene, CPU, agent, nginx, Samples.Bound.NONE);
            }
        }
    }

    /** What so many connections get together from a server of their own. */
    static void one(Bench bench, Samples samples, String scene, Peer peer, int connections) throws Exception {
        Path root = Bench.data(ROOT);
        try (RunningPeer running = peer.start(root, null)) {
            warmUp(bench.millis(WARM_UP_SECONDS_FOR_ONE, WARM_UP_SECONDS_QUICK), running, root, connections);
            download(samples, scene, peer, running, root, connections);
        }
    }

    private static void warmUp(long millis, RunningPeer running, Path root, int connections) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            fetch(running, evicted(root), connections);
        }
    }

    private static List<Path> evicted(Path root) throws IOException, InterruptedException {
        List<Path> files = DataFiles.same(root, "cold", FILES, FILE_BYTES);
        DataFiles.evict(files);
        return files;
    }

    /** What so many connections get together that fetch all files, and what that costs. */
    private static void download(Samples samples, String scene, Peer peer, RunningPeer running, Path root, int connections)
            throws Exception {
        List<Path> files = evicted(root);
        double cpu = ProcessCost.cpuSeconds(running.pid());
        double agentCpu = ProcessCost.threadCpuSeconds(running.pid(), "readahead");
        long begin = System.nanoTime();
        double megabytes = fetch(running, files, connections) / (double) Bench.MB;
        samples.add(scene, peer.name(), RATE, megabytes / ((System.nanoTime() - begin) / 1e9));
        samples.add(scene, peer.name(), CPU, (ProcessCost.cpuSeconds(running.pid()) - cpu) * MICROS / megabytes);
        if (running.kind() != null) {
            samples.add(scene, peer.name(), AGENT_CPU,
                    (ProcessCost.threadCpuSeconds(running.pid(), "readahead") - agentCpu) * MICROS / megabytes);
        }
    }

    private static long fetch(RunningPeer running, List<Path> files, int connections) throws Exception {
        try (ClosedLoop downloads = ClosedLoop.once(running, connections, files)) {
            return downloads.await(LONGEST_MILLIS).bytes();
        }
    }
}
