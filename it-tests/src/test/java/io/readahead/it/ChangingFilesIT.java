package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A file that is changed while it is sent: the client sees what it sees without the agent. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ChangingFilesIT {

    private static final long FILE_BYTES = 48 << 20;

    /** More than fits into the buffers of both sockets, so that the server isn't done when the file changes. */
    private static final long BEFORE_CHANGE_BYTES = 1 << 20;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    private static final long TRUNCATED_BYTES = 20 << 20;

    /** The server is to notice by itself: it must not be its idle timeout that ends a download, nor the client's patience, one minute. */
    private static final int IDLE_TIMEOUT_SECONDS = 300;
    private static final int DEBUG_COLD_MILLIS = 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void onLinux() {
        Requirement.linux().orSkip();
    }

    @FunctionalInterface
    private interface Action {
        void on(TestFile file) throws IOException;
    }

    private enum Change {
        TRUNCATED(file -> truncate(file, TRUNCATED_BYTES)),
        TRUNCATED_TO_NOTHING(file -> truncate(file, 0)),
        TRUNCATED_AND_WRITTEN_AGAIN(file -> {
            truncate(file, TRUNCATED_BYTES);
            new TestFile(file.path(), file.seed(), TRUNCATED_BYTES).grow(FILE_BYTES - TRUNCATED_BYTES);
        }),
        DELETED(file -> Files.delete(file.path())),
        GROWN(file -> file.grow(1 << 20)),
        REPLACED(file -> Files.move(TestFile.write(root.resolve("other.bin"), FILE_BYTES).path(), file.path(),
                StandardCopyOption.REPLACE_EXISTING));

        private final Action action;

        Change(Action action) {
            this.action = action;
        }

        private static void truncate(TestFile file, long bytes) throws IOException {
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                channel.truncate(bytes);
            }
        }
    }

    /** How a download ended, as far as the client can rely on it. */
    private enum Outcome {
        WHOLE, CUT_SHORT, HANGS
    }

    @Test
    void theClientSeesTheSameAsWithoutTheAgent() throws Exception {
        Map<Change, Outcome> without;
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).arguments("--idle-timeout", IDLE_TIMEOUT_SECONDS).start()) {
            without = outcomes(server, BEFORE_CHANGE_BYTES);
        }
        assertEquals(Map.of(Change.TRUNCATED, Outcome.CUT_SHORT, Change.TRUNCATED_TO_NOTHING, Outcome.CUT_SHORT,
                Change.TRUNCATED_AND_WRITTEN_AGAIN, Outcome.WHOLE,
                Change.DELETED, Outcome.WHOLE, Change.GROWN, Outcome.WHOLE, Change.REPLACED, Outcome.WHOLE), without, "without the agent");
        assertEquals(without, withAgent(BEFORE_CHANGE_BYTES, false), "midway, evicted");
        assertEquals(without, withAgent(BEFORE_CHANGE_BYTES, true), "midway, cold by the debug option");
        assertEquals(without, withAgent(0, true), "at the head of the answer, when the download is parked");
    }

    private Map<Change, Outcome> withAgent(long bytesBefore, boolean debugCold) throws Exception {
        ServerProcess.Builder builder = JettyExample.withAgent(jdk, root, "").arguments("--idle-timeout", IDLE_TIMEOUT_SECONDS);
        if (debugCold) {
            builder.property("readahead.debug.cold", DEBUG_COLD_MILLIS);
        }
        try (ServerProcess server = builder.start()) {
            Map<Change, Outcome> outcomes = outcomes(server, bytesBefore);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() > 0, () -> "nothing parked, so nothing was cold and nothing is proved: " + stats);
            return outcomes;
        }
    }

    private static Map<Change, Outcome> outcomes(ServerProcess server, long bytesBefore) throws Exception {
        Map<Change, Outcome> outcomes = new EnumMap<>(Change.class);
        for (Change change : Change.values()) {
            TestFile file = TestFile.write(root.resolve(change + ".bin"), FILE_BYTES).evict();
            outcomes.put(change, outcome(server, file, change, bytesBefore));
            Files.deleteIfExists(file.path());
            assertStillServes(server);
        }
        return outcomes;
    }

    private static Outcome outcome(ServerProcess server, TestFile file, Change change, long bytesBefore) throws IOException {
        try (RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES)) {
            client.send("/files/" + file.path().getFileName(), Map.of());
            client.read(bytesBefore);
            change.action.on(file);
            client.read(Long.MAX_VALUE);
            RawHttp.Body body = client.finish();
            assertEquals(file.sha256(0, body.bytes()), body.sha256(), () -> "what came of the file " + change + "; " + server);
            return body.complete() ? Outcome.WHOLE : Outcome.CUT_SHORT;
        } catch (SocketTimeoutException ignored) {
            return Outcome.HANGS;
        }
    }

    private static void assertStillServes(ServerProcess server) throws IOException {
        TestFile other = TestFile.write(root.resolve("still.bin"), 1 << 20).evict();
        try (RawHttp client = RawHttp.connect(server)) {
            Downloads.assertWhole(other, client.get("/files/still.bin"), server);
        }
    }
}
