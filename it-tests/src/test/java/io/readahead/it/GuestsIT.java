package io.readahead.it;

import io.readahead.it.guests.SparkClient;
import io.readahead.it.guests.SparkServer;
import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Libraries that send files by transferTo, each in a small server, with the agent's default packages. */
class GuestsIT {

    private static final int FILES = 3;
    private static final long FILE_BYTES = 3 << 20;
    /** The newest that Cassandra 5.0 and Spark 3.5 say they run on. */
    private static final int JDK_OF_THE_OLDER = 17;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    /** @param senders bytes that the server's own threads had the disk read */
    private record Measured(long senders, long readTwice, AgentStats stats) {
    }

    /** Has all files sent once. */
    private interface Download {
        void from(ServerProcess server) throws Exception;
    }

    static Stream<Arguments> guests() {
        return Stream.concat(
                FileServerContract.each(Jdks.chosen(), List.of(Guest.GRIZZLY, Guest.MINA, Guest.PEKKO, Guest.AKKA, Guest.OWN_REGION_NIO,
                        Guest.OWN_REGION_EPOLL)),
                FileServerContract.each(ofTheOlder(Jdks.chosen()), List.of(Guest.CASSANDRA)));
    }

    /** Either version on JDK 17 and either transport, over both of CI's runs. */
    static Stream<Arguments> sparks() {
        Stream<Arguments> newer = Jdks.chosen().stream().map(jdk -> Arguments.of(jdk, "4.2", "EPOLL"));
        if (!Jdks.matrix()) {
            return Stream.concat(newer, ofTheOlder(Jdks.chosen()).stream().map(jdk -> Arguments.of(jdk, "3.5", "NIO")));
        }
        return Stream.of(newer, Jdks.every().stream().map(jdk -> Arguments.of(jdk, "4.2", "NIO")),
                ofTheOlder(Jdks.every()).stream().map(jdk -> Arguments.of(jdk, "3.5", "EPOLL"))).flatMap(each -> each);
    }

    static List<Jdk> jdks() {
        return Jdks.chosen();
    }

    private static List<Jdk> ofTheOlder(List<Jdk> jdks) {
        return jdks.stream().filter(jdk -> jdk.feature() == JDK_OF_THE_OLDER).toList();
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("guests")
    void whoSendsReadsNothingOfAColdFile(Jdk jdk, Guest guest) throws Exception {
        assertThatNobodyReads(agent -> guest.builder(jdk, root, agent, ""), server -> Downloads.atATime(guest, server, files));
    }

    @ParameterizedTest(name = "Spark {1}, {2} on {0}")
    @MethodSource("sparks")
    void sparksShuffleServiceReadsNothingOfAColdBlock(Jdk jdk, String version, String transport) throws Exception {
        assertThatNobodyReads(agent -> spark(jdk, version, transport, false, agent),
                server -> fetch(server, jdk, version, transport, false));
    }

    @ParameterizedTest(name = "Spark on {0}")
    @MethodSource("jdks")
    void sparksEncryptedBlocksPassThroughAndAreCounted(Jdk jdk) throws Exception {
        try (ServerProcess server = spark(jdk, "4.2", "NIO", true, true).start()) {
            fetch(server, jdk, "4.2", "NIO", true);
            AgentStats stats = AgentHealth.afterStopOf(server, Guest::isLogLine);
            assertTrue(stats.get("passedThrough") > 0, () -> "calls that passed through: " + stats);
        }
    }

    /** Without the agent and with it. */
    private interface Program {
        ServerProcess.Builder with(boolean agent);
    }

    private static void assertThatNobodyReads(Program program, Download download) throws Exception {
        Measured control = measure(program.with(false), false, download);
        assertTrue(control.senders() >= FILES * FILE_BYTES, () -> "the control must read all on the server's threads: " + control);
        Measured measured = Undisturbed.measured(() -> measure(program.with(true), true, download), Measured::senders, Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertEquals(0, measured.senders(), "bytes that the server's threads read from the disk"),
                () -> assertEquals(0, measured.stats().get("passedThrough"), "calls that passed through"));
    }

    /** What is read when the files are cold; with the agent once they have been sent hot, so that all classes and threads are there. */
    private static Measured measure(ServerProcess.Builder builder, boolean agent, Download download) throws Exception {
        try (ServerProcess server = builder.start()) {
            if (agent) {
                download.from(server);
            }
            for (TestFile file : files) {
                file.evict();
            }
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadReads before = ThreadReads.of(server.pid());
            download.from(server);
            long senders = ThreadReads.of(server.pid()).since(before);
            long readTwice = undisturbed.readTwice(FILES * FILE_BYTES);
            return new Measured(senders, readTwice, agent ? AgentHealth.afterStopOf(server, Guest::isLogLine) : null);
        }
    }

    private static ServerProcess.Builder spark(Jdk jdk, String version, String transport, boolean encrypted, boolean agent) {
        ServerProcess.Builder builder = Guest.program(jdk, sparkClassPath(version), SparkServer.class)
                .arguments(root, transport, encrypted);
        return agent ? builder.agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true) : builder;
    }

    /** The same program runs with either: 4 keeps what it calls of 3.5. */
    private static String sparkClassPath(String version) {
        return version.equals("3.5") ? Artifacts.property("readahead.spark-3.5.dir") + "/*:" + Guest.classPath("4.1")
                : Guest.classPath("4.2");
    }

    /** A client in a JVM of its own fetches all blocks, whose digests it prints. */
    private static void fetch(ServerProcess server, Jdk jdk, String version, String transport, boolean encrypted) throws Exception {
        ServerProcess client = Guest.program(jdk, sparkClassPath(version), SparkClient.class)
                .arguments(server.port(), transport, encrypted, Files.createDirectories(root.resolve("shuffle")))
                .arguments(files.stream().map(TestFile::path).toArray())
                .run();
        List<String> expected = IntStream.range(0, FILES)
                .mapToObj(number -> "file " + number + " " + FILE_BYTES + " " + files.get(number).sha256()).toList();
        assertEquals(expected, client.stdout().stream().sorted().toList(), () -> client + "; " + server);
    }
}
