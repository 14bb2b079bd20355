package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The brokers of one run of the benchmark, as if each had a machine of its own: a cgroup, with its disk and its memory.
 *
 * <p>Node 1 leads all partitions: who catches up, the producer, the tail consumer and the followers want the same network thread, unless
 * TLS gives the clients another than the followers.
 */
final class KafkaBenchBrokers implements AutoCloseable {

    private static final int MIN_IN_SYNC_OF_SEVERAL = 2;
    private static final String HOT = "hot-";
    private static final int LEADER = 1;

    private final KafkaBenchScene scene;
    private final List<CgroupLimits> limits = new ArrayList<>();
    private final KafkaCluster cluster;

    /**
     * Starts them.
     *
     * @param limited false for who writes the cold log: what a limited broker had written would stay in its memory
     */
    KafkaBenchBrokers(KafkaBenchScene scene, Path directory, Jdk jdk, boolean limited, boolean agent) throws Exception {
        this.scene = scene;
        try {
            cluster = KafkaCluster.start(scene.brokers(), id -> {
                KafkaNode.Builder builder = builder(directory.resolve("node-" + id), jdk).agent(agent);
                return limited ? builder.limits(limit(directory)) : builder;
            });
        } catch (Throwable failure) {
            limits.forEach(CgroupLimits::close);
            throw failure;
        }
    }

    private KafkaNode.Builder builder(Path directory, Jdk jdk) throws IOException {
        // What an earlier run wrote goes during the warm-up, not after a minute, which this one may not last: it may be much of the disk.
        KafkaNode.Builder builder = new KafkaNode.Builder(jdk, KafkaNode.Version.NEWEST, directory)
                .environment("KAFKA_HEAP_OPTS", String.format("-Xms%1$dm -Xmx%1$dm", scene.heapMb()))
                .set("log.segment.delete.delay.ms=1000").set("log.initial.task.delay.ms=0");
        return scene.tls() ? builder.tls(ServerKeys.shared()) : builder;
    }

    private CgroupLimits limit(Path directory) throws IOException {
        CgroupLimits group = CgroupLimits.tryCreate("kafka-bench").limits().orElseThrow();
        limits.add(group);
        scene.apply(group, directory);
        return group;
    }

    KafkaNode leader() {
        return cluster.nodes().get(LEADER - 1);
    }

    /** Where the clients connect to. */
    KafkaEndpoint endpoint() {
        return scene.endpointOf(leader());
    }

    /** Whether there is such a topic; false where the brokers are new. */
    boolean has(String topic) throws Exception {
        try (Admin admin = leader().plain().admin()) {
            return admin.listTopics().names().get().contains(topic);
        }
    }

    /** Makes the topic whose log is to be cold: no follower has it, for none would be read. */
    void createCold(List<KafkaPartition> partitions) throws Exception {
        Map<Integer, List<Integer>> onTheLeader = new HashMap<>();
        partitions.forEach(partition -> onTheLeader.put(partition.id().partition(), List.of(LEADER)));
        try (Admin admin = leader().plain().admin()) {
            admin.createTopics(List.of(new NewTopic(partitions.get(0).id().topic(), onTheLeader))).all().get();
        }
    }

    /** Makes a hot partition, with replicas on all nodes, and deletes those of earlier runs. */
    KafkaPartition newHot() throws Exception {
        KafkaPartition hot = KafkaPartition.of(HOT + System.currentTimeMillis(), 1, KafkaBenchScene.RECORD_BYTES).get(0);
        List<Integer> replicas = cluster.nodes().stream().map(KafkaNode::id).toList();
        int inSync = Math.min(MIN_IN_SYNC_OF_SEVERAL, replicas.size());
        try (Admin admin = leader().plain().admin()) {
            for (String old : admin.listTopics().names().get()) {
                if (old.startsWith(HOT)) {
                    delete(admin, old);
                }
            }
            admin.createTopics(List.of(new NewTopic(hot.id().topic(), Map.of(hot.id().partition(), replicas))
                    .configs(Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(inSync))))).all().get();
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

    /** Ends the leader, which has the agent, and throws where that left anything behind. The last node of several never leaves in order. */
    void assertLeadersAgentHealthy() {
        System.out.println(AgentHealth.afterStopOf(leader().process(), KafkaNode::printsOnStderr));
    }

    @Override
    public void close() {
        cluster.close();
        limits.forEach(CgroupLimits::close);
    }
}
