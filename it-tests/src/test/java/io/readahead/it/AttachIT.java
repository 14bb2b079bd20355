package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

/** Attached to a server that runs, looked at, and taken off again; from the outside, by the shipped jar. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class AttachIT {

    private static final long FILE_BYTES = 16 << 20;
    private static final List<FileServer> SERVERS = List.of(JettyExample.EVENT_LOOP, new NettyServer("4.2", "nio", "/files/"),
            new NettyServer("4.2", "epoll", "/files/"));

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private FileServer kind;

    static Stream<Arguments> servers() {
        return FileServerContract.each(Jdks.chosen(), SERVERS);
    }

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @Test
    void helpsFromThenOnAndLeavesNothingWhenItIsTakenOff() throws Exception {
        // The JDK's own caches of reflection hold classes softly; without patience of theirs one collection is enough.
        try (ServerProcess server = kind.builder(jdk, root).jvm("-XX:SoftRefLRUPolicyMSPerMB=0").start()) {
            assertTrue(coldDownloadReadsOnTheLoop(server), "the control: without the agent the loop reads");
            assertEquals("NONE", AgentCommand.status(jdk, server.pid()).get("state"));

            ServerProcess attach = AgentCommand.run(jdk, "attach", server.pid());
            assertEquals(0, attach.exitCode(), attach::toString);
            assertTrue(AgentCommand.said(attach).contains(" ACTIVE "), attach::toString);
            coldDownloadReadsOnTheLoop(server);    // what the first use loads is not the file's
            assertTrue(!coldDownloadReadsOnTheLoop(server), "with the agent the loop reads nothing");
            Await.until("status shows the parks", () -> Long.parseLong(AgentCommand.status(jdk, server.pid()).get("parks")) > 0);
            assertFigures(AgentCommand.status(jdk, server.pid()));
            try (JmxConsole console = JmxConsole.of(server)) {
                Await.until("the MBean is there, which must not keep the classes", console::hasBean);
                assertTrue(console.number("Parks") > 0, "parks");
            }

            ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid());
            assertEquals(0, detach.exitCode(), detach::toString);
            assertTrue(coldDownloadReadsOnTheLoop(server), "taken off, the loop reads again");
            Await.until("no thread of the agent is left",
                    () -> ProcessCounts.threads(server.pid()).keySet().stream().noneMatch(name -> name.startsWith("readahead")));
            assertEquals("DETACHED", AgentCommand.status(jdk, server.pid()).get("state"));
            AgentClasses.awaitCollected(jdk, server.pid());
            assertOnlyTheJvmsOwnWarning(server);
        }
    }

    /** Whether the loop threads were charged with reads during a cold download; its bytes are right in any case. */
    private boolean coldDownloadReadsOnTheLoop(ServerProcess server) throws Exception {
        file.evict();
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
            Downloads.atATime(kind, server, List.of(file));
            return sampler.stop().readBytes() >= FILE_BYTES / 2;
        }
    }

    private static void assertFigures(Map<String, String> status) {
        assertAll(status.toString(),
                () -> assertEquals("ACTIVE", status.get("state")),
                () -> assertEquals("0", status.get("failures")),
                () -> assertEquals("0", status.get("mendedWakeups")),
                () -> assertEquals("0", status.get("parkedNow")),
                () -> assertTrue(Long.parseLong(status.get("warmupBytes")) >= FILE_BYTES, "warmupBytes"),
                () -> assertTrue(Long.parseLong(status.get("parkMicrosP99")) > 0, "parkMicrosP99"),
                () -> assertTrue(status.keySet().stream().anyMatch(name -> name.startsWith("site.")), "call sites"),
                () -> assertTrue(status.keySet().stream().anyMatch(name -> name.startsWith("store.")), "file stores"));
    }

    /** JEP 451: from JDK 21 on a JVM says once that an agent was loaded while it ran; nothing else is printed but our own lines. */
    private static void assertOnlyTheJvmsOwnWarning(ServerProcess server) {
        List<String> known = List.of("WARNING: A Java agent has been loaded", "WARNING: If a serviceability tool is",
                "WARNING: Dynamic loading of agents will be");
        assertEquals(List.of(), server.foreignStderr().stream().filter(line -> known.stream().noneMatch(line::startsWith)).toList(),
                server::toString);
    }
}
