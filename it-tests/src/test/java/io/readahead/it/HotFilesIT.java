package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files that are known to be in memory are known no more when they have left it, whoever took them: no event loop reads them. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class HotFilesIT {

    private static final NettyServer KIND = new NettyServer("4.2", "nio", "/files/");
    private static final int FILES = 100;
    private static final long FILE_BYTES = 20 << 10;
    private static final long LARGE_BYTES = 8 << 20;
    private static final int ROUNDS = 4;
    /** Longer than any answer stands that was given before. */
    private static final int SETTLED_MILLIS = 300;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> small;
    private static TestFile large;
    private static TestFile other;
    private static TestFile last;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        small = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
        large = TestFile.write(root.resolve("large"), LARGE_BYTES);
        other = TestFile.write(root.resolve("other"), 2 * LARGE_BYTES);
        last = TestFile.write(root.resolve("last"), FILE_BYTES);
    }

    @Test
    void whatIsReclaimedFromTheGroupIsReadAheadAgain() throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("hot-files").limits().orElseThrow();
                ServerProcess server = KIND.builder(jdk, root, true, "").wrapper(limits.wrapper().toArray(String[]::new)).start();
                RawHttp client = RawHttp.connect(server)) {
            for (TestFile file : small) {
                file.evict();
            }
            download(server, client);    // whose group they are charged to then
            for (int time = 0; time < 2; time++) {
                Thread.sleep(SETTLED_MILLIS);
                download(server, client);
            }
            Await.until("the group's pages are reclaimed", () -> {
                // What a processor has received keeps its pages until the next packet comes to it (skb_attempt_defer_free, Linux 6.18).
                download(last, server, client);
                for (Path folder : limits.directories()) {
                    reclaim(folder);
                }
                return areCold();
            }, limits::version);
            Thread.sleep(SETTLED_MILLIS);
            download(server, client);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() >= 2 * FILES, () -> "each was to park twice: " + stats);
        }
    }

    @Test
    void controlALoopReadsALargeFileThatWasThrownOut() throws Exception {
        LoopReads measured = throwOut(false);
        assertTrue(measured.loop().readBytes() >= LARGE_BYTES / 2, () -> "the control must read on the loop: " + measured);
    }

    /** Which the kernel counts nowhere, and the cache has not become smaller. */
    @Test
    void aLargeFileThatIsThrownOutWhileAsMuchIsReadInIsReadAheadAgain() throws Exception {
        LoopReads measured = LoopReads.undisturbed(() -> throwOut(true));
        assertEquals(0, measured.loop().readBytes(), measured::toString);
    }

    private LoopReads throwOut(boolean agent) throws Exception {
        try (ServerProcess server = KIND.builder(jdk, root, agent, "").start(); RawHttp client = RawHttp.connect(server)) {
            download(large, server, client);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), KIND.loopThreads())) {
                for (int round = 0; round < ROUNDS; round++) {
                    other.evict();
                    large.warm();
                    for (int time = 0; time < 2; time++) {
                        Thread.sleep(SETTLED_MILLIS);
                        download(large, server, client);
                    }
                    large.evict();
                    other.warm();
                    download(large, server, client);
                }
                loop = sampler.stop();
            }
            LoopReads measured = new LoopReads(loop, undisturbed.readTwice(ROUNDS * LARGE_BYTES),
                    agent ? AgentHealth.afterStopOf(server) : null);
            System.out.println("HotFilesIT " + jdk + ", agent " + agent + ", thrown out " + ROUNDS + " times: " + measured);
            return measured;
        }
    }

    /** By {@code memory.reclaim} of version 2 and {@code memory.force_empty} of version 1; other counts say nothing of it. */
    private static void reclaim(Path folder) {
        Map.of("memory.reclaim", "1G", "memory.force_empty", "0").forEach((name, request) -> {
            Path file = folder.resolve(name);
            try {
                if (Files.exists(file)) {
                    Files.writeString(file, request);
                }
            } catch (IOException ignored) {
                // EAGAIN: there is less than was asked for.
            }
        });
    }

    private static boolean areCold() throws IOException {
        for (TestFile file : small) {
            if (!file.isCold()) {
                return false;
            }
        }
        return true;
    }

    private static void download(ServerProcess server, RawHttp client) throws Exception {
        for (TestFile file : small) {
            download(file, server, client);
        }
    }

    private static void download(TestFile file, ServerProcess server, RawHttp client) throws Exception {
        Downloads.assertWhole(file, client.get(KIND.pathOf(file)), server);
    }
}
