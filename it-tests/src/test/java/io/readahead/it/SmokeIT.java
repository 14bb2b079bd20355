package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** In short, on every JDK found: the agent does its work there and is quiet. */
class SmokeIT {

    private static final long BYTES = 16 << 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("smoke.bin"), BYTES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#every")
    void aColdFileIsSentByTheLoopAndNotReadByIt(Jdk jdk) throws Exception {
        assertTrue(download(jdk, false).loop().readBytes() > 0, "the control must read on the loop");
        Measured measured = Undisturbed.measured(() -> download(jdk, true), one -> one.loop().readBytes(), Measured::readTwice);
        assertEquals(0, measured.loop().readBytes(), "bytes that the loop read from the disk");
    }

    private record Measured(ThreadDiskAccount loop, long readTwice) {
    }

    private static Measured download(Jdk jdk, boolean agent) throws Exception {
        try (ServerProcess server = JettyExample.of(jdk, root, agent).start(); RawHttp client = RawHttp.connect(server)) {
            JettyExample.warmUp(server, root);
            file.evict();
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                Downloads.assertWhole(file, client.get("/files/smoke.bin"), server);
                loop = sampler.stop();
            }
            long readTwice = undisturbed.readTwice(BYTES);
            Downloads.assertWhole(file, client.get("/blocking/smoke.bin"), server);
            if (agent) {
                AgentStats stats = AgentHealth.afterStopOf(server);
                assertAll(stats.toString(),
                        () -> assertTrue(stats.parks() > 0, "parks"),
                        () -> assertEquals(1, server.agentStderr().size(), () -> "start-up lines; " + server));
            }
            return new Measured(loop, readTwice);
        }
    }
}
