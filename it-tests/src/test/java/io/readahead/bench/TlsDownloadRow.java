package io.readahead.bench;

import io.readahead.it.NettyServer;
import io.readahead.kit.CgroupLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads over TLS, one connection at a time: what the agent costs where the file is in memory, and what it gives where it is not.
 *
 * <p>All servers run at once and are asked by turns; the client is wrk, which decrypts by OpenSSL.
 */
final class TlsDownloadRow implements Row {

    private static final int FILES = 8;
    private static final int WARM_UP_SECONDS = 4;
    private static final int MOST_WARM_UPS = 6;
    /** A rate that grows by less is that of compiled code. */
    private static final double GROWTH = 1.05;
    private static final double LEAST_RATIO = 0.99;
    private static final double MICROS = 1e6;
    private static final String RATE = "MB/s";
    private static final String CPU = "CPU of the server, us per MB";
    private static final Pattern DONE = Pattern.compile("bytes=(\\d+) micros=(\\d+) errors=(\\d+)");

    /** Fetches the paths behind {@code --} one after the other, and says to the byte what came. */
    private static final String SCRIPT = """
            local paths, at = {}, 0
            init = function(arguments) paths = arguments end
            request = function()
              at = at % #paths + 1
              return wrk.format("GET", paths[at])
            end
            done = function(summary, latency, requests)
              local errors = summary.errors
              io.write(string.format("bytes=%d micros=%d errors=%d\\n", summary.bytes, summary.duration,
                  errors.connect + errors.read + errors.write + errors.status + errors.timeout))
            end
            """;

    /** Where the files are when a download begins. */
    private enum Scene {
        HOT("hot", false, 0), SLOW_DISK("cold, disk 40 MB/s", true, Bench.DISK_BYTES_PER_SECOND),
        FAST_DISK("cold, disk at its own speed", true, 0);

        private final String title;
        private final boolean cold;
        private final long diskBytesPerSecond;

        Scene(String title, boolean cold, long diskBytesPerSecond) {
            this.title = title;
            this.cold = cold;
            this.diskBytesPerSecond = diskBytesPerSecond;
        }
    }

    /** A server that runs. */
    private record Subject(Peer peer, RunningPeer running) {
    }

    @Override
    public String id() {
        return "download-tls";
    }

    @Override
    public String title() {
        return "Download over TLS: one connection, files of 256 MB, Netty by ChunkedNioFile, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = new Peer.Java("Netty TLS, agent", NettyServer.secured("4.2", "nio"), bench.jdk(), true);
        Peer without = new Peer.Java("Netty TLS, no agent", NettyServer.secured("4.2", "nio"), bench.jdk(), false);
        Peer nginx = Nginx.secured();
        Path root = Bench.data("big");
        List<Path> cold = DataFiles.same(root, "cold", FILES, ColdThroughputRow.FILE_BYTES);
        Path script = Files.writeString(Bench.folder().resolve("downloads.lua"), SCRIPT);
        try (CgroupLimits limits = Bench.limits(root, 0, 0);
                RunningPeer first = agent.start(root, limits);
                RunningPeer second = without.start(root, limits);
                RunningPeer third = nginx.start(root, limits)) {
            List<Subject> subjects = List.of(new Subject(agent, first), new Subject(without, second), new Subject(nginx, third));
            DataFiles.warm(cold);
            for (Subject subject : subjects) {
                warmUp(subject, script, cold);
            }
            for (Scene scene : Scene.values()) {
                int seconds = (int) (bench.millis(3, 2) / 1000);
                for (int round = 0; round < bench.pairs(); round++) {
                    for (Subject subject : subjects) {
                        one(samples, scene, subject, limits, root, cold, script, seconds);
                    }
                }
            }
        }
        samples.compare(Scene.HOT.title, RATE, agent, without, Samples.Bound.atLeast(LEAST_RATIO));
        samples.compare(Scene.HOT.title, CPU, agent, without, Samples.Bound.atMost(2 - LEAST_RATIO));
        samples.compare(Scene.SLOW_DISK.title, RATE, agent, without, Samples.Bound.atLeast(LEAST_RATIO));
        samples.compare(Scene.FAST_DISK.title, RATE, agent, without, Samples.Bound.atLeast(1));
        for (Scene scene : Scene.values()) {
            samples.compare(scene.title, RATE, agent, nginx, Samples.Bound.NONE);
            samples.compare(scene.title, CPU, agent, nginx, Samples.Bound.NONE);
        }
    }

    private static void warmUp(Subject subject, Path script, List<Path> files) throws IOException, InterruptedException {
        long before = 0;
        for (int time = 0; time < MOST_WARM_UPS; time++) {
            long bytes = wrk(script, subject.running, files, WARM_UP_SECONDS).bytes;
            if (bytes < before * GROWTH) {
                return;
            }
            before = bytes;
        }
    }

    private static void one(Samples samples, Scene scene, Subject subject, CgroupLimits limits, Path root, List<Path> files, Path script,
                            int seconds) throws Exception {
        if (scene.cold) {
            DataFiles.evict(files);
        } else {
            DataFiles.warm(files);
        }
        if (scene.diskBytesPerSecond > 0) {
            limits.throttleRead(root, scene.diskBytesPerSecond);
        }
        try {
            double cpu = ProcessCost.cpuSeconds(subject.running.pid());
            Load load = wrk(script, subject.running, files, seconds);
            double megabytes = load.bytes / (double) Bench.MB;
            samples.add(scene.title, subject.peer.name(), RATE, megabytes / load.seconds);
            samples.add(scene.title, subject.peer.name(), CPU,
                    (ProcessCost.cpuSeconds(subject.running.pid()) - cpu) * MICROS / megabytes);
        } finally {
            limits.unthrottle(root);
        }
    }

    /** What wrk says. */
    private record Load(long bytes, double seconds) {
    }

    private static Load wrk(Path script, RunningPeer running, List<Path> files, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c1", "-d" + seconds + "s", "--timeout", "60s", "-s",
                script.toString(), "https://" + running.host() + ":" + running.port() + "/", "--"));
        files.forEach(file -> command.add(running.pathOf(file)));
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher done = DONE.matcher(output);
        if (wrk.waitFor() != 0 || !done.find() || !done.group(3).equals("0")) {
            throw new IOException("wrk: " + output);
        }
        return new Load(Long.parseLong(done.group(1)), Long.parseLong(done.group(2)) / MICROS);
    }
}
