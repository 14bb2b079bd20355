package io.readahead.it;

import io.readahead.it.app.Habit;
import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadCpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever a server does with selectors and keys around a parked transfer, the transfer goes on and no selector spins. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class SelectorsIT {

    /** Two windows, so two parks each. */
    private static final long FILE_BYTES = 300_000;
    private static final int CLIENTS = 4;

    /** Between what {@link Habit} takes for soon and for late. */
    private static final int PARKED_MILLIS = 300;
    private static final int SETTLE_MILLIS = 80;
    private static final int LOOK_MILLIS = 150;
    private static final int MAX_CPU_MILLIS = LOOK_MILLIS / 2;

    /** Polling, wake-ups and this test's own questions; a selector that spins returns many thousand times in that time. */
    private static final long MAX_RETURNS = 60;

    private static final int PARKED_FOR_A_SECOND_MILLIS = 1000;
    private static final long SEGMENTED_BYTES = 3_000_000;
    private static final int PARKED_FOR_LONG_MILLIS = 60_000;

    /** They end the transfer themselves. */
    private static final EnumSet<Habit> BREAK_OFF = EnumSet.of(Habit.CANCELS, Habit.CLOSES, Habit.CLOSES_ITS_SELECTOR);

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

    /**
     * What happened in a part of the time in which all downloads were parked.
     *
     * @param returns of all selectors
     * @param cpuMillis of the loops' threads
     */
    private record Look(long returns, long cpuMillis) {
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"SPINS", "SENDS_IN_SEGMENTS", "ASKS_OVER_AND_OVER", "MAPS"})
    void aParkedTransferGoesOnAndNoSelectorSpins(Habit habit) throws Exception {
        try (ServerProcess server = start(PARKED_MILLIS)) {
            long sockets = sockets(server);
            List<RawHttp> clients = new ArrayList<>();
            Look look = lookAtParked(server, habit, clients);
            for (RawHttp client : clients) {
                client.read(Long.MAX_VALUE);
                RawHttp.Body body = client.finish();
                if (BREAK_OFF.contains(habit)) {
                    assertFalse(body.complete(), () -> "the server broke it off: " + server);
                } else {
                    Downloads.assertWhole(file, body, server);
                }
                client.close();
            }
            awaitNothingLeft(server, sockets);
            AgentStats stats = AgentHealth.afterStopOf(server);
            System.out.println("SelectorsIT " + jdk + ", " + habit + ": " + look + " " + stats);
            assertAll(habit + ", " + look + ", " + stats,
                    () -> assertTrue(stats.parks() >= CLIENTS, "every download was parked"),
                    () -> assertTrue(look.returns() <= MAX_RETURNS, "returns of the selectors while everything was parked"),
                    () -> assertTrue(look.cpuMillis() <= MAX_CPU_MILLIS, "CPU of the loops while everything was parked"));
        }
    }

    @Test
    void controlTheLookSeesAServerThatSpins() throws Exception {
        try (ServerProcess server = start(PARKED_MILLIS)) {
            List<RawHttp> clients = new ArrayList<>();
            // On a busy machine a thread that spins may get no CPU in one look.
            Await.until("the control is seen to return over and over, and to use the CPU", () -> {
                Look look = lookAtParked(server, Habit.SPINS, clients);
                return look.returns() > 10 * MAX_RETURNS && look.cpuMillis() > MAX_CPU_MILLIS;
            });
            for (RawHttp client : clients) {
                client.reset();
            }
        }
    }

    /** Each part is a few windows long, and the socket takes more than all of them. */
    @Test
    void segmentsOfASenderThatDoesNotStopAtAShortCountComeInOrder() throws Exception {
        TestFile large = TestFile.write(root.resolve("segments.bin"), SEGMENTED_BYTES).evict();
        try (ServerProcess server = NioServer.TWO_SELECTORS.builder(jdk, root, true, "").start();
                RawHttp client = RawHttp.connect(server)) {
            Downloads.assertWhole(large, client.get(NioServer.TWO_SELECTORS.pathOf(large, Habit.SENDS_IN_SEGMENTS)), server);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertAll(stats.toString(),
                    () -> assertTrue(stats.parks() > 0, "nothing was cold, and nothing is proved"),
                    () -> assertTrue(stats.get("outOfOrder") > 0, "nobody went on after a short count"));
        }
    }

    @Test
    void whoAsksOverAndOverUsesNoMoreCpuWhileParkedThanWhoSelects() throws Exception {
        long selecting = cpuMillisOfADownload(Habit.ASKS_AFTER_NOTHING_WENT);
        long asking = cpuMillisOfADownload(Habit.ASKS_OVER_AND_OVER);
        System.out.println("SelectorsIT " + jdk + ": CPU of a download with a select " + selecting + " ms, without " + asking + " ms");
        assertTrue(asking <= selecting + MAX_CPU_MILLIS, () -> "without a select " + asking + " ms of CPU, with it " + selecting);
    }

    private long cpuMillisOfADownload(Habit habit) throws Exception {
        try (ServerProcess server = start(PARKED_FOR_A_SECOND_MILLIS); RawHttp client = RawHttp.connect(server)) {
            client.get("/no-file");
            long before = ThreadCpu.millis(server.pid(), NioServer.TWO_SELECTORS.loopThreads());
            Downloads.assertWhole(file, client.get(NioServer.TWO_SELECTORS.pathOf(file, habit)), server);
            long cpuMillis = ThreadCpu.millis(server.pid(), NioServer.TWO_SELECTORS.loopThreads()) - before;
            assertTrue(AgentHealth.afterStopOf(server).parks() > 0, "nothing was parked, and nothing is proved");
            return cpuMillis;
        }
    }

    @Test
    void aClientThatLeavesIsNoticedWhileParkedWhereTheServerListens() throws Exception {
        try (ServerProcess server = start(PARKED_FOR_LONG_MILLIS)) {
            long sockets = sockets(server);
            List<RawHttp> clients = new ArrayList<>();
            lookAtParked(server, Habit.KEEPS_READ_TOO, clients);
            for (RawHttp client : clients) {
                client.reset();
            }
            awaitNothingLeft(server, sockets);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertAll(stats.toString(),
                    () -> assertEquals(CLIENTS, stats.parks(), "every download was parked"),
                    () -> assertEquals(CLIENTS, stats.transfers(), "and none was tried again before its client left"));
        }
    }

    private ServerProcess start(int parkedMillis) throws Exception {
        return NioServer.TWO_SELECTORS.builder(jdk, root, true, "").property("readahead.debug.cold", parkedMillis).start();
    }

    private static Look lookAtParked(ServerProcess server, Habit habit, List<RawHttp> clients) throws Exception {
        try (RawHttp observer = RawHttp.connect(server)) {
            observer.get("/no-file");
            for (int number = 0; number < CLIENTS; number++) {
                RawHttp client = RawHttp.connect(server);
                clients.add(client);
                client.send(NioServer.TWO_SELECTORS.pathOf(file, habit), Map.of());
            }
            Thread.sleep(SETTLE_MILLIS);
            long returns = returns(observer);
            long cpuMillis = ThreadCpu.millis(server.pid(), NioServer.TWO_SELECTORS.loopThreads());
            Thread.sleep(LOOK_MILLIS);
            cpuMillis = ThreadCpu.millis(server.pid(), NioServer.TWO_SELECTORS.loopThreads()) - cpuMillis;
            return new Look(returns(observer) - returns, cpuMillis);
        }
    }

    private static long returns(RawHttp observer) throws IOException {
        return Long.parseLong(observer.get("/no-file").head().headers().get("selects"));
    }

    private static void awaitNothingLeft(ServerProcess server, long sockets) throws Exception {
        Await.until("no file and no more than " + sockets + " sockets are left",
                () -> sockets(server) == sockets && !ProcessCounts.descriptors(server.pid()).contains(file.path().toString()),
                () -> ProcessCounts.descriptors(server.pid()));
    }

    private static long sockets(ServerProcess server) throws IOException {
        return ProcessCounts.descriptors(server.pid()).stream().filter(target -> target.startsWith("socket:")).count();
    }
}
