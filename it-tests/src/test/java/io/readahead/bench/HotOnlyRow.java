package io.readahead.bench;

import io.readahead.kit.TemporaryMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the agent costs a server whose files, many, are all in memory, at as many requests as the server can take. */
final class HotOnlyRow implements Row {

    private static final String SMALL = "4 KB";
    private static final String QUICK = "20 KB";
    private static final Map<String, Long> SIZES = sizes();
    private static final List<Bench.Kind> KINDS = List.of(Bench.Kind.NETTY, Bench.Kind.NETTY_EPOLL, Bench.Kind.TOMCAT, Bench.Kind.JETTY);
    private static final int CONNECTIONS = 16;
    /** So many of a size, or so many bytes where that is less. */
    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 512L << 20;
    private static final int FEW_FILES = 3;
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
    /**
     * Whom the kernel does not tell what it tells a file's owner, and who may write it. It may read and search all, so that it finds agent
     * and server in whatever folder they were built.
     */
    private static final String[] ANOTHER_USER = {"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"};
    /** C2 is through with server and agent after some 10 s of load, and takes an eighth of the CPU before. */
    private static final int WARM_UP_SECONDS = 10;
    /** Of a server that is warm, for other files. */
    private static final int WARM_UP_SECONDS_AGAIN = 1;
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BROKEN = Pattern.compile("Socket errors|Non-2xx");
    private static final String PER_SECOND = "requests/s";
    private static final String CPU = "CPU per request, us";
    private static final String USER = "user per request, us";
    private static final String SYSTEM = "system per request, us";
    private static final double LEAST_RATIO = 0.99;
    private static final double LEAST_RATIO_ON_OVERLAY = 0.97;
    private static final double MICROS = 1e6;

    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        sizes.put(SMALL, 4L << 10);
        sizes.put(QUICK, 20L << 10);
        sizes.put("1 MB", 1L << 20);
        return sizes;
    }

    /**
     * What is asked for.
     *
     * @param root folder that is served
     * @param bytes of each file
     */
    private record Scene(String name, Path root, long bytes, int count) {

        /** As many files of a size of the table as there are of it. */
        Scene(String name, Path root, String size) {
            this(name, root, SIZES.get(size), (int) Math.min(MOST_FILES, MOST_BYTES / SIZES.get(size)));
        }

        Scene ofFew(String otherName) {
            return new Scene(otherName, root, bytes, FEW_FILES);
        }

        /** The files, written if they aren't there. */
        List<Path> files() throws IOException, InterruptedException {
            return DataFiles.same(root, name(bytes), count, bytes);
        }

        /** The path of them all, up to their number. */
        String path(RunningPeer running) {
            return running.pathOf(root.resolve(name(bytes) + "-"));
        }

        private static String name(long bytes) {
            return "hot-" + bytes;
        }
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
        return "Hot only: 16 keep-alive connections saturate a server whose files are in memory, by wrk";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Files.writeString(script(), SCRIPT);
        Path root = Bench.data("hot");
        if (bench.quick()) {
            compare(bench, samples, bench.agent(Bench.Kind.NETTY), bench.without(Bench.Kind.NETTY), LEAST_RATIO,
                    new Scene(QUICK, root, QUICK));
            return;
        }
        for (Bench.Kind kind : KINDS) {
            List<Scene> scenes = new ArrayList<>(SIZES.keySet().stream().map(size -> new Scene(size, root, size)).toList());
            if (kind == Bench.Kind.NETTY) {
                scenes.add(0, scenes.get(0).ofFew(SMALL + ", 3 files"));
            }
            compare(bench, samples, bench.agent(kind), bench.without(kind), LEAST_RATIO, scenes.toArray(Scene[]::new));
        }
        compare(bench, samples, bench.agent(Bench.Kind.NETTY).behind(ANOTHER_USER), bench.without(Bench.Kind.NETTY).behind(ANOTHER_USER),
                LEAST_RATIO, new Scene(SMALL + ", another user", root, SMALL));
        onOverlay(bench, samples);
        Peer.Java without = bench.without(Bench.Kind.NETTY);
        compare(bench, samples, without.named(without.name() + " (control)"), without, 0,
                new Scene(SMALL + ", no agent on either side", root, SMALL));
    }

    /** As in a container whose image holds the files: they lie in the lower layer. */
    private static void onOverlay(Bench bench, Samples samples) throws Exception {
        Path layers = Bench.data("hot-overlay");
        Path lower = layers.resolve("lower");
        new Scene(SMALL, lower, SMALL).files();
        try (TemporaryMount mount = TemporaryMount.overlay(lower, layers.resolve("merged"))) {
            Scene many = new Scene(SMALL + ", overlay", mount.root(), SMALL);
            compare(bench, samples, bench.agent(Bench.Kind.NETTY), bench.without(Bench.Kind.NETTY), LEAST_RATIO_ON_OVERLAY,
                    many.ofFew(SMALL + ", overlay, 3 files"), many);
        }
    }

    /**
     * Both are up at once, and are asked by turns.
     *
     * @param scenes all in one folder
     * @param leastRatio of their rates; 0 where it is only told
     */
    private static void compare(Bench bench, Samples samples, Peer subject, Peer peer, double leastRatio, Scene... scenes)
            throws Exception {
        try (RunningPeer first = subject.start(scenes[0].root, null); RunningPeer second = peer.start(scenes[0].root, null)) {
            int warmUpSeconds = WARM_UP_SECONDS;
            for (Scene scene : scenes) {
                DataFiles.warm(scene.files());
                wrk(first, scene, warmUpSeconds);
                wrk(second, scene, warmUpSeconds);
                warmUpSeconds = WARM_UP_SECONDS_AGAIN;
                for (int pair = 0; pair < bench.manyPairs(); pair++) {
                    one(bench, samples, scene, subject, first);
                    one(bench, samples, scene, peer, second);
                }
                boolean told = leastRatio == 0;
                samples.compare(scene.name, PER_SECOND, subject, peer, told ? Samples.Bound.NONE : Samples.Bound.atLeast(leastRatio));
                samples.compare(scene.name, CPU, subject, peer, told ? Samples.Bound.NONE : Samples.Bound.atMost(2 - leastRatio));
                samples.compare(scene.name, USER, subject, peer, Samples.Bound.NONE);
                samples.compare(scene.name, SYSTEM, subject, peer, Samples.Bound.NONE);
            }
        }
    }

    private static Path script() throws IOException {
        return Bench.folder().resolve("hot-files.lua");
    }

    private static void one(Bench bench, Samples samples, Scene scene, Peer peer, RunningPeer running) throws Exception {
        ProcessCost.Cpu before = ProcessCost.cpu(running.pid());
        Load load = wrk(running, scene, (int) (bench.millis(3, 2) / 1000));
        ProcessCost.Cpu cpu = ProcessCost.cpu(running.pid()).since(before);
        samples.add(scene.name, peer.name(), PER_SECOND, load.perSecond);
        samples.add(scene.name, peer.name(), CPU, cpu.seconds() * MICROS / load.requests);
        samples.add(scene.name, peer.name(), USER, cpu.userSeconds() * MICROS / load.requests);
        samples.add(scene.name, peer.name(), SYSTEM, cpu.systemSeconds() * MICROS / load.requests);
    }

    private static Load wrk(RunningPeer running, Scene scene, int seconds) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "-s", script().toString(),
                "http://" + running.host() + ":" + running.port() + "/", "--", scene.path(running), Integer.toString(scene.count))
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
