package io.readahead.bench;

import java.nio.file.Path;
import java.util.List;

/** From the start of the JVM to the first answer. */
final class StartUpRow implements Row {

    private static final String MILLIS = "first answer, ms";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MOST_MORE_MILLIS = 300;

    @Override
    public String id() {
        return "start-up";
    }

    @Override
    public String title() {
        return "Start-up: JVM start to first answer, a 20 KB hot file";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        for (Bench.Kind kind : List.of(Bench.Kind.JETTY, Bench.Kind.TOMCAT, Bench.Kind.NETTY)) {
            Peer agent = bench.agent(kind);
            Peer without = bench.without(kind);
            for (int round = 0; round < bench.pairs(); round++) {
                for (Peer peer : List.of(agent, without)) {
                    samples.add("", peer.name(), MILLIS, one(peer));
                }
            }
            samples.difference("", MILLIS, agent, without, Samples.Bound.atMost(MOST_MORE_MILLIS));
        }
    }

    private static double one(Peer peer) throws Exception {
        Path root = Bench.data("hot");
        List<Path> files = DataFiles.same(root, "first", 1, 20L << 10);
        DataFiles.warm(files);
        long begin = System.nanoTime();
        try (RunningPeer running = peer.start(root, null); HotRequests client = new HotRequests(running, files)) {
            client.warmUp(1);
            return (System.nanoTime() - begin) / NANOS_PER_MILLI;
        }
    }
}
