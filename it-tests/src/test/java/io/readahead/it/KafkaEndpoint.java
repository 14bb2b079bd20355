package io.readahead.it;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where a broker listens, and Kafka's own clients for it.
 *
 * @param protocol PLAINTEXT or SSL
 * @param certificate what an SSL client trusts
 */
record KafkaEndpoint(String protocol, int port, Path certificate) {

    static final String PLAINTEXT = "PLAINTEXT";
    static final String SSL = "SSL";

    private static final int BATCH_BYTES = 64 << 10;
    private static final int BATCHING_LINGER_MILLIS = 5;
    private static final int PATIENCE_MILLIS = 600_000;

    Admin admin() {
        return Admin.create(settings(Map.of()));
    }

    /** Sends each record at once, in order, and takes it for sent when the broker has appended it. */
    KafkaProducer<byte[], byte[]> producer() {
        return producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    }

    /**
     * Collects records for a few milliseconds, as producers of many do; in order, and taken for sent when all replicas in sync have
     * them. A broker that is slow makes it wait, for minutes, where Kafka's defaults would give records up.
     */
    KafkaProducer<byte[], byte[]> batchingProducer() {
        return producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, BATCHING_LINGER_MILLIS, ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return new KafkaProducer<>(settings(settings), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Reads one partition from its first record on. */
    KafkaConsumer<byte[], byte[]> consumer(TopicPartition partition, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(settings), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seek(partition, 0);
        return consumer;
    }

    private Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", "127.0.0.1:" + port);
        settings.put("security.protocol", protocol);
        if (protocol.equals(SSL)) {
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", certificate.toString());
        }
        return settings;
    }
}
