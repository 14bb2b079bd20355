package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ThreadDiskAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * One broker's life in the benchmark: on a slow disk, with little memory and one network thread.
 *
 * @param directory of the broker, with the cold log in it
 * @param recordsEach of each cold partition
 */
record KafkaBenchRun(Path directory, List<KafkaPartition> cold, long recordsEach) {

    static final long DISK_BYTES_PER_SECOND = 40 << 20;
    static final long MEMORY_BYTES = 1L << 30;

    private static final int WARM_UP_SECONDS = 8;
    private static final int CATCH_UP_WARM_UP_SECONDS = 4;
    private static final int RECORDS_AT_A_TIME = 2_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final double BYTES_PER_MB = 1 << 20;
    private static final double MICROS_PER_MILLI = 1_000;

    /** What is compared. */
    enum Variant {
        WITHOUT_AGENT, WITH_AGENT, NO_CATCH_UP
    }

    /** Figures of one run; latencies in milliseconds. */
    record Figures(Variant variant, double ackP50, double ackP99, double ackP999, double ackMax, double tailP50, double tailP99,
            double tailP999, double tailMax, double catchUpMbPerSecond, double networkSleepSeconds, double networkReadMb,
            double handlersSleepSeconds, long checked) {
    }

    /** Writes the cold log where it isn't yet, by a broker without limits: what a limited one had written would stay in its memory. */
    void prepare(Jdk jdk) throws Exception {
        try (KafkaNode node = new KafkaNode.Builder(jdk, KafkaNode.Version.NEWEST, directory).start();
                Admin admin = node.plain().admin()) {
            String topic = cold.get(0).id().topic();
            if (admin.listTopics().names().get().contains(topic)) {
                return;
            }
            admin.createTopics(List.of(new NewTopic(topic, cold.size(), (short) 1))).all().get();
            try (KafkaProducer<byte[], byte[]> producer = node.plain().producer()) {
                for (long offset = 0; offset < recordsEach; offset += RECORDS_AT_A_TIME) {
                    for (KafkaPartition partition : cold) {
                        partition.append(producer, offset, Math.min(recordsEach, offset + RECORDS_AT_A_TIME));
                    }
                }
            }
        }
    }

    Figures run(Jdk jdk, Variant variant, int seconds) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("kafka-bench").limits().orElseThrow()) {
            limits.throttleRead(directory, DISK_BYTES_PER_SECOND);
            limits.limitMemory(MEMORY_BYTES);
            KafkaNode.Builder builder = new KafkaNode.Builder(jdk, KafkaNode.Version.NEWEST, directory).limits(limits)
                    .environment("KAFKA_HEAP_OPTS", "-Xms512m -Xmx512m").agent(variant == Variant.WITH_AGENT);
            try (KafkaNode node = builder.start()) {
                for (KafkaPartition partition : cold) {
                    node.segment(partition.id()).evict();
                }
                KafkaPartition hot = newHotPartition(node);
                Figures figures = measure(node, hot, variant, seconds);
                if (variant == Variant.WITH_AGENT) {
                    System.out.println(AgentHealth.afterStopOf(node.process(), KafkaNode::printsOnStderr));
                }
                return figures;
            }
        }
    }

    private static KafkaPartition newHotPartition(KafkaNode node) throws Exception {
        KafkaPartition hot = KafkaPartition.of("hot-" + System.currentTimeMillis(), 1, KafkaBenchHot.RECORD_BYTES).get(0);
        try (Admin admin = node.plain().admin()) {
            for (String old : admin.listTopics().names().get()) {
                if (old.startsWith("hot-")) {
                    delete(admin, old);
                }
            }
            admin.createTopics(List.of(new NewTopic(hot.id().topic(), 1, (short) 1))).all().get();
        }
        return hot;
    }

    private static void delete(Admin admin, String topic) throws Exception {
        try {
            admin.deleteTopics(List.of(topic)).all().get();
        } catch (ExecutionException thrown) {
            if (!(thrown.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw thrown;
            }
        }
    }

    private Figures measure(KafkaNode node, KafkaPartition hot, Variant variant, int seconds) throws Exception {
        AtomicLong coldBytes = new AtomicLong();
        AtomicLong coldRecords = new AtomicLong();
        ExecutorService readers = Executors.newFixedThreadPool(cold.size());
        try (KafkaBenchHot traffic = new KafkaBenchHot(node.plain(), hot)) {
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            List<Future<?>> reads = new ArrayList<>();
            if (variant != Variant.NO_CATCH_UP) {
                for (KafkaPartition partition : cold) {
                    reads.add(readers.submit(() -> readUntilInterrupted(node.plain(), partition, coldBytes, coldRecords)));
                }
            }
            TimeUnit.SECONDS.sleep(CATCH_UP_WARM_UP_SECONDS);
            long bytesBefore = coldBytes.get();
            long begin = System.nanoTime();
            traffic.measure();
            ThreadDiskAccount network;
            ThreadDiskAccount handlers;
            try (DiskSleepSampler networkSampler = DiskSleepSampler.start(node.pid(), node.networkThread(node.plain()));
                    DiskSleepSampler handlerSampler = DiskSleepSampler.start(node.pid(), node.requestHandlers())) {
                TimeUnit.SECONDS.sleep(seconds);
                network = networkSampler.stop();
                handlers = handlerSampler.stop();
            }
            double catchUp = (coldBytes.get() - bytesBefore) / BYTES_PER_MB / ((System.nanoTime() - begin) / 1e9);
            traffic.finish();
            readers.shutdownNow();
            for (Future<?> read : reads) {
                read.get();
            }
            Histogram acks = traffic.acks();
            Histogram tails = traffic.tails();
            return new Figures(variant, millis(acks, 50), millis(acks, 99), millis(acks, 99.9), acks.getMaxValue() / MICROS_PER_MILLI,
                    millis(tails, 50), millis(tails, 99), millis(tails, 99.9), tails.getMaxValue() / MICROS_PER_MILLI, catchUp,
                    network.sleepMillis() / 1e3, network.readBytes() / BYTES_PER_MB, handlers.sleepMillis() / 1e3,
                    traffic.checked() + coldRecords.get());
        } finally {
            readers.shutdownNow();
        }
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    /** A catch-up consumer: reads from the first record on and looks at each; begins again where the partition ends. */
    private void readUntilInterrupted(KafkaEndpoint endpoint, KafkaPartition partition, AtomicLong bytes, AtomicLong records) {
        try (KafkaConsumer<byte[], byte[]> consumer = endpoint.consumer(partition.id(), Map.of())) {
            long next = 0;
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    partition.assertRight(next, record);
                    bytes.addAndGet(record.value().length);
                    records.incrementAndGet();
                    next++;
                }
                if (next == recordsEach) {
                    next = 0;
                    consumer.seek(partition.id(), 0);
                }
            }
        } catch (InterruptException ended) {
            Thread.interrupted();
        }
    }
}
