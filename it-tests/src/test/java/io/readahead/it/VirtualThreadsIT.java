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

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A virtual thread that waits for the disk leaves its carrier to the others; on the oldest JDK found that has virtual threads. */
class VirtualThreadsIT {

    private static final int COLD_FILES = 2;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static HotRace race;
    private static Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.jdk(Jdks.VIRTUAL_THREADS_FEATURE).orSkip();
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        jdk = Jdks.withVirtualThreads().orElseThrow();
        race = HotRace.prepare(root, COLD_FILES);
    }

    private record Measured(HotRace.Finish finish, AgentStats stats) {
    }

    @Test
    void controlWithoutTheAgentTheOnlyCarrierWaitsForTheDisk() throws Exception {
        Measured measured = run(false);
        assertTrue(measured.finish().hotAnswers() < HotRace.HOT_ANSWERS / 10, () -> "the control must hold up hot requests: " + measured);
    }

    @Test
    void theOnlyCarrierGoesOnWhileVirtualThreadsWaitForTheDisk() throws Exception {
        Measured measured = run(true);
        assertAll(measured.toString(),
                () -> assertEquals(HotRace.HOT_ANSWERS, measured.finish().hotAnswers(), "hot answers before 768 KB came from the disk"),
                () -> assertTrue(measured.stats().blockingWaits() >= COLD_FILES, "every cold download has waited"));
    }

    private Measured run(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("virtual-threads").limits().orElseThrow();
                ServerProcess server = JettyExample.BLOCKING.builder(jdk, root, agent, "").wrapper(limits.wrapper().toArray(String[]::new))
                        .property("jdk.virtualThreadScheduler.parallelism", 1).property("jdk.virtualThreadScheduler.maxPoolSize", 1)
                        .arguments("--virtual-threads").start()) {
            JettyExample.warmUp(server, root);
            HotRace.Finish finish = race.run(JettyExample.BLOCKING, server, limits, !agent);
            Measured measured = new Measured(finish, agent ? AgentHealth.afterStopOf(server) : null);
            System.out.println("VirtualThreadsIT " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }
}
