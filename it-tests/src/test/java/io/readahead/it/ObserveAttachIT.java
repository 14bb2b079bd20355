package io.readahead.it;

import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a server that runs: first observe, then help, then observe again, then gone. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class ObserveAttachIT {

    private static final long FILE_BYTES = 6 << 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private FileServer kind;

    static Stream<Arguments> servers() {
        FileServer epoll = new NettyServer("4.2", "epoll", "/files/");
        return FileServerContract.usualAndRarer(List.of(epoll), List.of(JettyExample.EVENT_LOOP, new NettyServer("4.2", "nio", "/files/")));
    }

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @Test
    void attachedItObservesAndAttachedAgainItHelpsAndThenItIsGone() throws Exception {
        try (ServerProcess server = kind.builder(jdk, root).jvm("-XX:SoftRefLRUPolicyMSPerMB=0").start()) {
            assertAttached(server, "mode=observe", " OBSERVING ");
            assertTrue(loopReads(server), "observed, the loop reads the disk as ever");
            assertTrue(Long.parseLong(AgentCommand.freshStatus(server.pid()).get("coldCalls")) > 0, "cold calls");
            String json = String.join("\n", AgentCommand.run(jdk, "status", server.pid(), "--json").stdout());
            assertTrue(json.contains("\"verdict\": \"event loop " + kind.loopThreads()[0]), json);
            assertTrue(json.contains("\"report\": \"observed ") && json.contains("\"diskWaitMicrosMax\": "), json);
            assertTrue(json.contains("\"loop\": \"" + kind.loopThreads()[0]) && json.contains("\"kind\": \"loop\""), json);

            assertAttached(server, "mode=on", " ACTIVE ");
            loopReads(server);    // what the first use loads is not the file's
            assertTrue(!loopReads(server), "helped, the loop reads nothing");
            assertTrue(AgentCommand.freshStatus(server.pid()).keySet().stream().noneMatch(name -> name.startsWith("verdict")),
                    "no verdict is left over");

            assertAttached(server, "mode=observe", " OBSERVING ");
            assertTrue(loopReads(server), "observed again, the loop reads again");
            ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid());
            assertTrue(AgentCommand.said(detach).contains("DETACHED"), detach::toString);
            assertTrue(loopReads(server), "and when the agent is gone");
            AgentClasses.awaitCollected(jdk, server.pid());
        }
    }

    private void assertAttached(ServerProcess server, String options, String word) throws Exception {
        ServerProcess attach = AgentCommand.run(jdk, "attach", server.pid(), options);
        assertEquals(0, attach.exitCode(), attach::toString);
        assertTrue(AgentCommand.said(attach).contains(word), attach::toString);
    }

    /** Whether the loop threads were charged with reads during a cold download; its bytes are right in any case. */
    private boolean loopReads(ServerProcess server) throws Exception {
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
            Downloads.atATime(kind, server, List.of(file.evict()));
            return sampler.stop().readBytes() >= FILE_BYTES / 2;
        }
    }
}
