package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TemporaryMount;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import io.readahead.kit.WithoutSystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

/**
 * Before a fast reader of a fast disk the kernel reads ahead by itself, further than it was asked to and with its marks: neither that
 * reader's loop nor that of others comes to them.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class InOrderIT {

    private static final long FILE_BYTES = 80 << 20;
    /** Where a reader hangs up: the kernel is some MB further. */
    private static final long HEAD_BYTES = 24 << 20;
    private static final int KERNEL_READS_AHEAD_KB = 4096;
    private static final int HARDLY_KB = 64;
    /** The kernel's default, and what some clouds set it to after the start. */
    private static final int BY_DEFAULT_KB = 128;
    private static final int VERY_FAR_KB = 65536;
    private static final int PAGE_BYTES = 4096;
    private static final int WATCHDOG_ROUNDS = 3;
    private static final String WATCHDOG = "readahead-watch";

    @TempDir(factory = OnDisk.class)
    private static Path work;

    private static TemporaryMount disk;
    private static TestFile first;
    private static TestFile second;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void mount() throws IOException {
        Requirement.root().orSkip();
        disk = TemporaryMount.disk("ext4", work.resolve("image"), work.resolve("disk"));
        first = TestFile.write(disk.root().resolve("first.bin"), FILE_BYTES);
        second = TestFile.write(disk.root().resolve("second.bin"), FILE_BYTES);
    }

    @AfterAll
    static void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void controlWithoutTheAgentTheLoopReads() throws Exception {
        ThreadDiskAccount loop = download(false, KERNEL_READS_AHEAD_KB).loop();
        assertTrue(loop.readBytes() > 0, () -> "the control must read on the loop: " + loop);
    }

    @Test
    void noLoopComesToWhatTheKernelHasReadTooFar() throws Exception {
        assertInnocent(LoopReads.undisturbed(() -> download(true, KERNEL_READS_AHEAD_KB)), true);
    }

    @Test
    void norWhereItReadsAheadByLessThanAWindow() throws Exception {
        assertInnocent(LoopReads.undisturbed(() -> download(true, BY_DEFAULT_KB)), true);
    }

    @Test
    void aKernelThatHardlyReadsAheadIsToldOfEachWindow() throws Exception {
        assertInnocent(LoopReads.undisturbed(() -> download(true, HARDLY_KB)), false);
    }

    @Test
    void noLoopGoesOnWithAVeryLongReadaheadOfAnotherProgram() throws Exception {
        assertInnocent(LoopReads.undisturbed(() -> afterAnotherProgram(VERY_FAR_KB)));
    }

    @Test
    void noLoopGoesOnWithAReadaheadThatBecameLongAfterTheStart() throws Exception {
        assertInnocent(LoopReads.undisturbed(() -> afterAnotherProgram(BY_DEFAULT_KB)));
    }

    /** Before Linux 6.5, and under podman's and CRI-O's default filter; the program's first read is one that shifts the kernel's marks. */
    @Test
    void withoutCachestatNoLoopReadsNorGoesOnWithAReadaheadOfAnotherProgram() throws Exception {
        String[] refusing = WithoutSystemCalls.wrapper(WithoutSystemCalls.EPERM, "cachestat");
        assertInnocent(LoopReads.undisturbed(() -> afterAnotherProgram(VERY_FAR_KB, refusing)));
        assertInnocent(LoopReads.undisturbed(() -> afterAnotherProgram(BY_DEFAULT_KB, refusing)));
    }

    private static void assertInnocent(LoopReads measured) {
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "what may be marked is gone over first"),
                () -> assertEquals(0, measured.loop().readBytes(), "bytes that the loop read from the disk"),
                () -> assertEquals(0, measured.loop().sendfileDSamples(), "looks at which the loop was asleep in sendfile"));
    }

    private static void assertInnocent(LoopReads measured, boolean inOrder) {
        assertAll(measured.toString(),
                () -> assertEquals(inOrder, measured.stats().get("inOrder") > 0, "windows that were read in order"),
                () -> assertEquals(0, measured.loop().readBytes(), "bytes that the loop read from the disk"),
                () -> assertEquals(0, measured.loop().sendfileDSamples(), "looks at which the loop was asleep in sendfile"));
    }

    /** Another program has read the head of a file, by which time the kernel was far ahead of it and had left a mark further on. */
    private LoopReads afterAnotherProgram(int atTheStartKb, String... wrapper) throws Exception {
        disk.kernelReadahead(atTheStartKb);
        try (ServerProcess server = JettyExample.of(jdk, disk.root(), true).wrapper(wrapper).start()) {
            JettyExample.warmUp(server, disk.root());
            disk.kernelReadahead(VERY_FAR_KB);
            awaitWatchdog(server.pid());
            first.evict();
            second.evict();
            first.readHead(HEAD_BYTES, PAGE_BYTES);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(first, second));
                loop = sampler.stop();
            }
            LoopReads measured = new LoopReads(loop, undisturbed.readTwice(2 * FILE_BYTES), AgentHealth.afterStopOf(server));
            System.out.println("InOrderIT " + jdk + (wrapper.length > 0 ? ", no cachestat" : "") + ", read_ahead_kb " + atTheStartKb
                    + " and then " + VERY_FAR_KB + ": " + measured);
            return measured;
        }
    }

    private static void awaitWatchdog(long pid) throws Exception {
        long before = ProcessCounts.sleeps(pid, WATCHDOG);
        Await.until("the agent's watchdog has come by", () -> ProcessCounts.sleeps(pid, WATCHDOG) >= before + WATCHDOG_ROUNDS,
                () -> ProcessCounts.sleeps(pid, WATCHDOG) + " sleeps after " + before);
    }

    /** One client takes the head of a file and hangs up; then two fetch that file, and one another, all at a time. */
    private LoopReads download(boolean agent, int kernelReadsAheadKb) throws Exception {
        disk.kernelReadahead(kernelReadsAheadKb);
        try (ServerProcess server = JettyExample.of(jdk, disk.root(), agent).start()) {
            JettyExample.warmUp(server, disk.root());
            first.evict();
            second.evict();
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                try (RawHttp hasty = RawHttp.connect(server)) {
                    hasty.send(JettyExample.EVENT_LOOP.pathOf(first), Map.of());
                    assertEquals(HEAD_BYTES, hasty.read(HEAD_BYTES));
                }
                Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(first, first, second));
                loop = sampler.stop();
            }
            long readTwice = undisturbed.readTwice(2 * FILE_BYTES);
            LoopReads measured = new LoopReads(loop, readTwice, agent ? AgentHealth.afterStopOf(server) : null);
            System.out.println("InOrderIT " + jdk + ", agent " + agent + ", read_ahead_kb " + kernelReadsAheadKb + ": " + measured);
            return measured;
        }
    }
}
