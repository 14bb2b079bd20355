package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Beside agents of other makers, before and after them, ours does its work and theirs does its own. */
class CoexistenceIT {

    private static final long BYTES = 8 << 20;
    private static final int WARM_UP_REQUESTS = 10;
    private static final FileServer NETTY = new NettyServer("4.2", "nio", "/files/");
    /** Its loops are under BlockHound's eye, and one of its threads breaks the rule first. */
    private static final FileServer WATCHED_NETTY = new NettyServer("4.2", "nio", "/files/", "io.readahead.it.app.BlockingLoopThread");

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;
    private static TestFile warmUp;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), BYTES);
        warmUp = TestFile.write(root.resolve("warm-up.bin"), BYTES);
    }

    /** Each pair in one order, which one differs from pair to pair; under -Pmatrix also in the other, on every JDK. */
    private static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Jdk jdk : Jdks.matrix() ? Jdks.every() : Jdks.chosen()) {
            boolean oursFirst = true;
            for (OtherAgent other : OtherAgent.values()) {
                for (FileServer server : servers(other)) {
                    if (Jdks.chosen().contains(jdk)) {
                        pairs.add(Arguments.of(jdk, server, other, oursFirst));
                    }
                    if (Jdks.matrix()) {
                        pairs.add(Arguments.of(jdk, server, other, !oursFirst));
                    }
                    oursFirst = !oursFirst;
                }
            }
        }
        return pairs.stream();
    }

    private static List<FileServer> servers(OtherAgent other) {
        return switch (other) {
            case BLOCKHOUND -> List.of(WATCHED_NETTY);
            case CURIOUS -> List.of(NETTY);
            default -> List.of(NETTY, TomcatServer.TOMCAT_11);
        };
    }

    @ParameterizedTest(name = "{2} beside {1} on {0}, ours first: {3}")
    @MethodSource("pairs")
    void bothWork(Jdk jdk, FileServer kind, OtherAgent other, boolean oursFirst) throws Exception {
        Measured measured = Undisturbed.measured(() -> run(jdk, kind, other, oursFirst), one -> one.loop().readBytes(),
                Measured::readTwice);
        assertEquals(0, measured.loop().readBytes(), () -> "bytes that a loop read from the disk: " + measured);
    }

    /** Each time there is a new loader, all of whose classes the other agent asks for. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void attachedTakenOffAndAttachedAgainBesideOneThatAsksForOurClasses(Jdk jdk) throws Exception {
        Path folder = Files.createTempDirectory(root, "other");
        ServerProcess.Builder builder = NETTY.builder(jdk, root);
        OtherAgent.CURIOUS.addTo(builder, folder);
        try (ServerProcess server = builder.start()) {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
            try {
                for (String options : List.of("", "detach", "")) {
                    machine.loadAgent(Artifacts.agentJar().toString(), options);
                    String answer = machine.getAgentProperties().getProperty("readahead.answer", "");
                    assertTrue(answer.contains(options.isEmpty() ? " ACTIVE " : "DETACHED"), () -> answer + " " + server);
                }
            } finally {
                machine.detach();
            }
            warmUp.evict();
            download(NETTY, server, warmUp);
            assertTrue(Long.parseLong(AgentCommand.freshStatus(server.pid()).get("parks")) > 0, "parks");
            server.stop();
            OtherAgent.CURIOUS.assertWorked(server, folder);
        }
    }

    private record Measured(ThreadDiskAccount loop, long readTwice) {
    }

    private static Measured run(Jdk jdk, FileServer kind, OtherAgent other, boolean oursFirst) throws Exception {
        Path folder = Files.createTempDirectory(root, "other");
        ServerProcess.Builder builder = kind.builder(jdk, root);
        if (!oursFirst) {
            other.addTo(builder, folder);
        }
        builder.agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true);
        if (oursFirst) {
            other.addTo(builder, folder);
        }
        try (ServerProcess server = builder.start()) {
            for (int request = 0; request < WARM_UP_REQUESTS; request++) {
                warmUp.evict();
                download(kind, server, warmUp);
            }
            file.evict();
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
                download(kind, server, file);
                loop = sampler.stop();
            }
            long readTwice = undisturbed.readTwice(BYTES);
            AgentStats stats = AgentHealth.afterStopOf(server, line -> true);
            assertAll(stats + " " + loop + " " + server,
                    () -> assertTrue(stats.parks() > 0, "parks"),
                    () -> assertEquals(1, server.agentStderr().size(), "lines of our agent: the one of the start"),
                    () -> other.assertWorked(server, folder));
            return new Measured(loop, readTwice);
        }
    }

    private static void download(FileServer kind, ServerProcess server, TestFile what) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            Downloads.assertWhole(what, client.get(kind.pathOf(what)), server);
        }
    }
}
