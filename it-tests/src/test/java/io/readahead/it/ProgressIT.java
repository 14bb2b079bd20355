package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.FaultyFileSystem;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.WithoutSystemCalls;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was read ahead once is sent, whether or not it is still there and whether or not anybody can tell: no loop of parks. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ProgressIT {

    private static final NioServer KIND = NioServer.TWO_SELECTORS;

    private static final int SLOW_CLIENTS = 32;
    private static final long SLOW_BYTES = 3 << 20;
    private static final long SLOW_BYTES_PER_SECOND = 1 << 20;
    /** The JVM needs most of it: windows of 32 clients don't fit. */
    private static final long MEMORY_BYTES = 96 << 20;
    /** No window is smaller, but the last of a file. */
    private static final long LEAST_WINDOW_BYTES = 64 << 10;

    private static final long FILE_BYTES = 8 << 20;
    private static final long FIRST_WINDOW_BYTES = 256 << 10;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void prepare() {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
    }

    /**
     * What it took to send everything.
     *
     * @param diskBytes that the server read from the disk
     * @param evicted pages that are not in the page cache at the end
     */
    private record Taken(long diskBytes, long evicted, AgentStats stats) {
    }

    @Test
    void whereAWindowIsEvictedBeforeItIsSentNothingIsReadMuchMoreThanTwice() throws Exception {
        List<TestFile> files = TestFile.writeSeveral(root, "slow", SLOW_CLIENTS, SLOW_BYTES);
        Taken without = sendSlowly(files, false);
        Taken with = sendSlowly(files, true);
        System.out.println("ProgressIT on " + jdk + ": without " + without + ", with " + with);
        long total = SLOW_CLIENTS * SLOW_BYTES;
        assertAll(with.toString() + without,
                () -> assertTrue(with.evicted() > 0, "memory was too small for all"),
                () -> assertTrue(with.diskBytes() <= 2 * Math.max(total, without.diskBytes()), "bytes read from the disk"),
                () -> assertTrue(with.stats().parks() > 0, "parks"),
                () -> assertTrue(with.stats().parks() <= 2 * total / LEAST_WINDOW_BYTES, "parks"));
    }

    private Taken sendSlowly(List<TestFile> files, boolean agent) throws Exception {
        for (TestFile file : files) {
            file.evict();
        }
        try (CgroupLimits limits = CgroupLimits.tryCreate("progress").limits().orElseThrow()) {
            limits.limitMemory(MEMORY_BYTES);
            try (ServerProcess server = KIND.builder(jdk, root, agent, "").jvm("-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .wrapper(limits.wrapper().toArray(String[]::new)).start()) {
                long before = ProcessCounts.readBytes(server.pid());
                Downloads.atATime(KIND, server, files, () -> RawHttp.connect(server, 32 << 10).limitRate(SLOW_BYTES_PER_SECOND));
                long evicted = 0;
                for (TestFile file : files) {
                    evicted += SLOW_BYTES / 4096 - file.residentPages();
                }
                return new Taken(ProcessCounts.readBytes(server.pid()) - before, evicted, agent ? AgentHealth.afterStopOf(server) : null);
            }
        }
    }

    /** Hot and cold are the same then: each window is read ahead once, and from a steady reader's second on while it sends. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereNobodyTellsWhatIsInThePageCacheEachWindowIsReadAheadOnce(boolean cold) throws Exception {
        TestFile file = TestFile.write(root.resolve("unknown"), FILE_BYTES);
        if (cold) {
            file.evict();
        }
        assertOnce(file, root);
    }

    @Test
    void onAFileSystemThatTellsNothingEachWindowIsReadAheadOnce() throws Exception {
        try (FaultyFileSystem system = FaultyFileSystem.mount(root.resolve("fuse"))) {
            assertOnce(system.add("file", FILE_BYTES), root.resolve("fuse"));
        }
    }

    private void assertOnce(TestFile file, Path served) throws Exception {
        try (ServerProcess server = KIND.builder(jdk, served, true, "")
                .wrapper(WithoutSystemCalls.wrapper(WithoutSystemCalls.ENOSYS, "preadv2", "cachestat", "mincore")).start()) {
            Downloads.atATime(KIND, server, List.of(file));
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertAll(stats.toString(),
                    () -> assertTrue(server.agentStderr().get(0).contains(" probe=none "), server::toString),
                    () -> assertTrue(stats.parks() > 0, "parks"),
                    () -> assertTrue(stats.parks() <= FILE_BYTES / FIRST_WINDOW_BYTES, "no position parks twice"),
                    () -> assertTrue(stats.get("warmupBytes") <= FILE_BYTES + FILE_BYTES / 8, "each byte is read ahead once"));
        }
    }
}
