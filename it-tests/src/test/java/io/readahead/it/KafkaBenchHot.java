package io.readahead.it;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A producer of records of 1 KB at a fixed rate, and a consumer at the tail of the same partition, with the latency of each record.
 *
 * <p>A latency begins when the record was due, whether the producer was late or not: a stall counts for every record that fell into it,
 * and what was due in the measured time is sent and counted however long it takes.
 * <p>Threads: two of its own, and the producer's.
 */
final class KafkaBenchHot implements AutoCloseable {

    /** Longer than a producer waits. */
    private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(15);
    private static final int DIGITS = 3;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaPartition partition;
    private final long gapNanos;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread producing = new Thread(this::produce, "produce");
    private final Thread consuming = new Thread(this::consume, "consume");
    private final long startNanos;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Histogram acks = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final Histogram tails = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long end = Long.MAX_VALUE;
    private volatile long sent = 1;

    KafkaBenchHot(KafkaEndpoint endpoint, KafkaPartition partition, KafkaBenchScene scene) throws Exception {
        this.partition = partition;
        gapNanos = scene.gapNanos();
        producer = scene.producerFor(endpoint);
        consumer = endpoint.consumer(partition.id(), Map.of());
        try {
            partition.append(producer, 0, sent);
        } catch (Throwable thrown) {
            closeClients();
            throw thrown;
        }
        startNanos = System.nanoTime();
        producing.start();
        consuming.start();
    }

    /** Latencies of the records that are due from now on count. */
    void measure() {
        measuredFrom = nextDue();
    }

    /** Nothing is due from now on; what was due goes on. */
    void end() {
        end = nextDue();
    }

    /** After the end, whether all that was due is consumed within so long, or failed. */
    boolean allCame(Duration atMost) throws InterruptedException {
        consuming.join(atMost.toMillis());
        return !consuming.isAlive();
    }

    /** After the end, waits until every record was acknowledged and consumed. Throws what went wrong meanwhile. */
    void finish() throws Exception {
        producing.join();
        producer.flush();
        consuming.join();
        if (failure.get() != null) {
            throw new IllegalStateException("hot records of " + partition.id(), failure.get());
        }
    }

    /** Microseconds from due to acknowledged. */
    Histogram acks() {
        return acks;
    }

    /** Microseconds from due to consumed. */
    Histogram tails() {
        return tails;
    }

    /** Records that the broker acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Records that were consumed and right. */
    long checked() {
        return consumed.get();
    }

    /** The first record is sent before the clock starts. */
    private long dueNanos(long offset) {
        return startNanos + offset * gapNanos;
    }

    private long nextDue() {
        return (System.nanoTime() - startNanos) / gapNanos + 1;
    }

    private void record(Histogram histogram, long offset) {
        if (offset >= measuredFrom) {
            histogram.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos(offset))));
        }
    }

    private void produce() {
        try {
            for (long offset = sent; waitUntilDue(offset); offset++) {
                long at = offset;
                producer.send(partition.recordAt(offset), (metadata, thrown) -> acknowledged(at, thrown));
                sent = offset + 1;
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    /** @return false where it is not to be sent: the end came, or a failure */
    private boolean waitUntilDue(long offset) {
        for (long left = dueNanos(offset) - System.nanoTime(); left > 0 && offset < end; left = dueNanos(offset) - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return offset < end && failure.get() == null;
    }

    private void acknowledged(long offset, Exception thrown) {
        if (thrown == null) {
            record(acks, offset);
            acknowledged.incrementAndGet();
        } else {
            failure.compareAndSet(null, thrown);
        }
    }

    private void consume() {
        try {
            while ((producing.isAlive() || consumed.get() < sent) && failure.get() == null) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    record(tails, record.offset());
                    partition.assertRight(consumed.get(), record);
                    consumed.incrementAndGet();
                }
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    /** Before {@link #finish}, gives up what isn't sent. Errors: an interrupted caller leaves the threads to end by themselves. */
    @Override
    public void close() {
        failure.compareAndSet(null, new IllegalStateException("closed"));
        try {
            // Wakes a thread that waits for room in the producer.
            producer.close(Duration.ZERO);
            producing.join();
            consuming.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        closeClients();
    }

    private void closeClients() {
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
