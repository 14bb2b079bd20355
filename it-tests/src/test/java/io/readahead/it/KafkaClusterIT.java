package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A Kafka cluster of three: partitions get replicas on two more nodes, whose fetchers read the leader's cold log. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("jdks")
class KafkaClusterIT {

    private static final int NODES = 3;
    private static final int LEADER = 1;
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 600;
    private static final int RECORD_BYTES = 10_000;
    private static final long DISK_BYTES_PER_SECOND = 8 << 20;
    private static final int WARM_UP_RECORDS = 200;

    @TempDir(factory = OnDisk.class)
    private Path directory;

    private static TaskDelayAccounting delayAccounting;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void onLinux() {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        delayAccounting = TaskDelayAccounting.switchOn();
    }

    @AfterAll
    static void putBackDelayAccounting() {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
    }

    /** Three brokers in turn twice: under -Pmatrix alone. */
    static List<Jdk> jdks() {
        return Jdks.matrix() ? Jdks.every() : List.of();
    }

    /** What the leader's network thread was charged with, and its agent's counters, if there was one. */
    private record Measured(ThreadDiskAccount network, AgentStats stats) {
    }

    @Test
    void controlWithoutTheAgentTheLeadersNetworkThreadSleepsForItsFollowers() throws Exception {
        Measured measured = replicate(false);
        assertAll(measured.toString(),
                () -> assertTrue(measured.network().sendfileDSamples() > 0, "the control must be seen asleep in sendfile"),
                () -> assertTrue(measured.network().readBytes() > 0, "the control must read on the network thread"));
    }

    @Test
    void theLeadersNetworkThreadNeverSleepsForItsFollowers() throws Exception {
        Measured measured = replicate(true);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertEquals(0, measured.network().readBytes(), "bytes that the network thread read from the disk"),
                () -> assertEquals(0, measured.network().sendfileDSamples(), "looks at which it was asleep in sendfile"),
                () -> assertEquals(0, measured.network().sleepMillis(), "milliseconds that it slept on the disk"));
    }

    private Measured replicate(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("kafka-cluster").limits().orElseThrow();
                KafkaCluster cluster = KafkaCluster.start(NODES, id -> node(id, agent, limits))) {
            List<KafkaNode> nodes = cluster.nodes();
            KafkaNode leader = nodes.get(0);
            List<KafkaPartition> warmUp = KafkaPartition.of("warm-up", 1, RECORD_BYTES);
            List<KafkaPartition> cold = KafkaPartition.of("cold", PARTITIONS, RECORD_BYTES);
            ThreadDiskAccount network;
            try (Admin admin = leader.plain().admin()) {
                appendCold(admin, leader, warmUp, WARM_UP_RECORDS);
                replicateToAll(admin, leader, nodes, warmUp);
                appendCold(admin, leader, cold, RECORDS);
                limits.throttleRead(directory, DISK_BYTES_PER_SECOND);
                try (DiskSleepSampler sampler = DiskSleepSampler.start(leader.pid(), leader.networkThread(leader.plain()))) {
                    replicateToAll(admin, leader, nodes, cold);
                    network = sampler.stop();
                }
            }
            KafkaPartition.readAll(nodes.get(NODES - 1).plain(), cold, RECORDS);
            Measured measured = new Measured(network, agent ? AgentHealth.afterStopOf(leader.process(), KafkaNode::printsOnStderr) : null);
            System.out.println("KafkaClusterIT " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }

    /** The limits and the agent are the leader's alone. */
    private KafkaNode.Builder node(int id, boolean agent, CgroupLimits limits) throws IOException {
        KafkaNode.Builder builder = new KafkaNode.Builder(jdk, KafkaNode.Version.NEWEST, directory.resolve("node-" + id));
        return id == LEADER ? builder.agent(agent).limits(limits) : builder;
    }

    private static void appendCold(Admin admin, KafkaNode leader, List<KafkaPartition> partitions, int records) throws Exception {
        Map<Integer, List<Integer>> onTheLeader = new HashMap<>();
        for (KafkaPartition partition : partitions) {
            onTheLeader.put(partition.id().partition(), List.of(LEADER));
        }
        admin.createTopics(List.of(new NewTopic(partitions.get(0).id().topic(), onTheLeader))).all().get();
        try (KafkaProducer<byte[], byte[]> producer = leader.plain().producer()) {
            for (KafkaPartition partition : partitions) {
                partition.append(producer, 0, records);
                leader.segment(partition.id()).evict();
            }
        }
    }

    /** Gives each partition replicas on the other nodes, and returns when they have every byte of it. */
    private static void replicateToAll(Admin admin, KafkaNode leader, List<KafkaNode> nodes, List<KafkaPartition> partitions)
            throws Exception {
        Map<TopicPartition, Optional<NewPartitionReassignment>> wanted = new HashMap<>();
        for (KafkaPartition partition : partitions) {
            wanted.put(partition.id(), Optional.of(new NewPartitionReassignment(List.of(LEADER, 2, NODES))));
        }
        admin.alterPartitionReassignments(wanted).all().get();
        Await.until("the followers are in step", () -> admin.listPartitionReassignments().reassignments().get().isEmpty(),
                () -> admin.listPartitionReassignments().reassignments().get());
        for (KafkaPartition partition : partitions) {
            Path original = leader.segment(partition.id()).path();
            for (KafkaNode follower : nodes.subList(1, NODES)) {
                assertEquals(-1, Files.mismatch(original, follower.segment(partition.id()).path()),
                        () -> "first byte in which node " + follower.id() + "'s copy of " + partition.id() + " differs");
            }
        }
    }
}
