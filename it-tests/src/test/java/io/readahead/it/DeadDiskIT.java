package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.FaultyFileSystem;
import io.readahead.kit.FaultyFileSystem.Reads;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A file store that does not answer, for a while or for ever, holds its own connections and nobody else's. One event loop serves all. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class DeadDiskIT {

    private static final int DEAD_FILES = 12;
    private static final int CONNECTIONS = 3 * DEAD_FILES;
    private static final long DEAD_BYTES = 3 << 20;
    private static final long LIVE_BYTES = 16 << 20;
    private static final long PAGE_BYTES = 4096;
    private static final int THREADS = 4;
    /** The dead connections would fill it twice over. */
    private static final String OPTIONS = "threads=" + THREADS + ",budget=4m";
    /** With nobody else there it parks at its beginning, and where the disk is slower than the client: not once for each 64 KB. */
    private static final long MOST_LIVE_PARKS = LIVE_BYTES / (256 << 10);
    private static final int IDLE_SECONDS = 2;
    /** One poller; fewer workers than files that hang. */
    private static final List<FileServer> OTHER_WAYS = List.of(TomcatServer.TOMCAT_11.secured(),
            UndertowServer.NON_BLOCKING.workers(2).speaking(UndertowServer.Protocol.TLS));
    /** Under -Pmatrix: one loop; one thread at a time that selects. */
    private static final List<FileServer> RARER_WAYS = List.of(NettyServer.secured("4.2", "nio"), StockJetty.MAPPED, StockJetty.COPIED,
            StockJetty.MAPPED.secured());
    private static final String[] OURS = {"transfer.Stream", "warmup.Warmup", "warmup.SourceFile"};

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static FaultyFileSystem disk;
    private static List<TestFile> dead;
    private static TestFile hotOnDead;
    private static TestFile live;

    @Parameter
    private Jdk jdk;

    private ExecutorService clients;

    @BeforeAll
    static void mount() throws Exception {
        Requirement.root().orSkip();
        Requirement.command("fusermount").orSkip();
        disk = FaultyFileSystem.mount(root.resolve("dead"));
        dead = new ArrayList<>();
        for (int number = 0; number < DEAD_FILES; number++) {
            dead.add(disk.add("dead-" + number, DEAD_BYTES));
        }
        hotOnDead = disk.add("hot", DEAD_BYTES).pin();
        live = TestFile.write(root.resolve("live"), LIVE_BYTES);
    }

    @AfterAll
    static void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @BeforeEach
    void allCold() throws IOException {
        clients = Executors.newCachedThreadPool();
        allFilesCold();
    }

    private static void allFilesCold() throws IOException {
        disk.setAll(Reads.ANSWER);
        for (TestFile file : dead) {
            file.evict();
        }
        live.evict();
        assertEquals(DEAD_BYTES / PAGE_BYTES, hotOnDead.residentPages(), "pages of the hot file");
    }

    /** Also where a test has failed: a server that waits for this disk can't be ended. */
    @AfterEach
    void letGo() {
        disk.setAll(Reads.ANSWER);
        clients.shutdownNow();
    }

    @Test
    void controlWithoutTheAgentOneDeadFileStopsTheLoop() throws Exception {
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            JettyExample.warmUp(server, root);
            disk.setAll(Reads.HANG);
            Future<RawHttp.Body> waiting = download(server, dead.get(0));
            Future<RawHttp.Body> hot;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                Await.until("the disk hangs", () -> disk.hanging() > 0);
                hot = download(server, hotOnDead);
                Thread.sleep(500);
                assertTrue(sampler.stop().sendfileDSamples() > 0, "the loop sleeps in sendfile");
            }
            assertFalse(hot.isDone(), "and answers nobody");
            disk.setAll(Reads.ANSWER);
            Downloads.assertWhole(dead.get(0), waiting.get(), server);
            Downloads.assertWhole(hotOnDead, hot.get(), server);
        } finally {
            disk.setAll(Reads.ANSWER);
        }
    }

    @Test
    void whileAllReadsHangOthersGoOnAndThenAllResume() throws Exception {
        try (ServerProcess server = start()) {
            disk.setAll(Reads.HANG);
            List<Future<RawHttp.Body>> waiting = allDead(server);
            awaitFigure(server, "parkedNow", CONNECTIONS);
            // What waits for the dead store does not count any more, a second after it was last heard of.
            awaitFigure(server, "budgetUsedBytes", 0);

            long parksBefore = AgentCommand.parks(server.pid());
            ThreadDiskAccount loop = serveOthers(server);
            Map<String, String> status = AgentCommand.freshStatus(server.pid());
            assertAll(status + " " + loop,
                    () -> assertEquals(Integer.toString(CONNECTIONS), status.get("parkedNow"), "parkedNow"),
                    () -> assertEquals(0, loop.readBytes(), "bytes that the loop read"),
                    () -> assertEquals(0, loop.sendfileDSamples(), "looks at which the loop slept in sendfile"),
                    () -> assertTrue(Long.parseLong(status.get("parks")) > parksBefore, "the live file was cold"),
                    () -> assertTrue(Long.parseLong(status.get("parks")) - parksBefore <= MOST_LIVE_PARKS, "parks of the live file"),
                    // The workers of two stores, one thread each for what is cached and one that closes, and the watchdog.
                    () -> assertTrue(agentThreads(server) <= 2 * (THREADS + 2) + 1, "threads: " + agentThreads(server)));

            disk.setAll(Reads.ANSWER);
            for (int number = 0; number < waiting.size(); number++) {
                Downloads.assertWhole(dead.get(number % DEAD_FILES), waiting.get(number).get(), server);
            }
            AgentHealth.afterStopOf(server);
        }
    }

    @Test
    void inWhicheverWayFilesAreSentOthersGoOnWhileAllReadsHang() throws Exception {
        for (FileServer kind : Jdks.matrix() ? Stream.concat(OTHER_WAYS.stream(), RARER_WAYS.stream()).toList() : OTHER_WAYS) {
            allFilesCold();
            try (ServerProcess server = kind.builder(jdk, hotOnDead.path().getParent(), true, OPTIONS).start()) {
                Downloads.assertWhole(hotOnDead, download(server, kind.pathOf(hotOnDead)).get(), server);
                disk.setAll(Reads.HANG);
                List<Future<RawHttp.Body>> waiting = dead.stream().map(file -> download(server, kind.pathOf(file))).toList();
                awaitFigure(server, "parkedNow", DEAD_FILES);
                for (int number = 0; number < DEAD_FILES; number++) {
                    Downloads.assertWhole(hotOnDead, download(server, kind.pathOf(hotOnDead)).get(), server);
                }
                awaitFigure(server, "parkedNow", DEAD_FILES);
                disk.setAll(Reads.ANSWER);
                for (int number = 0; number < DEAD_FILES; number++) {
                    Downloads.assertWhole(dead.get(number), waiting.get(number).get(), server);
                }
                AgentHealth.afterStopOf(server, kind::printsOnStderr);
            } finally {
                disk.setAll(Reads.ANSWER);
            }
        }
    }

    /** What the loop was charged with beside one file that hangs, and what of the others was fetched although it had been before. */
    private record Beside(ThreadDiskAccount loop, long fetchedTwice) {
    }

    @Test
    void oneFileThatHangsHoldsNeitherItsStoreNorTheLoop() throws Exception {
        Beside measured = Undisturbed.measured(this::besideOneFileThatHangs,
                one -> one.loop().sendfileDSamples() > 0 && one.fetchedTwice() > 0);
        assertEquals(0, measured.loop().sendfileDSamples(), () -> "looks at which the loop slept in sendfile: " + measured);
    }

    private Beside besideOneFileThatHangs() throws Exception {
        allFilesCold();
        try (ServerProcess server = start()) {
            disk.set(dead.get(0), Reads.HANG);
            List<Future<RawHttp.Body>> waiting = new ArrayList<>();
            Beside beside;
            long before = disk.servedBytes();
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
                // The second finds the pages of the first in the page cache: asked for, and not there yet.
                for (int number = 0; number < THREADS - 1; number++) {
                    waiting.add(download(server, dead.get(0)));
                    awaitFigure(server, "parkedNow", number + 1);
                }
                for (int number = 1; number < DEAD_FILES; number++) {
                    Downloads.assertWhole(dead.get(number), download(server, dead.get(number)).get(), server);
                }
                beside = new Beside(sampler.stop(), disk.servedBytes() - before - (DEAD_FILES - 1) * DEAD_BYTES);
            }
            assertTrue(waiting.stream().noneMatch(Future::isDone), "the file hangs still");
            disk.setAll(Reads.ANSWER);
            for (Future<RawHttp.Body> each : waiting) {
                Downloads.assertWhole(dead.get(0), each.get(), server);
            }
            System.out.println("DeadDiskIT beside one file that hangs, " + jdk + ": " + beside + " " + AgentHealth.afterStopOf(server));
            return beside;
        }
    }

    @Test
    void whenItNeverComesBackTheServersTimeoutFreesEverything() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, OPTIONS).arguments("--idle-timeout", IDLE_SECONDS).start()) {
            JettyExample.warmUp(server, root);
            for (int round = 0; round < 2; round++) {
                disk.setAll(Reads.HANG);
                for (Future<RawHttp.Body> each : allDead(server)) {
                    assertFalse(each.get().complete(), "the server gave up");
                }
                Await.until("all is freed but what the workers are at", () -> instances(server, OURS[0]) <= THREADS
                        && instances(server, OURS[1]) <= THREADS && instances(server, OURS[2]) <= THREADS,
                        () -> AgentCommand.published(server.pid()));
                Map<String, String> status = awaitFigure(server, "parkedNow", 0);
                assertAll(status.toString(),
                        () -> assertEquals("0", status.get("queuedNow")),
                        () -> assertEquals("0", status.get("budgetUsedBytes")),
                        () -> assertTrue(Long.parseLong(status.get("openDescriptors")) <= THREADS, "descriptors of the agent"),
                        () -> assertTrue(ProcessCounts.descriptors(server.pid()).stream().filter(path -> path.contains("/dead/")).count()
                                <= THREADS, () -> "descriptors of files on the dead store"));
            }
            serveOthers(server);
            disk.setAll(Reads.ANSWER);
            AgentHealth.afterStopOf(server);
        }
    }

    @Test
    void aDiskThatFailsIsWhatTheServerHears() throws Exception {
        disk.setAll(Reads.FAIL);
        ServerProcess without = oneTransfer(false);
        ServerProcess with = oneTransfer(true);
        AgentStats stats = with.stats();
        assertAll(with.toString(),
                () -> assertTrue(without.stdout().get(0).startsWith("failed after 0 bytes: java.io.IOException: "), without::toString),
                () -> assertEquals(without.stdout(), with.stdout()),
                () -> assertTrue(stats.parks() > 0, "it was cold"),
                () -> assertTrue(stats.get("readErrors") > 0, "readErrors"),
                () -> assertEquals(0, stats.failures(), "failures"));
    }

    @Test
    void readsThatHangAndThenFailEndInTheSameWay() throws Exception {
        try (ServerProcess server = start()) {
            disk.setAll(Reads.HANG);
            List<Future<RawHttp.Body>> waiting = allDead(server);
            awaitFigure(server, "parkedNow", CONNECTIONS);
            disk.setAll(Reads.FAIL);
            for (Future<RawHttp.Body> each : waiting) {
                RawHttp.Body answer = each.get();
                assertAll(() -> assertFalse(answer.complete(), "the server gave up"), () -> assertEquals(0, answer.bytes()));
            }
            serveOthers(server);
            assertTrue(AgentHealth.afterStopOf(server).get("readErrors") >= CONNECTIONS, "each was told by a readahead");
        }
    }

    @Test
    void detachReturnsWhileItHangsAndLeavesNothingWhenItAnswers() throws Exception {
        try (ServerProcess server = start()) {
            disk.setAll(Reads.HANG);
            List<Future<RawHttp.Body>> waiting = allDead(server);
            awaitFigure(server, "parkedNow", CONNECTIONS);
            ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid());
            assertEquals(0, detach.exitCode(), detach::toString);
            assertTrue(server.agentStderr().stream().anyMatch(line -> line.contains(" readahead threads still wait for a disk")),
                    server::toString);
            disk.setAll(Reads.ANSWER);
            for (int number = 0; number < waiting.size(); number++) {
                Downloads.assertWhole(dead.get(number % DEAD_FILES), waiting.get(number).get(), server);
            }
            Await.until("no thread of the agent is left", () -> agentThreads(server) == 0);
            Await.until("no class of the agent is left", () -> instances(server, "") == 0);
        }
    }

    private ServerProcess start() throws Exception {
        ServerProcess server = JettyExample.EVENT_LOOP.builder(jdk, root, true, OPTIONS).start();
        JettyExample.warmUp(server, root);
        return server;
    }

    private ServerProcess oneTransfer(boolean agent) throws Exception {
        ServerProcess.Builder builder = ServerProcess.on(jdk).main(Artifacts.testClasses().toString(), "io.readahead.it.app.OneTransfer")
                .arguments(dead.get(0).path());
        if (agent) {
            builder.agent(Artifacts.agentJar(), NioServer.PACKAGES).property("readahead.debug.stats", true);
        }
        return builder.run();
    }

    /** What is on another store, and what is hot on this one, comes whole. */
    private ThreadDiskAccount serveOthers(ServerProcess server) throws Exception {
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), JettyExample.LOOP_THREADS)) {
            Downloads.assertWhole(live, download(server, live).get(), server);
            for (int number = 0; number < DEAD_FILES; number++) {
                Downloads.assertWhole(hotOnDead, download(server, hotOnDead).get(), server);
            }
            return sampler.stop();
        }
    }

    private List<Future<RawHttp.Body>> allDead(ServerProcess server) {
        List<Future<RawHttp.Body>> downloads = new ArrayList<>();
        for (int number = 0; number < CONNECTIONS; number++) {
            downloads.add(download(server, dead.get(number % DEAD_FILES)));
        }
        return downloads;
    }

    private Future<RawHttp.Body> download(ServerProcess server, TestFile file) {
        return download(server, "/files/" + root.relativize(file.path()));
    }

    private Future<RawHttp.Body> download(ServerProcess server, String path) {
        return clients.submit(() -> {
            try (RawHttp client = RawHttp.connect(server)) {
                return client.get(path);
            }
        });
    }

    private static Map<String, String> awaitFigure(ServerProcess server, String name, long value) throws Exception {
        Await.until(name + " is " + value, () -> AgentCommand.published(server.pid()).get(name).equals(Long.toString(value)),
                () -> AgentCommand.published(server.pid()));
        return AgentCommand.published(server.pid());
    }

    private static long agentThreads(ServerProcess server) throws IOException {
        return ProcessCounts.threadNames(server.pid()).values().stream().filter(name -> name.startsWith("readahead")).count();
    }

    /** Live objects of a class of the agent; of all its classes but the bridge where no name is given. */
    private long instances(ServerProcess server, String name) throws Exception {
        return ClassHistogram.of(jdk, server.pid()).entrySet().stream()
                .filter(each -> name.isEmpty() ? each.getKey().startsWith("io.readahead.transfer.")
                        : each.getKey().equals("io.readahead." + name))
                .mapToLong(Map.Entry::getValue).sum();
    }
}
