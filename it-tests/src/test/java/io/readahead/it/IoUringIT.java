package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Netty on a ring of the kernel's: files in chunks are read on its loop as on any other, and helped. A region is read by the kernel's own
 * threads, so the agent has nothing to do; one of the server's own is copied through a buffer on the loop, and passes through. Over TLS:
 * {@link NettyTlsIT}.
 */
class IoUringIT {

    private static final NettyServer REGIONS = new NettyServer("4.2", "io_uring", "/files/");
    private static final NettyServer OWN_REGIONS = new NettyServer("4.2", "io_uring", "/framed/");
    private static final int FILES = 4;
    private static final long FILE_BYTES = 6 << 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    /**
     * @param loop bytes that the event loop had the disk read
     * @param process bytes that all threads had
     * @param stats the agent's, if there was one
     */
    private record Measured(long loop, long process, AgentStats stats) {

        long readTwice() {
            return Math.max(0, process - FILES * FILE_BYTES);
        }
    }

    /** Under -Pmatrix alone. */
    static Stream<Jdk> jdks() {
        return Jdks.matrix() ? Jdks.every().stream() : Stream.empty();
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    @BeforeEach
    void whereThereAreRings() {
        Requirement.ioUring().orSkip();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("jdks")
    void theLoopReadsNothingOfAFileInChunks(Jdk jdk) throws Exception {
        Measured control = measure(jdk, REGIONS.inChunks(), false);
        assertTrue(control.loop() >= FILES * FILE_BYTES, () -> "the control must read all on the loop: " + control);
        Measured measured = Undisturbed.measured(() -> measure(jdk, REGIONS.inChunks(), true), Measured::loop, Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertEquals(0, measured.loop(), "bytes that the loop read"),
                () -> assertTrue(measured.stats().parks() >= FILES, "every cold download was parked"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("jdks")
    void aRegionIsReadByTheKernelsThreadsWithTheAgentAsWithout(Jdk jdk) throws Exception {
        Measured without = measure(jdk, REGIONS, false);
        Measured with = measure(jdk, REGIONS, true);
        for (Measured measured : List.of(without, with)) {
            assertAll(measured.toString(),
                    () -> assertEquals(0, measured.loop(), "bytes that the loop read"),
                    () -> assertTrue(measured.process() >= FILES * FILE_BYTES, "the files were cold"));
        }
        assertAll(with.toString(),
                () -> assertEquals(0, with.stats().parks(), "nothing comes by the agent"),
                () -> assertEquals(0, with.stats().get("passedThrough"), "nothing comes by the agent"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("jdks")
    void aRegionOfTheServersOwnIsCopiedOnTheLoopWithTheAgentAsWithoutAndCounted(Jdk jdk) throws Exception {
        Measured without = measure(jdk, OWN_REGIONS, false);
        Measured with = measure(jdk, OWN_REGIONS, true);
        for (Measured measured : List.of(without, with)) {
            assertTrue(measured.loop() >= FILES * FILE_BYTES, () -> "the loop reads all of it: " + measured);
        }
        assertAll(with.toString(),
                () -> assertEquals(0, with.stats().parks(), "nobody could be told to come back"),
                () -> assertTrue(with.stats().get("passedThrough") > 0, "each call is counted as one that is not helped"));
    }

    private static Measured measure(Jdk jdk, NettyServer kind, boolean agent) throws Exception {
        try (ServerProcess server = kind.builder(jdk, root, agent, "").start()) {
            Downloads.atATime(kind, server, files);    // hot, so that all classes are there
            for (TestFile file : files) {
                file.evict();
            }
            long before = ProcessCounts.readBytes(server.pid());
            long loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
                Downloads.atATime(kind, server, files);
                loop = sampler.stop().readBytes();
            }
            long process = ProcessCounts.readBytes(server.pid()) - before;
            Measured measured = new Measured(loop, process, agent ? AgentHealth.afterStopOf(server, kind::printsOnStderr) : null);
            System.out.println("IoUringIT " + kind + " on " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }
}
