package io.readahead.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How hot requests fare beside cold downloads that want all that the disk gives.
 *
 * <p>Clients of what is cold and of what is in memory read at the same rate, the disk's: those of what is cold took a window at once, as
 * fast as they could, and a hot request waited for them, on the same two processors.
 */
final class InterferenceRow implements Row {

    private static final List<Bench.Kind> KINDS = List.of(Bench.Kind.NETTY, Bench.Kind.JETTY, Bench.Kind.TOMCAT);
    private static final long PAUSE_MICROS = 1000;
    private static final double MAX_RATIO = 1.5;
    private static final double BOUND_RATIO = 1.1;

    @Override
    public String id() {
        return "interference";
    }

    @Override
    public String title() {
        return "Interference: 20 KB hot files beside 8 cold downloads, disk 40 MB/s, 512 MB, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Nginx nginx = Nginx.withThreads();
        for (Bench.Kind kind : bench.quick() ? List.of(Bench.Kind.NETTY) : KINDS) {
            Peer agent = bench.agent(kind);
            Peer inMemory = bench.inMemory(kind);
            // Each kind is compared with the nginx of its own turns.
            Peer beside = nginx.named(nginx.name() + " (" + agent.name() + ")");
            try (Interfered first = new Interfered(bench, samples, beside, true, Plain::new);
                    Interfered second = new Interfered(bench, samples, agent, true, Plain::new);
                    Interfered third = new Interfered(bench, samples, inMemory, false, Plain::new)) {
                Interfered.byTurns(bench, List.of(first, second, third));
            }
            for (String percentile : HotLatency.PERCENTILES) {
                samples.compare("", percentile, agent, beside, Samples.Bound.atMost(1));
            }
            samples.compare("", Interfered.MAX, agent, beside, Samples.Bound.atMost(MAX_RATIO));
            Interfered.judge(samples, agent, inMemory, BOUND_RATIO, List.of(HotLatency.P99));
        }
        for (Peer control : bench.quick() ? List.of(bench.without(Bench.Kind.NETTY))
                : List.of(Nginx.sendfile(), bench.without(Bench.Kind.NETTY))) {
            Interfered.control(bench, samples, control, Plain::new);
        }
    }

    /** Who asks without TLS. */
    private static final class Plain implements Interfered.Clients {

        private final RunningPeer running;
        private final HotRequests hot;

        Plain(RunningPeer running, List<Path> hot) throws IOException {
            this.running = running;
            this.hot = new HotRequests(running, hot).warmUp(Interfered.WARM_UP_REQUESTS);
        }

        @Override
        public Histogram hot(long millis) throws IOException {
            return hot.run(millis, PAUSE_MICROS);
        }

        @Override
        public Interfered.Downloads downloads(List<Path> files) throws IOException {
            return ClosedLoop.downloads(running, files.stream().map(running::request).toList(), Bench.DISK_BYTES_PER_SECOND);
        }

        @Override
        public void close() throws IOException {
            hot.close();
        }
    }
}
