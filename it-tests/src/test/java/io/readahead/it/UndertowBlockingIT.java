package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadCpu;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * Undertow the servlet way: a worker sends all of a file that XNIO opened, whose FileChannel wraps the JDK's, and where the socket takes
 * nothing it waits at a selector of its own, with which it registers the socket for that time.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class UndertowBlockingIT {

    private static final UndertowServer KIND = UndertowServer.BLOCKING;
    private static final int FILES = 4;
    private static final long FILE_BYTES = 6 << 20;
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    private static final int PARKED_MILLIS = 4000;
    private static final int LOOK_MILLIS = 2000;
    private static final int MAX_CPU_MILLIS = LOOK_MILLIS / 10;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    private record Measured(ThreadDiskAccount workers, long readTwice, AgentStats stats) {
    }

    @Test
    void controlWithoutTheAgentWorkersReadTheDisk() throws Exception {
        Measured measured = coldDownloads(false);
        assertTrue(measured.workers().readBytes() > 0 && measured.workers().sendfileDSamples() > 0, measured::toString);
    }

    @Test
    void noWorkerReadsTheDisk() throws Exception {
        Measured measured = Undisturbed.measured(() -> coldDownloads(true), one -> one.workers().readBytes(), Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() >= FILES, "every cold download was parked"),
                () -> assertEquals(0, measured.workers().readBytes(), "bytes that workers read from the disk"),
                () -> assertEquals(0, measured.workers().sendfileDSamples(), "looks at which a worker was asleep in sendfile"));
    }

    private Measured coldDownloads(boolean agent) throws Exception {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        try (CgroupLimits limits = CgroupLimits.tryCreate("blocking").limits().orElseThrow();
                ServerProcess server = KIND.builder(jdk, root, agent, "").wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            for (TestFile file : files) {
                Downloads.atATime(KIND, server, List.of(file.evict()));
            }
            Downloads.atATime(KIND, server, files);
            for (TestFile file : files) {
                file.evict();
            }
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), KIND.loopThreads())) {
                Downloads.atATime(KIND, server, files);
                return new Measured(sampler.stop(), undisturbed.readTwice(FILES * FILE_BYTES),
                        agent ? AgentHealth.afterStopOf(server, KIND::printsOnStderr) : null);
            }
        }
    }

    @Test
    void workersThatWaitAtSelectorsOfTheirOwnCostNoCpu() throws Exception {
        try (ServerProcess server = KIND.builder(jdk, root, true, "").property("readahead.debug.cold", PARKED_MILLIS).start()) {
            List<RawHttp> clients = new ArrayList<>();
            for (TestFile file : files) {
                RawHttp client = RawHttp.connect(server);
                clients.add(client);
                client.send(KIND.pathOf(file), Map.of());
            }
            Thread.sleep((PARKED_MILLIS - LOOK_MILLIS) / 4);    // the classes of the first request are loaded meanwhile
            long before = ThreadCpu.millis(server.pid(), KIND.loopThreads());
            Thread.sleep(LOOK_MILLIS);
            long cpuMillis = ThreadCpu.millis(server.pid(), KIND.loopThreads()) - before;
            for (RawHttp client : clients) {
                client.reset();
            }
            Await.until("no file is open", () -> ProcessCounts.descriptors(server.pid()).stream().noneMatch(name -> name.endsWith(".bin")));
            AgentStats stats = AgentHealth.afterStopOf(server, KIND::printsOnStderr);
            assertAll(stats.toString(),
                    () -> assertTrue(stats.parks() >= FILES, "every download was parked"),
                    () -> assertTrue(cpuMillis <= MAX_CPU_MILLIS,
                            "CPU in " + LOOK_MILLIS + " ms while everything was parked: " + cpuMillis + " ms"));
        }
    }
}
