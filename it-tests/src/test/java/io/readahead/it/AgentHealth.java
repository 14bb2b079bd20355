package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.ServerProcess;
import java.util.List;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What holds of every server that ran under the agent, whatever it went through. */
final class AgentHealth {

    private AgentHealth() {
    }

    /**
     * Ends the server and looks at what the agent left.
     *
     * @return its counters, for what the test itself claims of them
     */
    static AgentStats afterStopOf(ServerProcess server) {
        return afterStopOf(server, line -> false);
    }

    /**
     * The same for a server that prints on stderr by itself.
     *
     * @param serversOwn tells its lines
     */
    static AgentStats afterStopOf(ServerProcess server, Predicate<String> serversOwn) {
        assertEquals(ServerProcess.EXIT_BY_SIGTERM, server.stop(), () -> "exit code; " + server);
        AgentStats stats = server.stats();
        assertAll("agent of " + server,
                () -> assertEquals(0, stats.mendedWakeups(), "wake-ups that were lost and mended"),
                () -> assertEquals(0, stats.failures(), "failures inside the agent"),
                () -> assertEquals(0, stats.parkedNow(), "channels left parked"),
                () -> assertEquals(0, stats.openDescriptors(), "descriptors left open"),
                () -> assertEquals(List.of(), server.foreignStderr().stream().filter(serversOwn.negate()).toList(),
                        "lines on stderr that aren't the agent's"));
        return stats;
    }
}
