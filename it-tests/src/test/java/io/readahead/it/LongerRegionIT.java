package io.readahead.it;

import io.readahead.it.app.LongerRegionServer;
import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
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

/** Netty's region that is longer than its file: all of the file comes, and then the failure, as without the agent. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class LongerRegionIT {

    /** No more than the sockets take at once: Netty looks at the file's size after any 0, a full socket's too. */
    private static final long FILE_BYTES = 256 << 10;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private FileServer kind;

    /** What the client got, and what the server was told of the region. */
    private record Outcome(long bytes, String sha256, boolean complete, String ended) {
    }

    static Stream<Arguments> servers() {
        return FileServerContract.usualAndRarer(ofVersion("4.2"), ofVersion("4.1"));
    }

    private static List<NettyServer> ofVersion(String version) {
        return Stream.of("nio", "epoll")
                .map(transport -> new NettyServer(version, transport, "/files/", LongerRegionServer.class.getName())).toList();
    }

    @BeforeAll
    static void writeFile() throws Exception {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @Test
    void whatTheFileHasComesBeforeTheFailureAsWithoutTheAgent() throws Exception {
        Outcome without;
        try (ServerProcess server = kind.builder(jdk, root, false, "").start()) {
            without = outcome(server);
        }
        String ended = LongerRegionServer.ENDED + "java.io.IOException: Underlying file size " + FILE_BYTES
                + " smaller then requested count " + (FILE_BYTES + 1);
        assertEquals(new Outcome(FILE_BYTES, file.sha256(0, FILE_BYTES), false, ended), without);
        try (ServerProcess server = kind.builder(jdk, root, true, "").start()) {
            assertEquals(without, outcome(server), server::toString);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() > 0, () -> "nothing parked, so nothing was cold and nothing is proved: " + stats);
        }
    }

    private Outcome outcome(ServerProcess server) throws Exception {
        file.evict();
        RawHttp.Body body;
        try (RawHttp client = RawHttp.connect(server)) {
            body = client.get(kind.pathOf(file));
        }
        Await.until("the server is told", () -> ended(server).findAny().isPresent());
        return new Outcome(body.bytes(), body.sha256(), body.complete(), ended(server).findFirst().orElseThrow());
    }

    private static Stream<String> ended(ServerProcess server) {
        return server.stdout().stream().filter(line -> line.startsWith(LongerRegionServer.ENDED));
    }
}
