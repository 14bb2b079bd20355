package io.readahead.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the agent costs a server whose files, many, are all in memory, at as many requests as its one loop can take. */
final class HotOnlyRow implements Row {

    private static final Map<String, Long> SIZES = sizes();
    private static final int CONNECTIONS = 16;
    /** So many of a size, or so many bytes where that is less. */
    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 512L << 20;
    /** Asks for files by chance; what it is told is the path of them all, up to their number, and how many there are. */
    private static final String SCRIPT = """
            local requests = {}
            local count
            function init(args)
              count = tonumber(args[2])
              for number = 0, count - 1 do
                requests[number] = wrk.format("GET", args[1] .. number .. ".bin")
              end
            end
            function request()
              return requests[math.random(0, count - 1)]
            end
            """;
    private static final int WARM_UP_SECONDS = 4;
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BROKEN = Pattern.compile("Socket errors|Non-2xx");
    private static final String PER_SECOND = "requests/s";
    private static final String CPU = "CPU per request, us";
    private static final double LEAST_RATIO = 0.99;
    private static final double MICROS = 1e6;

    private static Map<String, Long> sizes(Bench bench) {
        return bench.quick() ? Map.of("20 KB", SIZES.get("20 KB")) : SIZES;
    }

    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        sizes.put("4 KB", 4L << 10);
        sizes.put("20 KB", 20L << 10);
        sizes.put("1 MB", 1L << 20);
        return sizes;
    }

    /** What wrk says. */
    private record Load(long requests, double perSecond) {
    }

    @Override
    public String id() {
        return "hot-only";
    }

    @Override
    public String title() {
        return "Hot only: 16 keep-alive connections saturate one loop, by wrk";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Path root = Bench.data("hot");
        Files.writeString(script(), SCRIPT);
        for (Map.Entry<String, Long> size : sizes(bench).entrySet()) {
            DataFiles.warm(DataFiles.same(root, "hot-" + size.getValue(), files(size.getValue()), size.getValue()));
        }
        for (Bench.Kind kind : bench.quick() ? List.of(Bench.Kind.NETTY) : List.of(Bench.Kind.NETTY, Bench.Kind.JETTY)) {
            Peer agent = bench.agent(kind);
            Peer without = bench.without(kind);
            try (RunningPeer first = agent.start(root, null); RunningPeer second = without.start(root, null)) {
                for (Map.Entry<String, Long> size : sizes(bench).entrySet()) {
                    Path files = root.resolve("hot-" + size.getValue() + "-");
                    int count = files(size.getValue());
                    wrk(first, files, count, WARM_UP_SECONDS);
                    wrk(second, files, count, WARM_UP_SECONDS);
                    for (int round = 0; round < bench.pairs(); round++) {
                        one(bench, samples, size.getKey(), agent, first, files, count);
                        one(bench, samples, size.getKey(), without, second, files, count);
                    }
                    samples.compare(size.getKey(), PER_SECOND, agent, without, Samples.Bound.atLeast(LEAST_RATIO));
                    samples.compare(size.getKey(), CPU, agent, without, Samples.Bound.atMost(2 - LEAST_RATIO));
                }
            }
        }
    }

    private static int files(long bytes) {
        return (int) Math.min(MOST_FILES, MOST_BYTES / bytes);
    }

    private static Path script() throws IOException {
        return Bench.folder().resolve("hot-files.lua");
    }

    private static void one(Bench bench, Samples samples, String scene, Peer peer, RunningPeer running, Path files, int count)
            throws Exception {
        double before = ProcessCost.cpuSeconds(running.pid());
        Load load = wrk(running, files, count, (int) (bench.millis(3, 2) / 1000));
        double cpu = ProcessCost.cpuSeconds(running.pid()) - before;
        samples.add(scene, peer.name(), PER_SECOND, load.perSecond);
        samples.add(scene, peer.name(), CPU, cpu * MICROS / load.requests);
    }

    private static Load wrk(RunningPeer running, Path files, int count, int seconds) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "-s", script().toString(),
                "http://" + running.host() + ":" + running.port() + "/", "--", running.pathOf(files), Integer.toString(count))
                .redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher requests = REQUESTS.matcher(output);
        Matcher rate = RATE.matcher(output);
        if (wrk.waitFor() != 0 || !requests.find() || !rate.find() || BROKEN.matcher(output).find()) {
            throw new IOException("wrk: " + output);
        }
        return new Load(Long.parseLong(requests.group(1)), Double.parseDouble(rate.group(1)));
    }
}
