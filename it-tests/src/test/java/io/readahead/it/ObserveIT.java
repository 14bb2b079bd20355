package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
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

/** mode=observe: the verdict is right for a server with the problem and for the same server without it, and nothing changes for it. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class ObserveIT {

    private static final String WOULD_HELP = "the agent would help";
    private static final String WOULD_FREE = "the agent would free it, and no event loop waited like that";
    private static final String NOTHING_TO_GAIN = "nothing to gain here";
    private static final int FILES = 4;
    private static final long FILE_BYTES = 6 << 20;
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;
    private static final int SCREEN_LINES = 24;
    private static final int SCREEN_COLUMNS = 80;
    private static final int LOG_PREFIX = "readahead: ".length();

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TaskDelayAccounting delayAccounting;
    private static List<TestFile> files;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private FileServer kind;

    static Stream<Arguments> servers() {
        return FileServerContract.each(Jdks.chosen(), List.of(JettyExample.EVENT_LOOP, new NettyServer("4.2", "nio", "/files/"),
                new NettyServer("4.2", "epoll", "/files/"), UndertowServer.NON_BLOCKING));
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        delayAccounting = TaskDelayAccounting.switchOn();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    @AfterAll
    static void putBackDelayAccounting() {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
    }

    @Test
    void hotFilesHaveNothingToGainAndColdOnesHave() throws Exception {
        Hot hot = Undisturbed.measured(this::observe, seen -> seen.coldCalls() != 0 && seen.readBytes() > 0);
        assertAll(hot.toString(),
                () -> assertEquals("OBSERVING", hot.told().get("state")),
                () -> assertTrue(Long.parseLong(hot.told().get("transfers")) >= FILES, "calls"),
                () -> assertTrue(hot.told().get("verdict").startsWith(NOTHING_TO_GAIN), "verdict over hot files"),
                () -> assertEquals(0, hot.coldCalls(), "calls that met cold data"),
                () -> assertEquals(hot.told().get("transfers"), hot.told().get("resident"), "calls that were hot"));
    }

    /**
     * What was told of hot files.
     *
     * @param readBytes that the server read from the disk meanwhile, although they were hot
     */
    private record Hot(Map<String, String> told, long readBytes) {

        long coldCalls() {
            return Long.parseLong(told.get("coldCalls"));
        }
    }

    /** Hot files first, and the same files cold; of the cold ones all is judged here. */
    private Hot observe() throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("observe").limits().orElseThrow();
                ServerProcess server = kind.builder(jdk, root, true, "mode=observe")
                        .wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            String before = AgentCommand.status(jdk, server.pid()).get("verdict");    // published at the start
            assertTrue(before.startsWith("nothing seen"), before);

            for (TestFile file : files) {
                file.warm();
            }
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            Downloads.atATime(kind, server, files);
            Hot hot = new Hot(AgentCommand.freshStatus(server.pid()), undisturbed.readTwice(0));

            for (TestFile file : files) {
                file.evict();
            }
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
                Downloads.atATime(kind, server, files);
                loop = sampler.stop();
            }
            Map<String, String> cold = AgentCommand.freshStatus(server.pid());
            System.out.println("ObserveIT " + kind + " on " + jdk + ": " + loop + ", told " + cold);
            assertTold(cold, loop);
            List<String> screen = AgentCommand.run(jdk, "status", server.pid()).stdout();
            assertTrue(oneLine(screen.stream().dropWhile(line -> !line.isBlank())).endsWith(verdict()), screen::toString);
            assertUnchanged(server, loop);
            return hot;
        }
    }

    /** What is told of a thread agrees with what the kernel booked on it. */
    private void assertTold(Map<String, String> cold, ThreadDiskAccount loop) {
        long toldMillis = Long.parseLong(cold.get("diskWaitMicros")) / 1000;
        String thread = cold.keySet().stream().filter(name -> name.startsWith("loop." + kind.loopThreads()[0])).findFirst().orElse("none");
        assertAll(cold.toString(),
                () -> assertTrue(cold.get("verdict").endsWith(verdict()), "verdict over cold files"),
                () -> assertTrue(cold.get("verdict").startsWith(pool() ? "pool thread XNIO-1 task-" : "event loop "), "kind of thread"),
                () -> assertEquals(pool(), cold.entrySet().stream().anyMatch(figure -> figure.getKey().startsWith("loop.")
                        && figure.getValue().endsWith(" pool")), "threads of a pool"),
                () -> assertTrue(pool() || cold.get("verdict").contains(thread.substring("loop.".length())), "names the thread " + thread),
                () -> assertTrue(cold.keySet().stream().anyMatch(name -> name.startsWith("site.") && cold.get("verdict")
                        .contains(name.substring("site.".length()))), "names the call site"),
                () -> assertTrue(toldMillis > 0, "it waited, for it reads the disk itself: " + loop),
                () -> assertTrue(toldMillis >= loop.sleepMillis() / 2, "told " + toldMillis + " ms, slept " + loop.sleepMillis() + " ms"));
    }

    /** Undertow's workers send, and its I/O thread selects. */
    private boolean pool() {
        return kind instanceof UndertowServer;
    }

    private String verdict() {
        return pool() ? WOULD_FREE : WOULD_HELP;
    }

    private static String oneLine(Stream<String> lines) {
        return lines.map(String::strip).collect(Collectors.joining(" ")).strip();
    }

    /** The loop reads for itself as ever, nothing is parked or read ahead, and the same verdict ends the log. */
    private void assertUnchanged(ServerProcess server, ThreadDiskAccount loop) {
        AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
        List<String> log = server.agentStderr();
        assertAll(server.toString(),
                () -> assertTrue(loop.readBytes() >= FILES * FILE_BYTES / 2, "the loop itself reads: " + loop),
                () -> assertEquals(0, stats.parks(), "parks"),
                () -> assertEquals(0, stats.warmups(), "readahead"),
                () -> assertTrue(log.get(0).contains(" OBSERVING "), "start-up line"),
                () -> assertTrue(oneLine(log.stream().map(line -> line.substring(LOG_PREFIX))).endsWith(verdict()), "the last word"),
                () -> assertTrue(log.size() - 1 <= SCREEN_LINES, "lines of the verdict"),
                () -> assertTrue(log.stream().skip(1).allMatch(line -> line.length() <= SCREEN_COLUMNS + LOG_PREFIX), "columns"));
    }
}
