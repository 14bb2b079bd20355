package io.readahead.it;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Asks each second how many replicas of a partition are out of sync.
 *
 * <p>Threads: one of its own, and the Admin's.
 * <p>Source: replica.lag.time.max.ms, 30 s by default: a follower that falls behind is out of sync after that.
 */
final class KafkaInSync implements AutoCloseable {

    private static final int PERIOD_SECONDS = 1;

    private final Admin admin;
    private final TopicPartition partition;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> asked;
    private final AtomicInteger mostOutOfSync = new AtomicInteger();

    KafkaInSync(KafkaEndpoint endpoint, TopicPartition partition) {
        admin = endpoint.admin();
        this.partition = partition;
        asked = asking.scheduleAtFixedRate(this::ask, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** The most at a time, up to now. Throws what went wrong when a broker was asked. */
    int mostOutOfSync() throws ExecutionException, InterruptedException {
        if (asked.isDone()) {
            asked.get();
        }
        return mostOutOfSync.get();
    }

    private void ask() {
        try {
            TopicDescription topic = admin.describeTopics(List.of(partition.topic())).allTopicNames().get().get(partition.topic());
            TopicPartitionInfo info = topic.partitions().get(partition.partition());
            mostOutOfSync.accumulateAndGet(info.replicas().size() - info.isr().size(), Math::max);
        } catch (ExecutionException wrong) {
            throw new IllegalStateException("replicas in sync of " + partition, wrong);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        asking.shutdownNow();
        admin.close();
    }
}
