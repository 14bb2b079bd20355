package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The promise itself: a cold file is sent by the event loop, but not read by it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ColdFileIT {

    private static final long LARGE_BYTES = 64 << 20;
    private static final long SMALLER_BYTES = 12 << 20;
    private static final int AT_A_TIME = 4;
    private static final long HEAD_BYTES = 1 << 20;

    /** A disk of the slower kind: a cold file is some hundred looks of the sampler, on whatever disk the test runs. */
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TaskDelayAccounting delayAccounting;
    private static TestFile large;
    private static List<TestFile> several;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        delayAccounting = TaskDelayAccounting.switchOn();
        large = TestFile.write(root.resolve("large.bin"), LARGE_BYTES);
        several = TestFile.writeSeveral(root, "several", AT_A_TIME, SMALLER_BYTES);
    }

    @AfterAll
    static void putBackDelayAccounting() {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
    }

    @Test
    void controlWithoutTheAgentTheLoopReadsTheFile() throws Exception {
        ThreadDiskAccount loop = download(false, List.of(large), 0, List.of()).loop();
        assertTrue(loop.readBytes() > 0, () -> "the control must read on the loop: " + loop);
    }

    @Test
    void theLoopReadsNothingOfAColdFile() throws Exception {
        assertInnocent(() -> download(true, List.of(large), 0, List.of()));
    }

    @Test
    void theLoopReadsNothingOfSeveralColdFilesAtATime() throws Exception {
        assertInnocent(() -> download(true, several, 0, List.of()));
    }

    @Test
    void controlWithoutTheAgentTheLoopSleepsOnASlowDisk() throws Exception {
        ThreadDiskAccount loop = onSlowDisk(false, 0).loop();
        assertAll(loop.toString(),
                () -> assertTrue(loop.sendfileDSamples() > 0, "the control must be seen asleep in sendfile"),
                () -> assertTrue(loop.sleepMillis() > 0, "the control must be charged with sleep"),
                () -> assertTrue(loop.readBytes() > 0, "the control must read on the loop"));
    }

    @Test
    void theLoopNeverSleepsOnASlowDisk() throws Exception {
        assertInnocent(() -> onSlowDisk(true, 0));
    }

    @Test
    void theLoopDoesNotGoOnWithTheReadaheadThatTheKernelBeganForAnotherProgram() throws Exception {
        assertInnocent(() -> onSlowDisk(true, HEAD_BYTES));
    }

    private LoopReads onSlowDisk(boolean agent, long headBytes) throws Exception {
        Requirement.cgroups().orSkip();
        try (CgroupLimits limits = CgroupLimits.tryCreate("cold-file").limits().orElseThrow()) {
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            return download(agent, several, headBytes, limits.wrapper());
        }
    }

    private LoopReads download(boolean agent, List<TestFile> files, long headBytes, List<String> wrapper) throws Exception {
        try (ServerProcess server = JettyExample.of(jdk, root, agent).wrapper(wrapper.toArray(String[]::new)).start()) {
            JettyExample.warmUp(server, root);
            for (TestFile file : files) {
                file.evict().readHead(headBytes);
            }
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                assertEquals(1, sampler.threads(), "selector threads");
                Downloads.atATime(JettyExample.EVENT_LOOP, server, files);
                loop = sampler.stop();
            }
            long readTwice = undisturbed.readTwice(files.stream().mapToLong(TestFile::size).sum());
            LoopReads measured = new LoopReads(loop, readTwice, agent ? AgentHealth.afterStopOf(server) : null);
            System.out.println("ColdFileIT " + jdk + ", agent " + agent + ", files " + files.size() + ": " + measured);
            return measured;
        }
    }

    private static void assertInnocent(Callable<LoopReads> run) throws Exception {
        LoopReads measured = LoopReads.undisturbed(run);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertEquals(0, measured.loop().readBytes(), "bytes that the loop read from the disk"),
                () -> assertEquals(0, measured.loop().sendfileDSamples(), "looks at which the loop was asleep in sendfile"),
                () -> assertEquals(0, measured.loop().sleepMillis(), "milliseconds that the loop slept on the disk"));
    }
}
