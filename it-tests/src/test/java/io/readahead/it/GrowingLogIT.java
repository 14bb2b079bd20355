package io.readahead.it;

import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log that is appended to while it is sent, by turns faster and slower than its readers, and cold wherever a page is full. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class GrowingLogIT {

    private static final int READERS = 4;
    private static final long FIRST_BYTES = 3 << 20;
    private static final long LAST_BYTES = 12 << 20;

    /** No multiple of a page, and both less and more than a window. */
    private static final long[] APPENDED_BYTES = {777, 70_001, 1_500_003};
    private static final int PAUSE_MILLIS = 60;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void onLinux() {
        Requirement.linux().orSkip();
    }

    @Test
    void controlWithoutTheAgentTheLoopsReadTheLog() throws Exception {
        LoopReads measured = follow(false);
        assertTrue(measured.loop().readBytes() > 0, () -> "the control must read on a loop: " + measured);
    }

    @Test
    void everyReaderGetsWhatWasAppendedAndNoLoopReadsIt() throws Exception {
        LoopReads measured = LoopReads.undisturbed(() -> follow(true));
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() >= READERS, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertEquals(0, measured.loop().readBytes(), "bytes that a loop read from the disk"),
                () -> assertEquals(0, measured.loop().sendfileDSamples(), "looks at which a loop was asleep in sendfile"));
    }

    private LoopReads follow(boolean agent) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try (ServerProcess server = NioServer.TWO_SELECTORS.builder(jdk, root, agent, "").start()) {
            TestFile log = TestFile.write(root.resolve("00000000000000000000.log"), FIRST_BYTES);
            try (RawHttp client = RawHttp.connect(server)) {
                Downloads.assertWhole(log, client.get(NioServer.TWO_SELECTORS.pathOf(log)), server);
            }
            log.evict();
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), NioServer.TWO_SELECTORS.loopThreads())) {
                String path = NioServer.TWO_SELECTORS.pathOfGrowing(log, LAST_BYTES);
                List<Future<RawHttp.Body>> answers = new ArrayList<>();
                for (int number = 0; number < READERS; number++) {
                    answers.add(readers.submit(() -> {
                        try (RawHttp client = RawHttp.connect(server)) {
                            return client.get(path);
                        }
                    }));
                }
                long cold = FIRST_BYTES;
                for (int turn = 0; log.size() < LAST_BYTES; turn++) {
                    long more = Math.min(LAST_BYTES - log.size(), APPENDED_BYTES[turn % APPENDED_BYTES.length]);
                    cold += log.coldOf(more);
                    // A reader that sees the new size before the kernel has invalidated what was written past the page cache reads twice.
                    log = log.growCold(more);
                    Thread.sleep(PAUSE_MILLIS);
                }
                for (Future<RawHttp.Body> answer : answers) {
                    Downloads.assertWhole(log, answer.get(), server);
                }
                LoopReads measured = new LoopReads(sampler.stop(), undisturbed.readTwice(cold),
                        agent ? AgentHealth.afterStopOf(server) : null);
                System.out.println("GrowingLogIT " + jdk + ", agent " + agent + ": " + measured);
                return measured;
            }
        } finally {
            readers.shutdownNow();
        }
    }
}
