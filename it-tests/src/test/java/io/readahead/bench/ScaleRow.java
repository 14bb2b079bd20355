package io.readahead.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Thousands of connections that trickle, each with a cold file of its own, on one loop. */
final class ScaleRow implements Row {

    static final int FILES = 10_000;
    static final long FILE_BYTES = 512L << 10;

    /** A connection and its file are two descriptors of the server; the rest is for the JVM and the agent. */
    private static final int MOST_CONNECTIONS = (Integer.getInteger("readahead.bench.descriptors") - 1000) / 2;
    private static final long BYTES_PER_SECOND = 20_000;
    private static final int CONNECTIONS_QUICK = 1000;
    /** All have begun, and what is parked and resumed is compiled; a file is fetched in 25 s. */
    private static final int SETTLE_SECONDS = 10;
    private static final int SETTLE_SECONDS_QUICK = 3;
    private static final long PAUSE_MICROS = 5000;
    private static final int P99 = 99;
    private static final double MICROS = 1e6;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MOST_UNFAIR = 2;
    private static final double MOST_TURN_MILLIS = 50;
    private static final double MOST_HEAP = 32;
    private static final String PROGRESS = "progress, max / min";
    private static final String SHARE = "progress, share of what was asked for";
    private static final String TURN = "hot 4 KB request p99, ms";
    private static final String HEAP = "live heap, MB";
    private static final String DESCRIPTORS = "descriptors";
    /** By somebody else than the server, who opens each once: the agent opens none. */
    private static final String TWICE = "descriptors of files that are open already";
    private static final String THREADS = "threads";
    private static final String CPU = "CPU of the server per connection, us/s";
    /** They compile for a minute: what a connection costs shows in what is left. */
    private static final String CPU_WITHOUT_JIT = "the same without its JIT compilers, us/s";
    private static final double MOST_CPU = 1.5;
    private static final String[] JIT_COMPILERS = {"C1 CompilerThre", "C2 CompilerThre"};
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    @Override
    public String id() {
        return "scale";
    }

    @Override
    public String title() {
        return "Scale: each connection trickles its own cold 512 KB file at 20 KB/s, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        int rounds = bench.fewPairs();
        int count = Math.min(bench.quick() ? CONNECTIONS_QUICK : FILES, MOST_CONNECTIONS);
        String scene = count + " connections";
        for (int round = 0; round < rounds; round++) {
            one(bench, samples, scene, agent, count);
            one(bench, samples, scene, without, count);
        }
        samples.judge(scene, PROGRESS, agent.name(), Samples.Bound.atMost(MOST_UNFAIR));
        samples.compare(scene, PROGRESS, agent, without, Samples.Bound.NONE);
        samples.compare(scene, SHARE, agent, without, Samples.Bound.NONE);
        samples.judge(scene, TURN, agent.name(), Samples.Bound.atMost(MOST_TURN_MILLIS));
        samples.compare(scene, TURN, agent, without, Samples.Bound.NONE);
        samples.difference(scene, HEAP, agent, without, Samples.Bound.atMost(MOST_HEAP));
        samples.judge(scene, TWICE, agent.name(), Samples.Bound.atMost(0));
        samples.difference(scene, DESCRIPTORS, agent, without, Samples.Bound.NONE);
        samples.difference(scene, THREADS, agent, without, Samples.Bound.NONE);
        samples.compare(scene, CPU, agent, without, Samples.Bound.NONE);
        samples.compare(scene, CPU_WITHOUT_JIT, agent, without, Samples.Bound.atMost(MOST_CPU));
    }

    private static void one(Bench bench, Samples samples, String scene, Peer peer, int count) throws Exception {
        Path root = Bench.data("trickle");
        List<Path> files = DataFiles.same(root, "cold", FILES, FILE_BYTES).subList(0, count);
        List<Path> hot = DataFiles.same(root, "hot", 1, 4L << 10);
        DataFiles.evict(files);
        try (RunningPeer running = peer.start(root, null);
                HotRequests client = new HotRequests(running, hot).warmUp(2000);
                SlowReaders readers = SlowReaders.start(running, files, BYTES_PER_SECOND)) {
            TimeUnit.MILLISECONDS.sleep(bench.millis(SETTLE_SECONDS, SETTLE_SECONDS_QUICK));
            long[] before = readers.received();
            double jit = ProcessCost.threadCpuSeconds(running.pid(), JIT_COMPILERS);
            double cpu = ProcessCost.cpuSeconds(running.pid());
            long begin = System.nanoTime();
            Histogram nanos = client.run(bench.millis(10, 6), PAUSE_MICROS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            long[] after = readers.received();
            cpu = ProcessCost.cpuSeconds(running.pid()) - cpu;
            // One that has ended meanwhile, which they do when they have nothing to do, is not subtracted.
            jit = Math.max(0, ProcessCost.threadCpuSeconds(running.pid(), JIT_COMPILERS) - jit);
            samples.add(scene, peer.name(), CPU, cpu * MICROS / seconds / count);
            samples.add(scene, peer.name(), CPU_WITHOUT_JIT, (cpu - jit) * MICROS / seconds / count);
            progress(samples, scene, peer, before, after, seconds);
            samples.add(scene, peer.name(), TURN, nanos.getValueAtPercentile(P99) / NANOS_PER_MILLI);
            samples.add(scene, peer.name(), DESCRIPTORS, ProcessCost.descriptors(running.pid()));
            samples.add(scene, peer.name(), TWICE, ProcessCost.openTwice(running.pid(), root));
            samples.add(scene, peer.name(), THREADS, ProcessCost.threads(running.pid()));
            samples.add(scene, peer.name(), HEAP, liveHeapMegabytes(bench, running.pid()));
        }
    }

    private static void progress(Samples samples, String scene, Peer peer, long[] before, long[] after, double seconds) {
        long[] steps = new long[before.length];
        Arrays.setAll(steps, i -> after[i] - before[i]);
        long least = Arrays.stream(steps).min().orElseThrow();
        long most = Arrays.stream(steps).max().orElseThrow();
        samples.add(scene, peer.name(), PROGRESS, least == 0 ? Double.POSITIVE_INFINITY : (double) most / least);
        samples.add(scene, peer.name(), SHARE, Arrays.stream(steps).sum() / (seconds * BYTES_PER_SECOND * before.length));
    }

    /** What is alive after a full collection, by the class histogram of jcmd. */
    private static double liveHeapMegabytes(Bench bench, long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(bench.jdk().home().resolve("bin/jcmd").toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = TOTAL.matcher(output);
        if (jcmd.waitFor() != 0 || !total.find()) {
            throw new IOException("jcmd GC.class_histogram: " + output);
        }
        return Long.parseLong(total.group(1)) / (double) Bench.MB;
    }
}
