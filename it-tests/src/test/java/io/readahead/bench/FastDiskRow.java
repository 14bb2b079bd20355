package io.readahead.bench;

import java.nio.file.Path;
import java.util.List;

/** How long cold files take from a disk at its own speed, and what a cold megabyte costs. */
final class FastDiskRow implements Row {

    private static final int FILES = 8;
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
        return "Cold throughput and its cost: disk at its own speed, 2 GB in 8 files, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        Peer nginx = Nginx.withThreads();
        for (int downloads : bench.quick() ? List.of(8) : DOWNLOADS) {
            String scene = downloads == 1 ? "1 download" : downloads + " downloads";
            for (int round = 0; round < bench.pairs(); round++) {
                for (Peer peer : List.of(agent, without, nginx)) {
                    one(samples, scene, peer, downloads);
                }
            }
            samples.compare(scene, RATE, agent, without, Samples.Bound.atLeast(LEAST_AGAINST_NONE));
            samples.compare(scene, RATE, agent, nginx, Samples.Bound.atLeast(1));
            samples.judge(scene, AGENT_CPU, agent.name(), Samples.Bound.atMost(MOST_CPU_MICROS));
            samples.compare(scene, CPU, agent, without, Samples.Bound.NONE);
            samples.compare(scene, CPU, agent, nginx, Samples.Bound.NONE);
        }
    }

    /** What so many connections get together that fetch all files, and what that costs. */
    static void one(Samples samples, String scene, Peer peer, int connections) throws Exception {
        Path root = Bench.data("big");
        List<Path> files = DataFiles.same(root, "cold", FILES, ColdThroughputRow.FILE_BYTES);
        List<Path> warmUp = DataFiles.same(root, "warm-up", FILES, 2L << 20);
        DataFiles.evict(files);
        DataFiles.evict(warmUp);
        try (RunningPeer running = peer.start(root, null)) {
            fetch(running, warmUp, connections);
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
    }

    private static long fetch(RunningPeer running, List<Path> files, int connections) throws Exception {
        try (ClosedLoop downloads = ClosedLoop.once(running, connections, files)) {
            return downloads.await(LONGEST_MILLIS).bytes();
        }
    }
}
