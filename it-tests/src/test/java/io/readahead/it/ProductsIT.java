package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadReads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Products as their users start them, by {@code -Pproducts}: each of its threads, and each line of its log. */
class ProductsIT {

    private static final int FILES = 4;
    private static final long FILE_BYTES = 8 << 20;
    private static final long ALL_BYTES = FILES * FILE_BYTES;
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    private static final int RECORD_BYTES = 10_000;
    private static final int RECORDS = 840;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;
    private static ServerKeys keys;
    private static ProductPage page;

    @TempDir(factory = OnDisk.class)
    private Path base;

    static Stream<Arguments> products() {
        List<Arguments> each = new ArrayList<>();
        for (Product product : Product.values()) {
            Jdk.all().stream().filter(product::runsOn).forEach(jdk -> each.add(Arguments.of(product, jdk)));
        }
        return each.stream();
    }

    @BeforeAll
    static void writeFiles() throws Exception {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
        keys = ServerKeys.shared();
        page = new ProductPage();
        products().map(Arguments::get).forEach(product -> page.expect((Product) product[0], (Jdk) product[1]));
        List.of(KafkaEndpoint.PLAINTEXT, KafkaEndpoint.SSL).forEach(protocol -> page.expect(protocol, Jdk.current()));
    }

    /** Where each product was run in this JVM, and none is missing. */
    @AfterAll
    static void writePage() throws IOException {
        if (page != null && page.isWhole()) {
            page.write(Path.of(Artifacts.property("readahead.products.page")));
        }
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("products")
    void withTheAgentNoThreadOfItReadsAColdFile(Product product, Jdk jdk) throws Exception {
        Measured control = measure(product, jdk, false);
        assertTrue(control.senders() >= ALL_BYTES, () -> "the control must read all on the server's threads: " + control);
        Measured measured = Undisturbed.measured(() -> measure(product, jdk, true), Measured::senders, Measured::readTwice);
        System.out.println(product + " on " + jdk + ": without " + control + ", with the agent " + measured);
        assertHealthy(measured.stats());
        if (product.helped()) {
            assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved");
            assertEquals(0, measured.senders(), () -> "bytes that the server's threads read from the disk: " + measured);
        }
        page.measured(product.name(), jdk, new ProductPage.Row(product.title(), measured.version(), product.startedBy(), ALL_BYTES,
                control.senders(), measured.senders(), measured.stats().parks(), product.helped()));
    }

    private static void assertHealthy(AgentStats stats) {
        assertAll(stats.toString(),
                () -> assertEquals(0, stats.failures(), "failures inside the agent"),
                () -> assertEquals(0, stats.mendedWakeups(), "wake-ups that were lost and mended"),
                () -> assertEquals(0, stats.parkedNow(), "channels left parked"),
                () -> assertEquals(0, stats.openDescriptors(), "descriptors left open"));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("products")
    void isListedAndAttachedToAndTakenOffWhileItRuns(Product product, Jdk jdk) throws Exception {
        try (ServerProcess server = product.start(product.at(base, jdk, root, false))) {
            long pid = Product.jvmOf(server);
            ServerProcess list = AgentCommand.run(jdk, "list");
            assertTrue(list.stdout().stream().anyMatch(line -> line.strip().startsWith(pid + " ")), () -> pid + " in the list: " + list);
            ServerProcess attach = AgentCommand.run(jdk, "attach", pid);
            assertEquals(0, attach.exitCode(), attach::toString);
            Downloads.atATime(product, server, evicted());
            Downloads.atATime(product, server, evicted());
            Map<String, String> figures = AgentCommand.freshStatus(pid);
            assertEquals("0", figures.get("failures"), figures::toString);
            assertEquals(product.helped(), Long.parseLong(figures.get("parks")) > 0, () -> "parks: " + figures);
            ServerProcess detach = AgentCommand.run(jdk, "detach", pid);
            assertEquals(0, detach.exitCode(), detach::toString);
            evicted();
            ThreadReads before = ThreadReads.of(pid);
            Downloads.atATime(product, server, files);
            long senders = ThreadReads.of(pid).since(before);
            assertTrue(senders >= ALL_BYTES, () -> "taken off, the server's threads read again, and not only " + senders);
            product.stop(server);
        }
        page.attached(product, jdk);
    }

    private static List<TestFile> evicted() throws IOException {
        for (TestFile file : files) {
            file.evict();
        }
        return files;
    }

    /**
     * What came of cold downloads.
     *
     * @param version as the server told it
     * @param senders bytes that the server's own threads had the disk read
     * @param readTwice bytes that the process has read beyond what the files hold
     */
    private record Measured(String version, long senders, long readTwice, AgentStats stats) {
    }

    /** Cold files from a slow disk, after both cold and hot ones, so that all classes and threads are there. */
    private Measured measure(Product product, Jdk jdk, boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("products").limits().orElseThrow();
                ServerProcess server = product.start(product.at(base, jdk, root, agent).wrapper(limits.wrapper().toArray(String[]::new)))) {
            long pid = Product.jvmOf(server);
            Downloads.atATime(product, server, evicted());
            Downloads.atATime(product, server, files);
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            evicted();
            Undisturbed undisturbed = Undisturbed.since(pid);
            ThreadReads before = ThreadReads.of(pid);
            Downloads.atATime(product, server, files);
            long senders = ThreadReads.of(pid).since(before);
            long readTwice = undisturbed.readTwice(ALL_BYTES);
            product.stop(server);
            return new Measured(product.versionOf(server), senders, readTwice, agent ? server.stats() : null);
        }
    }

    /** Not its scripts: Kafka's archive is in no repository of Maven's. examples/kafka/run.sh reads the variables that those read. */
    @Test
    void theNetworkThreadsOfKafka39ReadNoColdLog() throws Exception {
        Map<String, Long> control = new TreeMap<>();
        Map<String, Long> measured = new TreeMap<>();
        kafka(false, control);
        ServerProcess broker = kafka(true, measured);
        AgentStats stats = broker.stats();
        System.out.println("Kafka: without " + control + ", with the agent " + measured + " " + stats);
        String version = kafkaVersion(broker);
        for (String protocol : control.keySet()) {
            assertTrue(control.get(protocol) > 0, "the control must read on a network thread: " + protocol);
            assertEquals(0, measured.get(protocol), "bytes that the network thread read: " + protocol);
            page.measured(protocol, Jdk.current(), new ProductPage.Row("Kafka, " + protocol, version, "`run.sh` of the example, KAFKA_OPTS",
                    (long) RECORDS * RECORD_BYTES, control.get(protocol), measured.get(protocol), stats.parks(), true));
        }
        assertTrue(stats.parks() >= 2, stats::toString);
        assertHealthy(stats);
    }

    private static String kafkaVersion(ServerProcess broker) {
        return broker.stdout().stream().filter(line -> line.contains("Kafka version: "))
                .map(line -> line.replaceAll(".*Kafka version: (\\S+).*", "$1")).findFirst().orElseThrow();
    }

    /** @param networkBytes what the network thread of each listener had the disk read of a cold partition */
    private ServerProcess kafka(boolean agent, Map<String, Long> networkBytes) throws Exception {
        Path log4j = Path.of(Artifacts.property("readahead.products.sources"), "kafka-3.9/log4j.properties");
        try (CgroupLimits limits = CgroupLimits.tryCreate("products-kafka").limits().orElseThrow();
                KafkaNode node = new KafkaNode.Builder(Jdk.current(), KafkaNode.Version.OF_PRODUCTS, base.resolve("kafka-" + agent))
                        .tls(keys).limits(limits).agent(agent).property("log4j.configuration", log4j.toUri()).start()) {
            for (KafkaEndpoint endpoint : List.of(node.plain(), node.tls())) {
                List<KafkaPartition> partitions = KafkaPartition.of("cold-" + endpoint.protocol(), 1, RECORD_BYTES);
                try (Admin admin = endpoint.admin(); KafkaProducer<byte[], byte[]> producer = endpoint.producer()) {
                    admin.createTopics(List.of(new NewTopic(partitions.get(0).id().topic(), 1, (short) 1))).all().get();
                    partitions.get(0).append(producer, 0, RECORDS);
                }
                TestFile segment = node.segment(partitions.get(0).id());
                segment.evict();
                KafkaPartition.readAll(endpoint, partitions, RECORDS);
                KafkaPartition.readAll(endpoint, partitions, RECORDS);
                segment.evict();
                limits.throttleRead(base, DISK_BYTES_PER_SECOND);
                try (DiskSleepSampler network = DiskSleepSampler.start(node.pid(), node.networkThread(endpoint))) {
                    assertEquals(1, network.threads(), "network threads");
                    KafkaPartition.readAll(endpoint, partitions, RECORDS);
                    networkBytes.put(endpoint.protocol(), network.stop().readBytes());
                }
                limits.unthrottle(base);
            }
            assertEquals(ServerProcess.EXIT_BY_SIGTERM, node.process().stop(), node.process()::toString);
            assertEquals(List.of(), node.process().stdout().stream().filter(line -> line.contains("] ERROR ") || line.contains("] FATAL "))
                    .toList(), node.process()::toString);
            return node.process();
        }
    }
}
