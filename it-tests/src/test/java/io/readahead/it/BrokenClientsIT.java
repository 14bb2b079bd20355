package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A client that goes away, or stays and does nothing, while its download is parked or halfway: nothing of it is left. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class BrokenClientsIT {

    private static final long FILE_BYTES = 8 << 20;
    private static final long MIDWAY_BYTES = 300_000;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    private static final int CLIENTS_PER_MANNER = 4;
    private static final int ROUNDS_AFTER_THE_FIRST = 2;

    /** Long enough for whoever leaves at the head of the answer to leave a download that is parked. */
    private static final int DEBUG_COLD_MILLIS = 250;
    /** Jetty's pool takes one more where all were busy at a moment, and gives it up after a minute; a round has dozens of clients. */
    private static final int SPARE_WORKERS = 3;
    private static final int IDLE_TIMEOUT_SECONDS = 2;

    /** Such that every download is still parked when it has been idle for too long. */
    private static final int COLD_BEYOND_IDLE_TIMEOUT_MILLIS = 3_500;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    /** What a client does with its request; the connection is closed after it. */
    @FunctionalInterface
    private interface Behavior {
        void in(RawHttp client) throws IOException;
    }

    /** The ways to break off; each has the request sent. */
    private enum Manner {
        CLOSES_AT_THE_HEAD(client -> { }),
        RESETS_AT_THE_HEAD(RawHttp::reset),
        CLOSES_MIDWAY(client -> client.read(MIDWAY_BYTES)),
        RESETS_MIDWAY(client -> {
            client.read(MIDWAY_BYTES);
            client.reset();
        }),
        HALF_CLOSES_AT_THE_HEAD(client -> {
            client.halfClose();
            client.read(MIDWAY_BYTES);
        }),
        HALF_CLOSES_MIDWAY_AND_READS_ON(client -> {
            client.read(MIDWAY_BYTES);
            client.halfClose();
            client.read(Long.MAX_VALUE);
        });

        private final Behavior behavior;

        Manner(Behavior behavior) {
            this.behavior = behavior;
        }
    }

    /** Everything that might be left, counted. */
    private record Counts(int descriptors, int agentThreads, int serverThreads) {

        static Counts of(ServerProcess server) throws IOException {
            Map<String, Integer> threads = ProcessCounts.threads(server.pid());
            return new Counts(ProcessCounts.descriptors(server.pid()).size(), named("readahead", threads), named("jetty", threads));
        }

        boolean within(Counts before) {
            return descriptors <= before.descriptors && agentThreads <= before.agentThreads
                    && serverThreads <= before.serverThreads + SPARE_WORKERS;
        }

        private static int named(String prefix, Map<String, Integer> threads) {
            return threads.entrySet().stream().filter(thread -> thread.getKey().startsWith(prefix)).mapToInt(Map.Entry::getValue).sum();
        }
    }

    @Test
    void clientsThatBreakOffOrStallLeaveNothing() throws Exception {
        try (ServerProcess server = start(DEBUG_COLD_MILLIS)) {
            long idleSockets = connections(server);
            breakOff(server, idleSockets);
            Counts before = Counts.of(server);
            for (int round = 0; round < ROUNDS_AFTER_THE_FIRST; round++) {
                breakOff(server, idleSockets);
                Await.until("descriptors and threads are back at " + before, () -> Counts.of(server).within(before),
                        () -> Counts.of(server) + " " + ProcessCounts.descriptors(server.pid()) + ProcessCounts.threads(server.pid()));
            }
            assertStillServes(server);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() >= (1 + ROUNDS_AFTER_THE_FIRST) * CLIENTS_PER_MANNER * Manner.values().length,
                    () -> "every client's download was parked: " + stats);
            System.out.println("BrokenClientsIT " + jdk + ": " + before + " " + stats);
        }
    }

    @Test
    void anIdleTimeoutOfAParkedDownloadLeavesNothing() throws Exception {
        try (ServerProcess server = start(COLD_BEYOND_IDLE_TIMEOUT_MILLIS)) {
            long idleSockets = connections(server);
            List<RawHttp> clients = new ArrayList<>();
            for (int number = 0; number < CLIENTS_PER_MANNER; number++) {
                clients.add(request(server));
            }
            for (RawHttp client : clients) {
                // To whichever end it comes: the server's own rules decide that.
                client.read(Long.MAX_VALUE);
                client.close();
            }
            awaitIdle(server, idleSockets);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() >= CLIENTS_PER_MANNER, () -> "every client's download was parked: " + stats);
        }
    }

    private ServerProcess start(int coldMillis) throws Exception {
        return JettyExample.withAgent(jdk, root, "").property("readahead.debug.cold", coldMillis).jvm(ServerProcess.ATTACH_LISTENER)
                .arguments("--idle-timeout", IDLE_TIMEOUT_SECONDS).start();
    }

    private static void breakOff(ServerProcess server, long idleSockets) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<RawHttp> stalled = new ArrayList<>();
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (Manner manner : Manner.values()) {
                for (int number = 0; number < CLIENTS_PER_MANNER; number++) {
                    clients.add(threads.submit(() -> behave(server, manner)));
                }
            }
            for (int number = 0; number < CLIENTS_PER_MANNER; number++) {
                RawHttp client = request(server);
                stalled.add(client);
                client.read(number % 2 == 0 ? 0 : MIDWAY_BYTES);
            }
            assertTrue(connections(server) > idleSockets, () -> "the count must see connections while there are some; " + server);
            for (Future<?> client : clients) {
                client.get();
            }
            // Those that stall are still there: the server's idle timeout ends them.
            awaitIdle(server, idleSockets);
        } finally {
            threads.shutdownNow();
            for (RawHttp client : stalled) {
                client.close();
            }
        }
    }

    private static Void behave(ServerProcess server, Manner manner) throws IOException {
        try (RawHttp client = request(server)) {
            manner.behavior.in(client);
        }
        return null;
    }

    private static RawHttp request(ServerProcess server) throws IOException {
        RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES);
        client.send("/files/file.bin", Map.of());
        return client;
    }

    private static void awaitIdle(ServerProcess server, long idleSockets) throws Exception {
        Await.until("no connection and no descriptor of the file is left",
                () -> connections(server) <= idleSockets && filesOpen(server) == 0, () -> ProcessCounts.descriptors(server.pid()));
    }

    private static long connections(ServerProcess server) throws IOException {
        return ProcessCounts.descriptors(server.pid()).stream().filter(target -> target.startsWith("socket:")).count();
    }

    private static long filesOpen(ServerProcess server) throws IOException {
        return ProcessCounts.descriptors(server.pid()).stream().filter(target -> target.equals(file.path().toString())).count();
    }

    private static void assertStillServes(ServerProcess server) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            Downloads.assertWhole(file, client.get("/files/file.bin"), server);
        }
    }
}
