package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.ThreadDiskAccount;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Catch-up consumers of cold partitions beside a disk that is as good as stopped, and meanwhile one producer and one tail consumer of a
 * hot partition: who is first?
 *
 * @param records in each of the cold partitions
 */
record KafkaRace(KafkaEndpoint endpoint, List<KafkaPartition> cold, long records, KafkaPartition hot) {

    /** Records that were appended, acknowledged and consumed: enough for the producer and the tail consumer to have won. */
    static final int HOT_RECORDS = 100;

    /** So the disk needs three seconds for what ends the race, whoever it is for. */
    private static final long DISK_BYTES_PER_SECOND = 256 << 10;
    private static final long COLD_PROGRESS_BYTES = 768 << 10;

    /** More than the looks of the request handlers into the first batch of each partition: some response is on its way. */
    private static final long BEGUN_BYTES = 256 << 10;
    private static final int RESPONSE_BYTES = 512 << 10;
    private static final int SMALL_BUFFER_BYTES = 64 << 10;
    /** A control has lost when the disk was stopped for so long. */
    private static final int CONTROL_SECONDS = 4;

    /**
     * What came of it.
     *
     * @param hotRecords before the cold consumers had 768 KB together, at most {@link #HOT_RECORDS}
     * @param network what the network thread was charged with until then
     */
    record Finish(int hotRecords, ThreadDiskAccount network) {
    }

    /**
     * Runs it; in the end the disk is let go, and every record must be right.
     *
     * @param limits those that the broker was started under
     * @param control whether the broker runs without the agent: then the disk is let go early, for the race would last minutes
     */
    Finish run(KafkaNode node, CgroupLimits limits, boolean control) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(cold.size());
        try (KafkaProducer<byte[], byte[]> producer = endpoint.producer();
                KafkaConsumer<byte[], byte[]> tail = endpoint.consumer(hot.id(), Map.of())) {
            assertTrue(appendAndConsume(producer, tail, 0), "the first hot record");
            for (KafkaPartition partition : cold) {
                node.segment(partition.id()).evict();
            }
            List<Future<?>> reads = new ArrayList<>();
            Finish finish = whileStopped(node, limits, control, producer, tail, readers, reads);
            for (Future<?> read : reads) {
                read.get();
            }
            return finish;
        } finally {
            readers.shutdownNow();
        }
    }

    private Finish whileStopped(KafkaNode node, CgroupLimits limits, boolean control, KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> tail, ExecutorService readers, List<Future<?>> reads) throws Exception {
        AtomicLong coldBytes = new AtomicLong();
        ScheduledExecutorService judge = Executors.newSingleThreadScheduledExecutor();
        long before = ProcessCounts.readBytes(node.pid());
        limits.throttleRead(node.directory(), DISK_BYTES_PER_SECOND);
        try (DiskSleepSampler sampler = DiskSleepSampler.start(node.pid(), node.networkThread(endpoint))) {
            for (KafkaPartition partition : cold) {
                reads.add(readers.submit(() -> partition.readTo(endpoint, records,
                        Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, RESPONSE_BYTES,
                                ConsumerConfig.RECEIVE_BUFFER_CONFIG, SMALL_BUFFER_BYTES), coldBytes)));
            }
            Await.until("a cold response has begun", () -> ProcessCounts.readBytes(node.pid()) - before >= BEGUN_BYTES);
            if (control) {
                judge.schedule(() -> {
                    coldBytes.addAndGet(COLD_PROGRESS_BYTES);
                    limits.unthrottle(node.directory());
                    return null;
                }, CONTROL_SECONDS, TimeUnit.SECONDS);
            }
            int hotRecords = 0;
            while (hotRecords < HOT_RECORDS && appendAndConsume(producer, tail, hotRecords + 1)
                    && coldBytes.get() < COLD_PROGRESS_BYTES) {
                hotRecords++;
            }
            return new Finish(hotRecords, sampler.stop());
        } finally {
            judge.shutdownNow();
            // Also when the test has failed: the broker can't be ended while it waits for a stopped disk.
            limits.unthrottle(node.directory());
        }
    }

    /** One record from the producer to the tail consumer. @return whether it came within a minute */
    private boolean appendAndConsume(KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> tail, long offset)
            throws Exception {
        hot.append(producer, offset, offset + 1);
        Iterator<ConsumerRecord<byte[], byte[]>> records = tail.poll(Await.LONG_ENOUGH).iterator();
        if (!records.hasNext()) {
            return false;
        }
        hot.assertRight(offset, records.next());
        return true;
    }
}
