package io.readahead.it;

import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The brokers' life in the benchmark: on a slow disk, with little memory and one network thread each.
 *
 * @param directory of the brokers' folders, the first with the cold log in it
 */
record KafkaBenchRun(KafkaBenchScene scene, Path directory, List<KafkaPartition> cold) {

    private static final int WARM_UP_SECONDS = 8;
    private static final int CATCH_UP_WARM_UP_SECONDS = 4;
    private static final int RECORDS_AT_A_TIME = 2_000;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_MB = KafkaBenchScene.BYTES_PER_MB;
    private static final long END_OF_HOT_BYTES = 64L * KafkaBenchScene.BYTES_PER_MB;
    /** How long catch-up goes on beside hot records that are late; after it, they get through without. */
    private static final Duration LATE = Duration.ofSeconds(60);

    /** What is compared. */
    enum Variant {
        WITHOUT_AGENT, WITH_AGENT, NO_CATCH_UP
    }

    /** Writes the cold log where it isn't yet. */
    void prepare(Jdk jdk) throws Exception {
        try (KafkaBenchBrokers brokers = new KafkaBenchBrokers(scene, directory, jdk, false, false)) {
            if (brokers.has(cold.get(0).id().topic())) {
                return;
            }
            brokers.createCold(cold);
            long records = scene.coldRecordsEach();
            try (KafkaProducer<byte[], byte[]> producer = brokers.leader().plain().producer()) {
                for (long offset = 0; offset < records; offset += RECORDS_AT_A_TIME) {
                    for (KafkaPartition partition : cold) {
                        partition.append(producer, offset, Math.min(records, offset + RECORDS_AT_A_TIME));
                    }
                }
            }
        }
    }

    KafkaBenchResult run(Jdk jdk, Variant variant, int seconds) throws Exception {
        boolean agent = variant == Variant.WITH_AGENT;
        try (KafkaBenchBrokers brokers = new KafkaBenchBrokers(scene, directory, jdk, true, agent)) {
            for (KafkaPartition partition : cold) {
                brokers.leader().segment(partition.id()).evict();
            }
            KafkaBenchResult result = measure(brokers, brokers.newHot(), variant, seconds);
            if (agent) {
                brokers.assertLeadersAgentHealthy();
            }
            return result;
        }
    }

    private KafkaBenchResult measure(KafkaBenchBrokers brokers, KafkaPartition hot, Variant variant, int seconds) throws Exception {
        KafkaEndpoint endpoint = brokers.endpoint();
        List<KafkaPartition> caughtUp = variant == Variant.NO_CATCH_UP ? List.of() : cold;
        try (KafkaBenchHot traffic = new KafkaBenchHot(endpoint, hot, scene)) {
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            try (KafkaBenchCatchUp catchUp = new KafkaBenchCatchUp(endpoint, caughtUp, scene.coldRecordsEach())) {
                TimeUnit.SECONDS.sleep(CATCH_UP_WARM_UP_SECONDS);
                Map<KafkaBenchFigure, Double> figures = new EnumMap<>(KafkaBenchFigure.class);
                try (KafkaInSync inSync = new KafkaInSync(endpoint, hot.id())) {
                    watch(brokers.leader(), traffic, catchUp, seconds, figures);
                    figures.put(KafkaBenchFigure.HOT_IN_MEMORY,
                            100 * brokers.leader().lastSegment(hot.id()).residentShareOfLast(END_OF_HOT_BYTES));
                    if (scene.brokers() > 1) {
                        figures.put(KafkaBenchFigure.OUT_OF_SYNC, (double) inSync.mostOutOfSync());
                    }
                }
                if (!traffic.allCame(LATE)) {
                    System.out.println("hot records are late by " + LATE.toSeconds() + " s and more: catch-up ends");
                }
                catchUp.finish();
                traffic.finish();
                addLatencies(traffic, figures);
                return new KafkaBenchResult(variant, traffic.checked() + catchUp.checked(), figures);
            }
        }
    }

    /** The measured time. */
    private void watch(KafkaNode leader, KafkaBenchHot traffic, KafkaBenchCatchUp catchUp, int seconds,
            Map<KafkaBenchFigure, Double> figures) throws IOException, InterruptedException {
        try (DiskSleepSampler networkSampler = DiskSleepSampler.start(leader.pid(), leader.networkThread(scene.endpointOf(leader)));
                DiskSleepSampler handlerSampler = DiskSleepSampler.start(leader.pid(), leader.requestHandlers())) {
            long acknowledged = traffic.acknowledged();
            long consumed = traffic.checked();
            long caughtUpBytes = catchUp.bytes();
            long begin = System.nanoTime();
            traffic.measure();
            TimeUnit.SECONDS.sleep(seconds);
            traffic.end();
            double measuredSeconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
            figures.put(KafkaBenchFigure.PRODUCED, hotMb(traffic.acknowledged() - acknowledged) / measuredSeconds);
            figures.put(KafkaBenchFigure.CONSUMED, hotMb(traffic.checked() - consumed) / measuredSeconds);
            figures.put(KafkaBenchFigure.CATCH_UP, (catchUp.bytes() - caughtUpBytes) / BYTES_PER_MB / measuredSeconds);
            ThreadDiskAccount network = networkSampler.stop();
            figures.put(KafkaBenchFigure.NETWORK_SLEEP, network.sleepMillis() / MILLIS_PER_SECOND);
            figures.put(KafkaBenchFigure.NETWORK_READ, network.readBytes() / BYTES_PER_MB);
            figures.put(KafkaBenchFigure.HANDLERS_SLEEP, handlerSampler.stop().sleepMillis() / MILLIS_PER_SECOND);
        }
    }

    private static double hotMb(long records) {
        return records * KafkaBenchScene.RECORD_BYTES / BYTES_PER_MB;
    }

    private static void addLatencies(KafkaBenchHot traffic, Map<KafkaBenchFigure, Double> figures) {
        Histogram acks = traffic.acks();
        figures.put(KafkaBenchFigure.ACK_P50, millis(acks, 50));
        figures.put(KafkaBenchFigure.ACK_P99, millis(acks, 99));
        figures.put(KafkaBenchFigure.ACK_P999, millis(acks, 99.9));
        figures.put(KafkaBenchFigure.ACK_MAX, millis(acks, 100));
        Histogram tails = traffic.tails();
        figures.put(KafkaBenchFigure.TAIL_P50, millis(tails, 50));
        figures.put(KafkaBenchFigure.TAIL_P99, millis(tails, 99));
        figures.put(KafkaBenchFigure.TAIL_P999, millis(tails, 99.9));
        figures.put(KafkaBenchFigure.TAIL_MAX, millis(tails, 100));
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }
}
