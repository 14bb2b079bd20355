package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.ThreadCpu;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A Kafka broker, plain and with TLS: catch-up consumers don't hold up the network thread that producers and tail consumers need. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("brokers")
class KafkaIT {

    private static final int RECORD_BYTES = 10_000;
    /** Fewer than the broker has request handlers: each waits for the disk with the first batch of a cold partition. */
    private static final int COLD_PARTITIONS = 6;
    private static final int COLD_RECORDS = 400;
    private static final int WARM_UP_ROUNDS = 5;

    /** A disk of the slower kind: the cold partitions are some hundred looks of the sampler, on whatever disk the test runs. */
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    /** No multiple of a page, and batches both smaller and larger than one. */
    private static final int[] GROWING_RECORD_BYTES = {777, 30_001, 9_999};
    private static final int GROWING_READERS = 2;
    private static final int GROWING_ROUNDS = 2;
    private static final int GROWING_RECORDS_A_ROUND = 250;
    private static final int[] GROWING_STEPS = {1, 40, 7};
    private static final int GROWING_PAUSE_MILLIS = 20;

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int PARKED_MILLIS = 4000;
    private static final int LOOK_MILLIS = 1500;
    /** A tenth of one core; a loop that spins takes all of it. */
    private static final int MAX_CPU_MILLIS = LOOK_MILLIS / 10;
    private static final int BROKEN_ROUNDS = 2;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TaskDelayAccounting delayAccounting;
    private static ServerKeys keys;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private KafkaNode.Version version;

    @TempDir(factory = OnDisk.class)
    private Path directory;

