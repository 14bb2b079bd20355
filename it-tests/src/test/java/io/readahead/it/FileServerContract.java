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
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadCpu;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.provider.Arguments;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the agent promises of every server that sends files from an event loop. A test of one server extends this, with
 * {@code @ParameterizedClass} and a source of JDKs and servers: {@link #each}.
 */
abstract class FileServerContract {

    private static final int COLD_FILES = 4;
    private static final long COLD_BYTES = 6 << 20;
    /** Cold downloads while the disk is as good as stopped: more than the agent has threads. */
    private static final int WAITING_FILES = 12;
    private static final long WARM_UP_BYTES = 3 << 20;
    private static final int WARM_UP_REQUESTS = 20;

    /** A disk of the slower kind: the cold files are some hundred looks of the sampler, on whatever disk the test runs. */
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    private static final int BROKEN_CLIENTS = 4;
    private static final int BROKEN_ROUNDS = 2;
    private static final long MIDWAY_BYTES = 300_000;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    /** Long enough for whoever leaves at the head of the answer to leave a download that is parked. */
    private static final int PARKED_MILLIS = 300;
    /** Long enough to look at parked downloads for a while. */
    private static final int LONG_PARKED_MILLIS = 4000;
    private static final int LOOK_MILLIS = 2000;
    /** A tenth of one core; a loop that spins takes all of it. */
    private static final int MAX_CPU_MILLIS = LOOK_MILLIS / 10;

    @TempDir(factory = OnDisk.class)
    static Path root;

    private static TaskDelayAccounting delayAccounting;
    private static HotRace race;
    private static List<TestFile> files;

    @Parameter(0)
    Jdk jdk;

    @Parameter(1)
    FileServer kind;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        delayAccounting = TaskDelayAccounting.switchOn();
        race = HotRace.prepare(root, WAITING_FILES);
        files = TestFile.writeSeveral(root, "file", COLD_FILES, COLD_BYTES);
    }

    @AfterAll
    static void putBackDelayAccounting() {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
    }

    @BeforeEach
    void whereItsServerRuns() {
        for (Requirement requirement : kind.requirements()) {
            requirement.orSkip();
        }
    }

    /** A {@code @MethodSource} in a subclass: each server on each JDK. */
    static Stream<Arguments> each(List<Jdk> jdks, List<? extends FileServer> kinds) {
        return kinds.stream().flatMap(kind -> jdks.stream().map(jdk -> Arguments.of(jdk, kind)));
    }

    /** The usual servers on each JDK chosen; under -Pmatrix also the rarer ones, on every JDK. */
    static Stream<Arguments> usualAndRarer(List<? extends FileServer> usual, List<? extends FileServer> rarer) {
        Stream<Arguments> chosen = each(Jdks.chosen(), usual);
        return Jdks.matrix() ? Stream.concat(chosen, each(Jdks.every(), rarer)) : chosen;
    }

    /** What the loop threads were charged with during cold downloads, and who won the race beside a stopped disk. */
    private record Measured(ThreadDiskAccount downloads, HotRace.Finish race, long readTwice, AgentStats stats) {

        long loopBytes() {
            return downloads.readBytes() + race.loop().readBytes();
        }
    }

    @Test
    void controlWithoutTheAgentALoopSleepsAndHotRequestsWait() throws Exception {
        Measured measured = run(false);
        assertAll(measured.toString(),
                // One that encrypts more slowly than the disk reads need not sleep until that is as good as stopped.
                () -> assertTrue(measured.downloads().dSamples() + measured.race().loop().dSamples() > 0,
                        "the control must be seen asleep on the disk"),
                () -> assertTrue(measured.downloads().readBytes() > 0, "the control must read on a loop thread"),
                () -> assertTrue(measured.race().hotAnswers() < HotRace.HOT_ANSWERS / 10, "the control must hold up hot requests"));
    }

    @Test
    void noLoopSleepsAndHotRequestsAreAnsweredWhileColdOnesWait() throws Exception {
        if (!kind.helped()) {
            return;
        }
        Measured measured = Undisturbed.measured(() -> run(true), Measured::loopBytes, Measured::readTwice);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() >= WAITING_FILES, "every cold download was parked"),
                () -> assertEquals(0, measured.downloads().readBytes(), "bytes that a loop read from the disk"),
                () -> assertEquals(0, measured.downloads().sendfileDSamples(), "looks at which a loop was asleep in sendfile"),
                () -> assertEquals(0, measured.downloads().sleepMillis(), "milliseconds that a loop slept on the disk"),
                () -> assertEquals(HotRace.HOT_ANSWERS, measured.race().hotAnswers(), "hot answers before 768 KB came from the disk"),
                () -> assertEquals(0, measured.race().loop().readBytes(), "bytes that a loop read beside the stopped disk"),
                () -> assertEquals(0, measured.race().loop().sendfileDSamples(), "looks asleep in sendfile beside the stopped disk"));
    }

    private Measured run(boolean agent) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("file-server").limits().orElseThrow();
                ServerProcess server = kind.builder(jdk, root, agent, "")
                        .wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            Downloads.warmUp(kind, server, root, WARM_UP_BYTES, WARM_UP_REQUESTS);
            for (TestFile file : files) {
                file.evict();
            }
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount downloads;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
                Downloads.atATime(kind, server, files);
                downloads = sampler.stop();
            }
            HotRace.Finish finish = race.run(kind, server, limits, !agent);
            long readTwice = undisturbed.readTwice(files.stream().mapToLong(TestFile::size).sum() + race.coldBytes(kind));
            AgentStats stats = agent ? AgentHealth.afterStopOf(server, kind::printsOnStderr) : null;
            Measured measured = new Measured(downloads, finish, readTwice, stats);
            System.out.println(getClass().getSimpleName() + " " + kind + " on " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }

    @Test
    void parkedDownloadsCostTheLoopsNoCpu() throws Exception {
        if (!kind.helped()) {
            return;
        }
        try (ServerProcess server = kind.builder(jdk, root, true, "").property("readahead.debug.cold", LONG_PARKED_MILLIS).start()) {
            long sockets = socketsWithoutClients(server);
            List<RawHttp> clients = new ArrayList<>();
            for (TestFile file : files) {
                RawHttp client = RawHttp.connect(server);
                clients.add(client);
                client.send(kind.pathOf(file), Map.of());
            }
            Thread.sleep((LONG_PARKED_MILLIS - LOOK_MILLIS) / 4);    // the classes of the first request are loaded meanwhile
            long before = ThreadCpu.millis(server.pid(), kind.loopThreads());
            Thread.sleep(LOOK_MILLIS);
            long cpuMillis = ThreadCpu.millis(server.pid(), kind.loopThreads()) - before;
            for (RawHttp client : clients) {
                client.reset();
            }
            // A channel that is parked and waits for nothing else has left epoll: its server hears of the reset when the readahead ends.
            awaitNothingLeft(server, sockets);
            if (kind.listensWhileParked()) {
                Thread.sleep(LOOK_MILLIS);    // the watchdog looks once a second for what was closed while it was parked
            }
            AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
            assertAll(kind + " on " + jdk + ": " + stats,
                    () -> assertTrue(stats.parks() >= COLD_FILES, "every download was parked"),
                    () -> assertTrue(cpuMillis <= MAX_CPU_MILLIS,
                            "CPU of the loops in " + LOOK_MILLIS + " ms while everything was parked: " + cpuMillis + " ms"));
        }
    }

    @Test
    void clientsThatBreakOffWhileParkedOrMidwayLeaveNothing() throws Exception {
        try (ServerProcess server = kind.builder(jdk, root, true, "").property("readahead.debug.cold", PARKED_MILLIS)
                .jvm(ServerProcess.ATTACH_LISTENER).start()) {
            long sockets = socketsWithoutClients(server);
            breakOff(server, sockets);
            long descriptors = ProcessCounts.descriptors(server.pid()).size();
            for (int round = 1; round < BROKEN_ROUNDS; round++) {
                breakOff(server, sockets);
                Await.until("descriptors are back at " + descriptors,
                        () -> ProcessCounts.descriptors(server.pid()).size() <= descriptors,
                        () -> ProcessCounts.descriptors(server.pid()));
            }
            try (RawHttp client = RawHttp.connect(server)) {
                Downloads.assertWhole(files.get(0), client.get(kind.pathOf(files.get(0))), server);
            }
            AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
            assertTrue(stats.parks() >= BROKEN_ROUNDS * BROKEN_CLIENTS * 2 || !kind.helped(),
                    () -> "every client's download was parked: " + stats);
        }
    }

    private void breakOff(ServerProcess server, long sockets) throws Exception {
        for (int number = 0; number < BROKEN_CLIENTS; number++) {
            for (long read : new long[] {0, MIDWAY_BYTES}) {
                try (RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES)) {
                    client.send(kind.pathOf(files.get(number)), Map.of());
                    client.read(read);
                    if (number % 2 == 0) {
                        client.reset();
                    } else if (read > 0) {
                        client.halfClose();
                        client.read(MIDWAY_BYTES);
                    }
                }
            }
        }
        awaitNothingLeft(server, sockets);
    }

    private static void awaitNothingLeft(ServerProcess server, long sockets) throws Exception {
        Await.until("no connection and no descriptor of a file is left",
                () -> ProcessCounts.connections(server.port()) == 0 && filesOpen(server) == 0 && sockets(server) <= sockets,
                () -> ProcessCounts.descriptors(server.pid()));
    }

    /** The sockets that the server has open after it has closed its first one, where nothing else says when a download is over. */
    private long socketsWithoutClients(ServerProcess server) throws Exception {
        if (!kind.keepsFilesMapped()) {
            return Long.MAX_VALUE;
        }
        long before = sockets(server);
        try (RawHttp client = RawHttp.connect(server)) {
            client.get("/none");
        }
        // The JDK opens one of its own with the first that it closes.
        Await.until("no connection is left", () -> ProcessCounts.connections(server.port()) == 0 && sockets(server) <= before + 1,
                () -> ProcessCounts.descriptors(server.pid()));
        return before + 1;
    }

    private static long sockets(ServerProcess server) throws IOException {
        return ProcessCounts.descriptors(server.pid()).stream().filter(target -> target.startsWith("socket:")).count();
    }

    private static long filesOpen(ServerProcess server) throws IOException {
        List<String> names = files.stream().map(file -> file.path().toString()).toList();
        return ProcessCounts.descriptors(server.pid()).stream().filter(names::contains).count();
    }
}
