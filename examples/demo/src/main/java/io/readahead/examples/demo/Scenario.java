package io.readahead.examples.demo;

import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One server of one variant: started with nothing in memory, warmed up, measured beside small files and then beside big ones.
 *
 * <p>Both measurements are of one JVM, so that their ratio compares like with like.
 */
final class Scenario {

    /** The second client is under way before the first request is measured. */
    private static final long HEAD_START_MILLIS = 500;

    private final DemoOptions options;
    private final SlowMachine machine;
    private final DataFiles data;
    private final Progress progress;

    Scenario(DemoOptions options, SlowMachine machine, DataFiles data, Progress progress) {
        this.options = options;
        this.machine = machine;
        this.data = data;
        this.progress = progress;
    }

    /**
     * What came of one server.
     *
     * @param agentLines what the agent wrote to stderr while it ran
     * @param agentStats its counters at the end; empty without the agent
     */
    record Outcome(List<Measurement> measurements, List<String> agentLines, Optional<AgentStats> agentStats) {
    }

    /**
     * Runs one server.
     *
     * @param title begins the status line
     */
    Outcome run(Variant variant, int round, String title) throws IOException, InterruptedException {
        progress.status(title + ": starting the server");
        data.evictAll();
        try (ExampleServer server = ExampleServer.start(options, machine, data.directory(), variant)) {
            warmUp(server, title);
            List<Measurement> measurements = new ArrayList<>();
            measurements.add(measure(server, variant, Beside.SMALL, round, title));
            measurements.add(measure(server, variant, Beside.BIG, round, title));
            List<String> agentLines = server.agentLines();
            return new Outcome(measurements, agentLines, server.stop());
        }
    }

    private void warmUp(ExampleServer server, String title) throws IOException, InterruptedException {
        try (BackgroundClients background = background(server, Beside.SMALL)) {
            new HotClient(server.address(), data.smallPaths()).run(options.plan().warmUpSeconds(),
                    seconds -> progress.status(title + ": warming up, " + (int) seconds + " s"));
            background.bytes();
        }
    }

    private Measurement measure(ExampleServer server, Variant variant, Beside beside, int round, String title)
            throws IOException, InterruptedException {
        int duration = beside == Beside.SMALL ? options.plan().smallSeconds() : options.plan().bigSeconds();
        long smallPages = data.residentSmallPages();
        try (BackgroundClients background = background(server, beside)) {
            Thread.sleep(HEAD_START_MILLIS);
            HotClient hotClient = new HotClient(server.address(), data.smallPaths());
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), options.server().selectorThreads())) {
                long bytes = background.bytes();
                long start = System.nanoTime();
                HotResult hot = hotClient.run(duration,
                        seconds -> progress.status(title + ": " + beside + ", " + (int) seconds + " of " + duration + " s"));
                long received = background.bytes() - bytes;
                double seconds = (System.nanoTime() - start) / Units.NANOS_PER_SECOND;
                ThreadDiskAccount selector = sampler.stop();
                Measurement measurement = new Measurement(variant, beside, round, hot, received, seconds,
                        background.ratesOfWholeFiles(start), selector, Math.max(0, smallPages - data.residentSmallPages()));
                progress.line("  " + title + ": " + TextReport.line(measurement));
                return measurement;
            }
        }
    }

    private BackgroundClients background(ExampleServer server, Beside beside) throws IOException {
        if (beside == Beside.SMALL) {
            return BackgroundClients.start(server.address(), data.smallPaths(), options.clients(), BackgroundClients.BeforeFetch.NOTHING);
        }
        return BackgroundClients.start(server.address(), data.bigPaths(), options.clients(), machine.beforeBigFetch(server));
    }
}
