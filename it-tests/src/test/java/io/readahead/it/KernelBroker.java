package io.readahead.it;

import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;

/** A Kafka broker in a guest, with its log on the slow disk: the files are segments, downloads are consumers from the first record on. */
final class KernelBroker implements KernelServer {

    private static final int PARTITIONS = 4;
    private static final int RECORD_BYTES = 10_000;
    /** Of 4 MB in all. */
    private static final int RECORDS = 400;
    private static final int WARM_UP_ROUNDS = 4;

    private final Path directory;
    private final List<KafkaPartition> partitions = KafkaPartition.of("cold", PARTITIONS, RECORD_BYTES);
    private boolean filled;

    KernelBroker(Path root) {
        directory = root.resolve("kafka");
    }

    @Override
    public Running start(boolean agent, String mode) throws Exception {
        KafkaNode.Builder builder = new KafkaNode.Builder(Jdk.current(), KafkaNode.Version.NEWEST, directory).agent(agent)
                .environment("KAFKA_HEAP_OPTS", "-Xmx256m").environment("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:TieredStopAtLevel=1");
        if (!mode.isEmpty()) {
            builder.property("readahead.mode", mode);
        }
        KafkaNode node = builder.start();
        try {
            if (!filled) {
                fill(node.plain());
                filled = true;
            }
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                if (round % 2 == 0) {
                    node.segment(partitions.get(0).id()).evict();
                }
                KafkaPartition.readAll(node.plain(), partitions.subList(0, 1), RECORDS);
            }
            return new RunningBroker(node, partitions, segments(node));
        } catch (Exception | AssertionError failure) {
            System.out.println(node.process());
            node.close();
            throw failure;
        }
    }

    private void fill(KafkaEndpoint endpoint) throws Exception {
        try (Admin admin = endpoint.admin()) {
            admin.createTopics(List.of(new NewTopic(partitions.get(0).id().topic(), PARTITIONS, (short) 1))).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer = endpoint.producer()) {
            for (KafkaPartition partition : partitions) {
                partition.append(producer, 0, RECORDS);
            }
        }
    }

    private List<TestFile> segments(KafkaNode node) throws IOException {
        List<TestFile> segments = new ArrayList<>();
        for (KafkaPartition partition : partitions) {
            segments.add(node.segment(partition.id()));
        }
        return segments;
    }

    private record RunningBroker(KafkaNode node, List<KafkaPartition> partitions, List<TestFile> files) implements Running {

        @Override
        public ServerProcess process() {
            return node.process();
        }

        @Override
        public DiskSleepSampler watch() throws Exception {
            return DiskSleepSampler.start(node.pid(), node.networkThread(node.plain()));
        }

        @Override
        public void download() throws Exception {
            KafkaPartition.readAll(node.plain(), partitions, RECORDS);
        }

        @Override
        public boolean printsOnStderr(String line) {
            return KafkaNode.printsOnStderr(line);
        }

        @Override
        public void close() {
            node.close();
        }
    }
}
