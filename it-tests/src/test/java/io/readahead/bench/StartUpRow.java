package io.readahead.bench;

import io.readahead.it.KafkaStartUp;
import java.nio.file.Path;
import java.util.List;

/** From the start of the JVM to the first answer. */
final class StartUpRow implements Row {

    private static final String MILLIS = "first answer, ms";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MOST_MORE_MILLIS = 300;
    private static final double MOST_MORE_SHARE = 0.05;
    private static final String KAFKA_AGENT = "Kafka, agent";
    private static final String KAFKA = "Kafka, no agent";
    private static final String KAFKA_MILLIS = "started, ms";

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
            judge(samples, MILLIS, agent.name(), without.name());
        }
        if (!bench.quick()) {
            kafka(bench, samples);
        }
    }

    private static void kafka(Bench bench, Samples samples) throws Exception {
        Path directory = Bench.folder().resolve("kafka-start-up");
        KafkaStartUp.millis(bench.jdk(), directory, true);
        for (int round = 0; round < bench.pairs(); round++) {
            samples.add("", KAFKA_AGENT, KAFKA_MILLIS, KafkaStartUp.millis(bench.jdk(), directory, true));
            samples.add("", KAFKA, KAFKA_MILLIS, KafkaStartUp.millis(bench.jdk(), directory, false));
        }
        judge(samples, KAFKA_MILLIS, KAFKA_AGENT, KAFKA);
    }

    private static void judge(Samples samples, String metric, String agent, String without) {
        double most = Math.max(MOST_MORE_MILLIS, samples.median("", without, metric) * MOST_MORE_SHARE);
        samples.difference("", metric, agent, without, Samples.Bound.atMost(most));
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
