package io.readahead.bench;

import io.readahead.kit.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What a woven call costs more than the call itself, by JMH: {@link HotCallBenchmark}. */
final class HotCallRow implements Row {

    /** On a machine where a system call takes 400 ns; a fourth of it where one takes 75. */
    private static final double MOST_NANOS = 250;
    private static final String HOOK = "hook and probe, ns";
    private static final String PERCENT = "hook and probe, % of sendfile";
    private static final String SENDFILE = "sendfile, ns";
    private static final String ALLOCATED = "allocated more, bytes per call";
    private static final double PER_CENT = 100;

    @Override
    public String id() {
        return "hot-call";
    }

    @Override
    public String title() {
        return "One hot call: sendfile to a loopback socket, woven and not, by turns in one loop of JMH";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        // The first of each version: two folders of one release are one JDK.
        Map<Integer, Jdk> jdks = Jdk.all().stream().sorted(Comparator.comparing(Jdk::feature))
                .collect(Collectors.toMap(Jdk::feature, Function.identity(), (first, second) -> first));
        for (Jdk jdk : bench.quick() ? List.of(bench.jdk()) : List.copyOf(jdks.values())) {
            paired(bench, samples, jdk);
        }
    }

    private static void paired(Bench bench, Samples samples, Jdk jdk) throws Exception {
        Path folder = Files.createDirectories(Bench.folder().resolve("jmh"));
        String natives = jdk.feature() >= 24 ? "--enable-native-access=ALL-UNNAMED" : "-Dunused";
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(HotCallBenchmark.class.getName() + ".*")
                .jvm(jdk.java().toString())
                .jvmArgs("-javaagent:" + System.getProperty("readahead.agent.jar") + "=packages=" + HotCallBenchmark.WOVEN,
                        "-Dbench.folder=" + folder, "-Xmx256m", natives, "-Djmh.ignoreLock=true",
                        "-Djava.io.tmpdir=" + folder)
                .forks(1).threads(1)
                .warmupIterations(3).warmupTime(TimeValue.seconds(1))
                .measurementIterations(bench.quick() ? 3 : 2 * bench.pairs()).measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .build()).run();
        for (RunResult result : results) {
            String scene = "JDK " + jdk.feature() + ", " + Integer.parseInt(result.getParams().getParam("bytes")) / 1024 + " KB, "
                    + result.getParams().getParam("files").replace("1", "one channel").replace("64", "another channel each time");
            note(samples, scene, result);
            samples.judge(scene, SENDFILE, "JMH", Samples.Bound.NONE);
            samples.judge(scene, HOOK, "JMH", Samples.Bound.atMost(MOST_NANOS));
            samples.judge(scene, PERCENT, "JMH", Samples.Bound.NONE);
            samples.judge(scene, ALLOCATED, "JMH", Samples.Bound.atMost(0));
        }
    }

    private static void note(Samples samples, String scene, RunResult run) {
        run.getBenchmarkResults().forEach(fork -> fork.getIterationResults().forEach(iteration -> {
            Map<String, Result> counters = iteration.getSecondaryResults();
            double calls = counters.get("calls").getScore();
            double plain = counters.get("plainNanos").getScore() / calls;
            double woven = counters.get("wovenNanos").getScore() / calls;
            samples.add(scene, "JMH", SENDFILE, plain);
            samples.add(scene, "JMH", HOOK, woven - plain);
            samples.add(scene, "JMH", PERCENT, (woven - plain) / plain * PER_CENT);
            samples.add(scene, "JMH", ALLOCATED, Math.max(0, Math.rint(
                    (counters.get("wovenAllocated").getScore() - counters.get("plainAllocated").getScore()) / calls)));
        }));
    }
}
