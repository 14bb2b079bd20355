package io.readahead.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Consumers that catch up, one of each partition: from the first record on, over and over.
 *
 * <p>Threads: one of each consumer.
 */
final class KafkaBenchCatchUp implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaEndpoint endpoint;
    private final long recordsEach;
    private final ExecutorService readers = Executors.newCachedThreadPool();
    private final List<Future<?>> reads = new ArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong records = new AtomicLong();

    /** @param partitions none for no catch-up at all */
    KafkaBenchCatchUp(KafkaEndpoint endpoint, List<KafkaPartition> partitions, long recordsEach) {
        this.endpoint = endpoint;
        this.recordsEach = recordsEach;
        for (KafkaPartition partition : partitions) {
            reads.add(readers.submit(() -> readUntilInterrupted(partition)));
        }
    }

    /** Of values, up to now. */
    long bytes() {
        return bytes.get();
    }

    /** Records that were consumed and right, up to now. */
    long checked() {
        return records.get();
    }

    /** Ends it. Throws what went wrong meanwhile. */
    void finish() throws Exception {
        readers.shutdownNow();
        for (Future<?> read : reads) {
            read.get();
        }
    }

    private void readUntilInterrupted(KafkaPartition partition) {
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

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
