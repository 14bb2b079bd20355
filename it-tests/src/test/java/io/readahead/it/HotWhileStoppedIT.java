package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Hot files are answered while the disk is as good as stopped and more downloads than the agent has threads wait for it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class HotWhileStoppedIT {

    private static final int COLD_FILES = 12;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static HotRace race;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        race = HotRace.prepare(root, COLD_FILES);
    }

    private record Measured(HotRace.Finish finish, long readTwice, AgentStats stats) {
    }

    @Test
    void controlWithoutTheAgentHotRequestsWaitForTheDisk() throws Exception {
        Measured measured = run(false);
        assertAll(measured.toString(),
                () -> assertTrue(measured.finish().hotAnswers() < HotRace.HOT_ANSWERS / 10, "the control must hold up hot requests"),
                () -> assertTrue(measured.finish().loop().sendfileDSamples() > 0, "the control must be seen asleep in sendfile"));
    }

    @Test
    void hotRequestsAreAnsweredWhileTheDiskIsAsGoodAsStopped() throws Exception {
        Measured measured = Undisturbed.measured(() -> run(true), one -> one.finish().loop().readBytes(), Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertEquals(HotRace.HOT_ANSWERS, measured.finish().hotAnswers(), "hot answers before 768 KB came from the disk"),
                () -> assertTrue(measured.stats().parks() >= COLD_FILES, "every cold download was parked"),
                () -> assertEquals(0, measured.finish().loop().readBytes(), "bytes that the loop read from the disk"),
                () -> assertEquals(0, measured.finish().loop().sendfileDSamples(), "looks at which the loop was asleep in sendfile"));
    }

    private Measured run(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("hot-while-stopped").limits().orElseThrow();
                ServerProcess server = JettyExample.EVENT_LOOP.builder(jdk, root, agent, "")
                        .wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            JettyExample.warmUp(server, root);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            HotRace.Finish finish = race.run(JettyExample.EVENT_LOOP, server, limits, !agent);
            long readTwice = undisturbed.readTwice(race.coldBytes(JettyExample.EVENT_LOOP));
            AgentStats stats = agent ? AgentHealth.afterStopOf(server) : null;
            Measured measured = new Measured(finish, readTwice, stats);
            System.out.println("HotWhileStoppedIT " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }
}
