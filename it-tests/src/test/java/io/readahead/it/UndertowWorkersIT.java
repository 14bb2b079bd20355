package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
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

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A server of few workers and more cold downloads than those: who answers a hot request? Also behind a loader that hides the agent. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class UndertowWorkersIT {

    private static final int WORKERS = 16;
    private static final int COLD_FILES = 20;
    private static final long WARM_UP_BYTES = 3 << 20;
    private static final int WARM_UP_REQUESTS = 2 * WORKERS;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static HotRace race;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private UndertowServer kind;

    static Stream<Arguments> servers() {
        return FileServerContract.each(Jdks.chosen(),
                List.of(UndertowServer.NON_BLOCKING.workers(WORKERS), UndertowServer.HIDDEN.workers(WORKERS)));
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        race = HotRace.prepare(root, COLD_FILES);
    }

    private record Measured(HotRace.Finish finish, long readTwice, AgentStats stats) {
    }

    @Test
    void controlWithoutTheAgentTwentyColdDownloadsUseUpSixteenWorkers() throws Exception {
        Measured measured = run(false);
        assertAll(measured.toString(),
                () -> assertTrue(measured.finish().hotAnswers() < HotRace.HOT_ANSWERS / 10, "the control must hold up hot requests"),
                () -> assertTrue(measured.finish().loop().sendfileDSamples() > 0, "the control must be seen asleep in sendfile"));
    }

    @Test
    void twentyColdDownloadsDoNotUseUpSixteenWorkers() throws Exception {
        Measured measured = Undisturbed.measured(() -> run(true), one -> one.finish().loop().readBytes(), Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertEquals(HotRace.HOT_ANSWERS, measured.finish().hotAnswers(), "hot answers before 768 KB came from the disk"),
                () -> assertTrue(measured.stats().parks() >= COLD_FILES, "every cold download was parked"),
                () -> assertEquals(0, measured.finish().loop().readBytes(), "bytes that workers and I/O threads read from the disk"),
                () -> assertEquals(0, measured.finish().loop().sendfileDSamples(), "looks at which one was asleep in sendfile"));
    }

    private Measured run(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("workers").limits().orElseThrow();
                ServerProcess server = kind.builder(jdk, root, agent, "").wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            TestFile file = TestFile.write(root.resolve("warm-up.bin"), WARM_UP_BYTES);
            for (int request = 0; request < WARM_UP_REQUESTS; request++) {
                Downloads.atATime(kind, server, List.of(request % 2 == 0 ? file.evict() : file));
            }
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            HotRace.Finish finish = race.run(kind, server, limits, !agent);
            long readTwice = undisturbed.readTwice(race.coldBytes(kind));
            AgentStats stats = agent ? AgentHealth.afterStopOf(server, kind::printsOnStderr) : null;
            Measured measured = new Measured(finish, readTwice, stats);
            System.out.println("UndertowWorkersIT " + kind + " on " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }
}