    /** The newest broker on each JDK chosen; under -Pmatrix also the oldest, on the JDK that runs Maven. */
    static Stream<Arguments> brokers() {
        Stream<Arguments> newest = Jdks.chosen().stream().map(jdk -> Arguments.of(jdk, KafkaNode.Version.NEWEST));
        return Jdks.matrix() ? Stream.concat(newest, Stream.of(Arguments.of(Jdk.current(), KafkaNode.Version.OLDEST))) : newest;
    }

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        delayAccounting = TaskDelayAccounting.switchOn();
        keys = ServerKeys.make(root);
    }

    @AfterAll
    static void putBackDelayAccounting() {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
    }

    /**
     * What came of one listener.
     *
     * @param catchUp what its network thread was charged with beside catch-up consumers
     * @param handlers what the request handlers were charged with then: they read the head of each response's first batch
     * @param growing what the network thread was charged with while a cold partition was read that was appended to
     */
    private record Measured(ThreadDiskAccount catchUp, ThreadDiskAccount handlers, KafkaRace.Finish race, ThreadDiskAccount growing) {
    }

    @Test
    void controlWithoutTheAgentTheNetworkThreadsSleepAndHotRequestsWait() throws Exception {
        run(false).forEach((protocol, measured) -> assertAll(protocol + ": " + measured,
                () -> assertTrue(measured.catchUp().dSamples() > 0, "the control must be seen asleep on the disk"),
                () -> assertTrue(measured.catchUp().readBytes() > 0, "the control must read on a network thread"),
                () -> assertTrue(measured.growing().readBytes() > 0, "the control must read the growing log on a network thread"),
                () -> assertTrue(measured.race().hotRecords() < KafkaRace.HOT_RECORDS / 10, "the control must hold up hot records")));
    }

    @Test
    void noNetworkThreadSleepsAndHotRequestsAreAnsweredWhileColdOnesWait() throws Exception {
        run(true).forEach((protocol, measured) -> assertAll(protocol + ": " + measured,
                () -> assertEquals(0, measured.catchUp().readBytes(), "bytes that the network thread read from the disk"),
                () -> assertEquals(0, measured.catchUp().sendfileDSamples(), "looks at which it was asleep in sendfile"),
                () -> assertEquals(0, measured.catchUp().sleepMillis(), "milliseconds that it slept on the disk"),
                () -> assertEquals(0, measured.growing().readBytes(), "bytes that it read of the growing log"),
                () -> assertEquals(0, measured.growing().sleepMillis(), "milliseconds that it slept for the growing log"),
                () -> assertEquals(KafkaRace.HOT_RECORDS, measured.race().hotRecords(), "hot records before 768 KB came from the disk"),
                () -> assertEquals(0, measured.race().network().readBytes(), "bytes that it read beside the stopped disk"),
                () -> assertEquals(0, measured.race().network().dSamples(), "looks asleep beside the stopped disk")));
    }

    private Map<String, Measured> run(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("kafka").limits().orElseThrow();
                KafkaNode node = new KafkaNode.Builder(jdk, version, directory).tls(keys).limits(limits).agent(agent).start()) {
            Map<String, Measured> measured = new LinkedHashMap<>();
            for (KafkaEndpoint endpoint : List.of(node.plain(), node.tls())) {
                measured.put(endpoint.protocol(), withWhatTheBrokerSaid(node, () -> measure(node, endpoint, limits, agent)));
            }
            AgentStats stats = agent ? AgentHealth.afterStopOf(node.process(), KafkaNode::printsOnStderr) : null;
            System.out.println("KafkaIT " + version + " on " + jdk + ", agent " + agent + ": " + measured + " " + stats);
            if (agent) {
                assertTrue(stats.parks() >= 3 * COLD_PARTITIONS, () -> "every cold response was parked: " + stats);
            }
            return measured;
        }
    }

    /** A client that waits in vain says nothing of why; the broker's log may. */
    private static <T> T withWhatTheBrokerSaid(KafkaNode node, Callable<T> step) throws Exception {
        try {
            return step.call();
        } catch (Exception | AssertionError failure) {
            failure.addSuppressed(new IllegalStateException(node.process().toString()));
            throw failure;
        }
    }

    private Measured measure(KafkaNode node, KafkaEndpoint endpoint, CgroupLimits limits, boolean agent) throws Exception {
        List<KafkaPartition> cold = KafkaPartition.of("cold-" + endpoint.protocol(), COLD_PARTITIONS, RECORD_BYTES);
        List<KafkaPartition> hot = KafkaPartition.of("hot-" + endpoint.protocol(), 1, RECORD_BYTES);
        List<KafkaPartition> growing = KafkaPartition.of("growing-" + endpoint.protocol(), 1, GROWING_RECORD_BYTES);
        create(endpoint, cold, hot, growing);
        try (KafkaProducer<byte[], byte[]> producer = endpoint.producer()) {
            for (KafkaPartition partition : cold) {
                partition.append(producer, 0, COLD_RECORDS);
            }
        }
        warmUp(node, endpoint, cold.subList(0, 1));
        for (KafkaPartition partition : cold) {
            node.segment(partition.id()).evict();
        }
        limits.throttleRead(directory, DISK_BYTES_PER_SECOND);
        ThreadDiskAccount catchUp;
        ThreadDiskAccount handlers;
        try (DiskSleepSampler network = DiskSleepSampler.start(node.pid(), node.networkThread(endpoint));
                DiskSleepSampler others = DiskSleepSampler.start(node.pid(), node.requestHandlers())) {
            assertEquals(1, network.threads(), "network threads");
            KafkaPartition.readAll(endpoint, cold, COLD_RECORDS);
            catchUp = network.stop();
            handlers = others.stop();
        }
        KafkaRace.Finish finish = new KafkaRace(endpoint, cold, COLD_RECORDS, hot.get(0)).run(node, limits, !agent);
        return new Measured(catchUp, handlers, finish, follow(node, endpoint, growing.get(0)));
    }

    @SafeVarargs
    private static void create(KafkaEndpoint endpoint, List<KafkaPartition>... topics) throws Exception {
        try (Admin admin = endpoint.admin()) {
            List<NewTopic> wanted = new ArrayList<>();
            for (List<KafkaPartition> partitions : topics) {
                wanted.add(new NewTopic(partitions.get(0).id().topic(), partitions.size(), (short) 1));
            }
            admin.createTopics(wanted).all().get();
        }
    }

    /** Has the broker load all classes that hot and cold responses need, so that no network thread is charged with reading its jars. */
    private static void warmUp(KafkaNode node, KafkaEndpoint endpoint, List<KafkaPartition> partitions) throws Exception {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            if (round % 2 == 0) {
                node.segment(partitions.get(0).id()).evict();
            }
            KafkaPartition.readAll(endpoint, partitions, COLD_RECORDS);
        }
    }

    /** Reads a partition from its cold beginning to what is appended meanwhile, over and over. */
    private ThreadDiskAccount follow(KafkaNode node, KafkaEndpoint endpoint, KafkaPartition growing) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(GROWING_READERS);
        try (KafkaProducer<byte[], byte[]> producer = endpoint.producer()) {
            growing.append(producer, 0, GROWING_RECORDS_A_ROUND);
            try (DiskSleepSampler sampler = DiskSleepSampler.start(node.pid(), node.networkThread(endpoint))) {
                long end = GROWING_RECORDS_A_ROUND;
                for (int round = 0; round < GROWING_ROUNDS; round++) {
                    node.segment(growing.id()).evict();
                    long last = end + GROWING_RECORDS_A_ROUND;
                    List<Future<?>> reads = new ArrayList<>();
                    for (int number = 0; number < GROWING_READERS; number++) {
                        reads.add(readers.submit(() -> growing.readTo(endpoint, last, Map.of(), new AtomicLong())));
                    }
                    for (int turn = 0; end < last; turn++) {
                        long next = Math.min(last, end + GROWING_STEPS[turn % GROWING_STEPS.length]);
                        growing.append(producer, end, next);
                        end = next;
                        Thread.sleep(GROWING_PAUSE_MILLIS);
                    }
                    for (Future<?> read : reads) {
                        read.get();
                    }
                }
                return sampler.stop();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void parkedResponsesCostNoCpuAndConsumersThatBreakOffLeaveNothing() throws Exception {
        try (KafkaNode node = new KafkaNode.Builder(jdk, version, directory).tls(keys).agent(true)
                .property("readahead.debug.cold", PARKED_MILLIS).start()) {
            try (JmxConsole console = JmxConsole.of(node.process())) {
                for (KafkaEndpoint endpoint : List.of(node.plain(), node.tls())) {
                    withWhatTheBrokerSaid(node, () -> {
                        breakOff(node, endpoint, console);
                        return null;
                    });
                }
            }
            AgentStats stats = AgentHealth.afterStopOf(node.process(), KafkaNode::printsOnStderr);
            assertTrue(stats.parks() >= 2 * BROKEN_ROUNDS * COLD_PARTITIONS, () -> "every response was parked: " + stats);
        }
    }

    private static void breakOff(KafkaNode node, KafkaEndpoint endpoint, JmxConsole console) throws Exception {
        List<KafkaPartition> partitions = KafkaPartition.of("parked-" + endpoint.protocol(), COLD_PARTITIONS, RECORD_BYTES);
        create(endpoint, partitions);
        try (KafkaProducer<byte[], byte[]> producer = endpoint.producer()) {
            for (KafkaPartition partition : partitions) {
                partition.append(producer, 0, COLD_RECORDS);
            }
        }
        long descriptors = descriptorsOf(node, partitions);
        long cpuMillis = 0;
        for (int round = 0; round < BROKEN_ROUNDS; round++) {
            cpuMillis += breakOffWhileParked(node, endpoint, partitions, console);
            assertEquals(descriptors, descriptorsOf(node, partitions), "descriptors of the log's files");
        }
        long spent = cpuMillis;
        assertTrue(cpuMillis <= BROKEN_ROUNDS * MAX_CPU_MILLIS, () -> "CPU of the network thread of " + endpoint.protocol() + " in "
                + BROKEN_ROUNDS + " x " + LOOK_MILLIS + " ms while every response was parked: " + spent + " ms");
    }

    /** @return milliseconds of CPU time of the network thread while every response was parked */
    private static long breakOffWhileParked(KafkaNode node, KafkaEndpoint endpoint, List<KafkaPartition> partitions, JmxConsole console)
            throws Exception {
        List<KafkaConsumer<byte[], byte[]>> consumers = new ArrayList<>();
        try {
            for (KafkaPartition partition : partitions) {
                KafkaConsumer<byte[], byte[]> consumer = endpoint.consumer(partition.id(),
                        Map.of(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 64 << 10));
                consumers.add(consumer);
            }
            Await.until("every response is parked", () -> {
                // A consumer connects and sends its request while it is polled.
                consumers.forEach(consumer -> consumer.poll(POLL));
                return console.number("ParkedNow") == consumers.size();
            }, console::attributes);
            Set<Long> network = node.networkThread(endpoint);
            long before = ThreadCpu.millis(node.pid(), network);
            Thread.sleep(LOOK_MILLIS);
            return ThreadCpu.millis(node.pid(), network) - before;
        } finally {
            for (KafkaConsumer<byte[], byte[]> consumer : consumers) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
            Await.until("no connection is left", () -> ProcessCounts.connections(endpoint.port()) == 0);
        }
    }

    /** Of the partitions' segments: the broker's own, and the agent's. */
    private static long descriptorsOf(KafkaNode node, List<KafkaPartition> partitions) throws Exception {
        Set<String> segments = new HashSet<>();
        for (KafkaPartition partition : partitions) {
            segments.add(node.segment(partition.id()).path().toString());
        }
        List<String> open = new ArrayList<>();
        Await.until("each segment is open once", () -> {
            open.clear();
            open.addAll(ProcessCounts.descriptors(node.pid()));
            open.retainAll(segments);
            return open.size() == segments.size();
        }, () -> open);
        return open.size();
    }
}
