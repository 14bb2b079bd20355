package io.readahead.examples.demo;

import io.readahead.kit.TaskDelayAccounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The demo's main class; {@code examples/demo.sh} starts it. */
public final class Demo {

    /** Set by demo.sh, which knows whether progress goes to a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("readahead.demo.terminal");

    private static final int EXIT_REACHED = 0;
    private static final int EXIT_MISSED = 1;
    private static final int EXIT_FAILED = 2;

    private final DemoOptions options;
    private final Progress progress = new Progress(System.out, TERMINAL);

    private Demo(DemoOptions options) {
        this.options = options;
    }

    /** Runs the demo; exits with 0 if every target was reached, 1 if one was missed, 2 if it could not run. */
    public static void main(String... arguments) {
        int code = EXIT_FAILED;
        try {
            DemoOptions options = DemoOptions.parse(List.of(arguments));
            if (options.help()) {
                System.out.print(DemoOptions.USAGE);
                code = EXIT_REACHED;
            } else {
                code = new Demo(options).run() ? EXIT_REACHED : EXIT_MISSED;
            }
        } catch (UsageException e) {
            System.err.println("demo: " + e.getMessage());
        } catch (Exception e) {
            System.err.println("demo: broke off");
            e.printStackTrace();
        }
        System.exit(code);
    }

    private boolean run() throws Exception {
        requireLinux();
        requireJars();
        Cleanup cleanup = Cleanup.atExit();
        try (cleanup) {
            return run(cleanup);
        } catch (IOException | RuntimeException e) {
            if (cleanup.interrupted()) {
                return false;
            }
            throw e;
        }
    }

    private boolean run(Cleanup cleanup) throws Exception {
        long start = System.nanoTime();
        DataFiles data = new DataFiles(options.data(), options.server().bigFiles(), options.server().bigBytes());
        if (!options.keep()) {
            cleanup.add(data::delete);
        }
        TaskDelayAccounting accounting = TaskDelayAccounting.switchOn();
        cleanup.add(accounting::close);
        data.create(progress);
        SlowMachine machine = SlowMachine.find(data, options);
        MachineFacts facts = MachineFacts.find(options, machine, data.directory());
        announce(facts);
        List<Scenario.Outcome> outcomes = measure(machine, data);
        Summary summary = new Summary(outcomes.stream().flatMap(outcome -> outcome.measurements().stream()).toList());
        report(summary, facts, outcomes);
        progress.line(String.format(Locale.ROOT, "It took %.0f s.", (System.nanoTime() - start) / Units.NANOS_PER_SECOND));
        return Verdict.of(summary).stream().allMatch(Verdict::reached);
    }

    private void requireLinux() throws UsageException {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UsageException("it needs Linux: elsewhere the agent passes everything through, and there is no /proc to see it by");
        }
    }

    private void requireJars() throws UsageException {
        List<Path> jars = new ArrayList<>(List.of(options.serverJar()));
        if (options.variants().contains(Variant.WITH)) {
            jars.add(options.agentJar());
        }
        for (Path jar : jars) {
            if (!Files.isReadable(jar)) {
                throw new UsageException(jar + " is missing: examples/demo.sh builds it");
            }
        }
    }

    private void announce(MachineFacts facts) {
        progress.line("machine  " + facts.cpu() + ", " + facts.memory() + ", " + facts.kernel());
        progress.line("server   " + options.server().title() + ", " + facts.serverJdk());
        progress.line("data     " + options.server().bigFilesInWords() + ", " + facts.disk());
        progress.line("disk     " + facts.diskSpeed());
        progress.line("memory   " + facts.memoryLimit());
        if (!facts.hindrance().isEmpty()) {
            progress.line("limits   not all of them: " + facts.hindrance());
        }
        int rounds = options.plan().rounds();
        int seconds = options.plan().secondsFor(rounds * options.variants().size());
        progress.line(String.format(Locale.ROOT, "%d round%s, about %d s", rounds, rounds == 1 ? "" : "s", seconds));
    }

    /** Variants take turns, so that the machine's drift hits both. */
    private List<Scenario.Outcome> measure(SlowMachine machine, DataFiles data) throws IOException, InterruptedException {
        List<Scenario.Outcome> outcomes = new ArrayList<>();
        Set<String> said = new LinkedHashSet<>();
        for (int round = 1; round <= options.plan().rounds(); round++) {
            for (Variant variant : options.variants()) {
                String title = "round " + round + " of " + options.plan().rounds() + ", " + variant;
                Scenario.Outcome outcome = new Scenario(options, machine, data, progress).run(variant, round, title);
                outcomes.add(outcome);
                outcome.agentLines().stream().filter(said::add).forEach(line -> progress.line("  agent: " + line));
            }
        }
        return outcomes;
    }

    private void report(Summary summary, MachineFacts facts, List<Scenario.Outcome> outcomes) throws IOException {
        progress.line("");
        TextReport.lines(summary, facts, options.server()).forEach(progress::line);
        Map<String, Long> counters = new LinkedHashMap<>();
        outcomes.forEach(outcome -> outcome.agentStats().ifPresent(stats ->
                stats.counters().forEach((name, value) -> counters.merge(name, value, Long::sum))));
        if (!counters.isEmpty()) {
            progress.line("agent's counters, all rounds: " + counters.toString().replaceAll("[{},]", ""));
        }
        Path json = options.output().resolve("results.json");
        Path html = options.output().resolve("report.html");
        Files.createDirectories(options.output());
        String results = JsonReport.write(summary, facts, counters, options);
        Files.writeString(json, results);
        Files.writeString(html, HtmlReport.write(results));
        progress.line("");
        progress.line("results  " + json);
        progress.line("report   " + html);
    }
}
