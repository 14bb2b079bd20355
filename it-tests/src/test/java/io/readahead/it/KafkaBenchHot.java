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
 * A producer of small records at a fixed rate, and a consumer at the tail of the same partition, with the latency of each record.
 *
 * <p>A latency begins when the record was due, whether the producer was late or not: a stall counts for every record that fell into it.
 * <p>Threads: two of its own, and the producer's.
 */
final class KafkaBenchHot implements AutoCloseable {

    static final int RECORDS_PER_SECOND = 200;
    static final int RECORD_BYTES = 1_000;

    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(1) / RECORDS_PER_SECOND;
    private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(2);
    private static final int DIGITS = 3;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaPartition partition;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread producing = new Thread(this::produce, "produce");
    private final Thread consuming = new Thread(this::consume, "consume");
    private final long startNanos = System.nanoTime();
    private final AtomicLong consumed = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Histogram acks = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private volatile Histogram tails = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long sent;
    private volatile boolean stopping;

    KafkaBenchHot(KafkaEndpoint endpoint, KafkaPartition partition) {
        this.partition = partition;
        producer = endpoint.producer();
        consumer = endpoint.consumer(partition.id(), Map.of());
        producing.start();
        consuming.start();
    }

    /** Latencies from now on count. */
    void measure() {
        measuredFrom = sent;
    }

    /** Sends no more, and waits until every record was acknowledged and consumed. Throws what went wrong meanwhile. */
    void finish() throws Exception {
        stopping = true;
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

    /** Records that were consumed and right. */
    long checked() {
        return consumed.get();
    }

    private long dueNanos(long offset) {
        return startNanos + offset * GAP_NANOS;
    }

    private void record(Histogram histogram, long offset) {
        if (offset >= measuredFrom) {
            histogram.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos(offset))));
        }
    }

    private void produce() {
        try {
            for (long offset = 0; !stopping && failure.get() == null; offset++) {
                for (long left = dueNanos(offset) - System.nanoTime(); left > 0; left = dueNanos(offset) - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                long at = offset;
                producer.send(partition.recordAt(offset), (metadata, thrown) -> {
                    record(acks, at);
                    if (thrown != null) {
                        failure.compareAndSet(null, thrown);
                    }
                });
                sent = offset + 1;
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    private void consume() {
        try {
            while ((!stopping || producing.isAlive() || consumed.get() < sent) && failure.get() == null) {
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

    /** Errors: an interrupted caller leaves the threads to end by themselves. */
    @Override
    public void close() {
        stopping = true;
        try {
            producing.join();
            consuming.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
