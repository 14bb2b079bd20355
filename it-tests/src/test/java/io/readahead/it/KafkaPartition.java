package io.readahead.it;

import io.readahead.kit.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A partition whose every record is known from topic, partition and offset.
 *
 * @param sizes bytes of the values, by turns
 */
record KafkaPartition(TopicPartition id, int... sizes) {

    /** SplitMix64, as in TestFile. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final Duration POLL = Duration.ofMillis(100);

    /** So many partitions of a topic. */
    static List<KafkaPartition> of(String topic, int partitions, int... sizes) {
        List<KafkaPartition> all = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            all.add(new KafkaPartition(new TopicPartition(topic, number), sizes));
        }
        return all;
    }

    byte[] valueAt(long offset) {
        ByteBuffer value = ByteBuffer.allocate(sizes[(int) (offset % sizes.length)]).order(ByteOrder.LITTLE_ENDIAN);
        long state = id.hashCode() * 31L + offset * 0x2545F4914F6CDD1DL;
        while (value.remaining() >= Long.BYTES) {
            state += GOLDEN_GAMMA;
            long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
            value.putLong(mixed ^ (mixed >>> 31));
        }
        while (value.hasRemaining()) {
            value.put((byte) offset);
        }
        return value.array();
    }

    /** The record that belongs at an offset. */
    ProducerRecord<byte[], byte[]> recordAt(long offset) {
        return new ProducerRecord<>(id.topic(), id.partition(), null, valueAt(offset));
    }

    /**
     * Appends the records from one offset to before another, and returns when the broker has them all.
     *
     * <p>The first record of a new partition goes alone: a broker that is not yet its leader refuses batches, and if it becomes that
     * between two of those in flight, it takes the later ones for the beginning (it knows nothing of the producer yet) and the
     * earlier ones, sent again, for out of order, until they expire. Seen with Kafka 4.4.0, and not the agent's doing.
     */
    void append(KafkaProducer<byte[], byte[]> producer, long from, long to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            sent.add(producer.send(recordAt(offset)));
            if (offset == 0) {
                sent.get(0).get();
            }
        }
        for (int number = 0; number < sent.size(); number++) {
            assertEquals(from + number, sent.get(number).get().offset(), "offset of a record of " + id);
        }
    }

    /** The record is what was appended at its offset, and that is the offset that comes next. */
    void assertRight(long nextOffset, ConsumerRecord<byte[], byte[]> record) {
        assertEquals(nextOffset, record.offset(), () -> "offset in " + id);
        assertArrayEquals(valueAt(nextOffset), record.value(), () -> "value at " + nextOffset + " of " + id);
    }

    /** Reads the records from the first to before an offset, by a consumer of its own, and looks at each. */
    void readTo(KafkaEndpoint endpoint, long end, Map<String, Object> settings, AtomicLong readBytes) {
        try (KafkaConsumer<byte[], byte[]> consumer = endpoint.consumer(id, settings)) {
            long next = 0;
            long deadline = System.nanoTime() + Await.LONG_ENOUGH.toNanos();
            while (next < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    assertRight(next, record);
                    readBytes.addAndGet(record.value().length);
                    next++;
                }
                long reached = next;
                assertTrue(System.nanoTime() < deadline, () -> "only " + reached + " records of " + id + " came in a minute");
            }
        }
    }

    /** Reads each partition to an offset, all at a time, each by a consumer of its own. */
    static void readAll(KafkaEndpoint endpoint, List<KafkaPartition> partitions, long end) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(partitions.size());
        try {
            List<Callable<Object>> reads = new ArrayList<>();
            for (KafkaPartition partition : partitions) {
                reads.add(Executors.callable(() -> partition.readTo(endpoint, end, Map.of(), new AtomicLong())));
            }
            for (Future<Object> read : readers.invokeAll(reads)) {
                read.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }
}
