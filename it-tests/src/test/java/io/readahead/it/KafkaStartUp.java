package io.readahead.it;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Path;

/** A broker that is started to see how long that takes, for the benchmarks. */
public final class KafkaStartUp {

    private static final double NANOS_PER_MILLI = 1e6;

    private KafkaStartUp() {
    }

    /**
     * Starts the newest broker, by its script, and ends it.
     *
     * @param directory of its log; the first start formats it, which takes longer
     * @return milliseconds until it said that it had started
     */
    public static double millis(Jdk jdk, Path directory, boolean agent) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (KafkaNode node = new KafkaNode.Builder(jdk, KafkaNode.Version.NEWEST, directory).agent(agent).start()) {
            double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            node.process().stop();
            return millis;
        }
    }
}
