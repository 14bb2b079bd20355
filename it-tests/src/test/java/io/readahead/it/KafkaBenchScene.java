package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * What the benchmark of Kafka is asked for. A MB is 1 MiB.
 *
 * @param mbPerSecond that the hot producer sends, in batches; 0: {@link #FEW_RECORDS_PER_SECOND} records, each at once
 * @param brokers 1, or more; then the hot partition has a replica on each
 * @param diskMbPerSecond that each broker reads at most; 0: what the disk gives
 * @param tls whether the clients speak TLS, those that catch up too; brokers among themselves don't
 */
record KafkaBenchScene(int mbPerSecond, int brokers, int diskMbPerSecond, boolean tls) {

    static final int RECORD_BYTES = 1_000;
    static final int BYTES_PER_MB = 1 << 20;

    /** The one that has a bound. */
    static final KafkaBenchScene FEW_RECORDS = new KafkaBenchScene(0, 1, 40, false);

    private static final int FEW_RECORDS_PER_SECOND = 200;
    private static final int PAGE_CACHE_MB = 512;
    private static final int HEAP_MB_ALONE = 512;
    private static final int HEAP_MB_OF_SEVERAL = 256;
    /** Four such partitions are twice what the page cache holds or more, so each turn of a catch-up consumer finds its log cold. */
    private static final int COLD_RECORDS_ALONE = 112_500;
    private static final int COLD_RECORDS_OF_SEVERAL = 60_000;

    /** Nanoseconds from one record to the next. */
    long gapNanos() {
        return mbPerSecond == 0
                ? TimeUnit.SECONDS.toNanos(1) / FEW_RECORDS_PER_SECOND
                : TimeUnit.SECONDS.toNanos(RECORD_BYTES) / ((long) mbPerSecond * BYTES_PER_MB);
    }

    /** Of each cold partition. */
    long coldRecordsEach() {
        return brokers == 1 ? COLD_RECORDS_ALONE : COLD_RECORDS_OF_SEVERAL;
    }

    /** Of each broker. */
    int heapMb() {
        return brokers == 1 ? HEAP_MB_ALONE : HEAP_MB_OF_SEVERAL;
    }

    /** Slows the disk and limits the memory of one broker. */
    void apply(CgroupLimits limits, Path onFileSystemOf) throws IOException {
        if (diskMbPerSecond > 0) {
            limits.throttleRead(onFileSystemOf, (long) diskMbPerSecond * BYTES_PER_MB);
        }
        limits.limitMemory((long) (heapMb() + PAGE_CACHE_MB) * BYTES_PER_MB);
    }

    /** Where clients connect to. */
    KafkaEndpoint endpointOf(KafkaNode node) {
        return tls ? node.tls() : node.plain();
    }

    KafkaProducer<byte[], byte[]> producerFor(KafkaEndpoint endpoint) {
        return mbPerSecond == 0 ? endpoint.producer() : endpoint.batchingProducer();
    }

    /** Of the file of results: none but those of the same scene belong there. */
    String fileName() {
        return String.format(Locale.ROOT, "results-%s-%s-disk-%d%s.tsv", mbPerSecond == 0 ? "few-records" : mbPerSecond + "-mb",
                brokers == 1 ? "1-broker" : brokers + "-brokers", diskMbPerSecond, tls ? "-tls" : "");
    }

    /** For people. */
    String text() {
        return String.format(Locale.ROOT, "%s; %s; disk %s; %s",
                mbPerSecond == 0 ? FEW_RECORDS_PER_SECOND + " records of 1 KB a second" : mbPerSecond + " MB/s in records of 1 KB",
                brokers == 1 ? "1 broker" : brokers + " brokers, the leader's figures",
                diskMbPerSecond == 0 ? "as it is" : diskMbPerSecond + " MB/s", tls ? "TLS" : "plaintext");
    }
}
