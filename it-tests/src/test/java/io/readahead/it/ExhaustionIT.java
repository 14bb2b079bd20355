package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.WithoutSystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever the machine has no more of, or does not allow: the server serves right bytes, and a line says what the agent lacks. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ExhaustionIT {

    private static final NioServer KIND = NioServer.TWO_SELECTORS;
    private static final long FILE_BYTES = 1 << 20;
    private static final int COLD_MILLIS = 30;
    private static final int FEW_DESCRIPTORS = 64;
    private static final int MANY = 32;
    private static final int HEAP_ROUNDS = 2;
    private static final String NO_SHELL_WORD = "sh";
    private static final String USER = "54321";
    private static final int LAST_WITHOUT_STATX_FEATURE = 17;
    /** JEP 486. */
    private static final int NO_SECURITY_MANAGER_FEATURE = 24;

    /** Every user may enter it; the folders above the source tree may be closed to others. */
    private static Path root;
    private static Path files;
    private static Path jar;
    private static Path classes;
    private static Path noexec;
    private static TestFile file;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void prepare() throws IOException {
        Requirement.root().orSkip();
        root = Files.createTempDirectory("readahead-exhaustion-");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        files = Files.createDirectory(root.resolve("files"));
        noexec = Files.createDirectory(root.resolve("noexec"));
        file = TestFile.write(files.resolve("file.bin"), FILE_BYTES);
        Path bin = Files.createDirectory(root.resolve("bin"));
        jar = Files.copy(Artifacts.agentJar(), bin.resolve("agent.jar"));
        classes = bin.resolve("classes");
        Path app = Path.of("io/readahead/it/app");
        Files.createDirectories(classes.resolve(app));
        try (Stream<Path> originals = Files.list(Artifacts.testClasses().resolve(app))) {
            for (Path original : originals.toList()) {
                Files.copy(original, classes.resolve(app).resolve(original.getFileName()));
            }
        }
    }

    @AfterAll
    static void cleanUp() throws IOException {
        if (root != null) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Test
    void withoutADescriptorToSpareReadaheadGoesOn() throws Exception {
        try (ServerProcess server = server("threads=64").wrapper("prlimit", "--nofile=" + FEW_DESCRIPTORS + ":" + FEW_DESCRIPTORS)
                .start()) {
            download(server, 1);
            int left = FEW_DESCRIPTORS - ProcessCounts.descriptors(server.pid()).size();
            // A socket and a file each: all but none is left, and the server gets all of them.
            download(server, (left - 2) / 2);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() > 0, stats::toString);
        }
    }

    @Test
    void withoutThreadsCallsPassThroughUntilThereAreSomeAgain() throws Exception {
        try (ServerProcess server = server("").wrapper("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups")
                .start()) {
            try (RawHttp client = RawHttp.connect(server)) {
                assertEquals(404, client.get("/none").status(), "and with it the server's classes are woven");
            }
            limitProcesses(server, "1");
            download(server, 4);
            assertEquals(0, agentThreads(server), "readahead threads");
            limitProcesses(server, "1000");
            // The JVM is not asked again at once.
            Thread.sleep(1100);
            download(server, 4);
            assertTrue(agentThreads(server) > 0, "readahead threads");
            server.stop();
            AgentStats stats = server.stats();
            assertAll(stats.toString(),
                    () -> assertTrue(stats.failures() > 0, "failures"),
                    () -> assertTrue(stats.parks() > 0, "parks"),
                    () -> assertEquals(0, stats.parkedNow(), "parkedNow"),
                    () -> assertEquals(0, stats.openDescriptors(), "openDescriptors"),
                    () -> assertEquals(0, stats.mendedWakeups(), "mendedWakeups"));
            assertSaid(server, "no readahead thread could be started", "passed through");
        }
    }

    @Test
    void withQueueAndBudgetFullAllComeRight() throws Exception {
        try (ServerProcess server = server("threads=1,window=256k,budget=1m").start()) {
            download(server, MANY);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertAll(stats.toString(), () -> assertTrue(stats.parks() >= MANY, "parks"),
                    () -> assertTrue(stats.get("dropped") > 0, "the budget was full"));
        }
    }

    @Test
    void withAFullHeapTheBytesAreRightAndNothingStaysParked() throws Exception {
        ServerProcess program = ServerProcess.on(jdk).jvm("-Xmx24m", "-XX:+UseSerialGC", "-XX:-OmitStackTraceInFastThrow")
                .agent(jar, NioServer.PACKAGES + ",window=64k").property("readahead.debug.stats", true)
                .property("readahead.debug.cold", 2).main(classes.toString(), "io.readahead.it.app.FullHeap")
                .arguments(file.path(), HEAP_ROUNDS).run();
        AgentStats stats = program.stats();
        assertAll(program.toString(),
                () -> assertEquals(Collections.nCopies(1 + HEAP_ROUNDS, file.sha256()), program.stdout().subList(0, 1 + HEAP_ROUNDS)),
                () -> assertTrue(!program.stdout().get(1 + HEAP_ROUNDS).startsWith("heap full 0 times"), "the heap was full"),
                () -> assertTrue(stats.parks() > 0, "parks"),
                () -> assertEquals(0, stats.parkedNow(), "parkedNow"));
    }

    @Test
    void whereTmpIsNoexecAnotherFolderIsFoundAndNothingIsLeftInAny() throws Exception {
        List<Path> before = leftovers();
        try (ServerProcess server = server("").property("java.io.tmpdir", noexec)
                .wrapper(inOwnMounts("mount -t tmpfs -o noexec tmpfs " + noexec)).start()) {
            assertSaid(server, " ACTIVE ", " natives=jna ");
            download(server, 2);
            assertTrue(AgentHealth.afterStopOf(server).parks() > 0, "parks");
        }
        assertEquals(before, leftovers(), "files in the folders that were tried");
    }

    @Test
    void whereNoFolderLetsCodeBeMappedTheAgentIsPassiveAndSaysWhatToDo() throws Exception {
        List<String> mounts = new ArrayList<>();
        mounts.add("mount -t tmpfs -o noexec tmpfs " + noexec);
        for (String folder : List.of("/var/tmp", "/dev/shm", "/run")) {
            mounts.add("mount -t tmpfs -o ro,noexec tmpfs " + folder);
        }
        Path here = Path.of("").toAbsolutePath();
        mounts.add("mount --bind " + here + " " + here);
        mounts.add("mount -o remount,bind,ro,noexec " + here);
        try (ServerProcess server = server("").property("java.io.tmpdir", noexec).property("user.home", noexec)
                .wrapper(inOwnMounts(mounts.toArray(String[]::new))).start()) {
            download(server, 2);
            assertEquals("PASSIVE", AgentCommand.status(jdk, server.pid()).get("state"));
            server.stop();
            assertSaid(server, " PASSIVE, every call passes through", noexec.toString(), "/var/tmp", "-Djava.io.tmpdir=FOLDER");
            assertEquals(List.of(), server.foreignStderr(), server::toString);
        }
    }

    /** A library of the JDK's under the name of musl's dynamic linker: no JVM for musl is to be had here. Under its own it is nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"ld-musl-x86_64.so.1", "libjsig.so"})
    void onMuslTheAgentIsPassiveAndSaysSo(String name) throws Exception {
        Path preloaded = Files.copy(jdk.home().resolve("lib/libjsig.so"), Files.createTempDirectory(root, "lib").resolve(name));
        boolean musl = name.contains("musl");
        try (ServerProcess server = server("").environment("LD_PRELOAD", preloaded.toString()).start()) {
            download(server, 2);
            assertEquals(musl ? "PASSIVE" : "ACTIVE", AgentCommand.status(jdk, server.pid()).get("state"));
            AgentStats stats = musl ? null : AgentHealth.afterStopOf(server);
            assertTrue(musl || stats.parks() > 0, "parks");
            server.stop();
            assertSaid(server, musl ? " PASSIVE, every call passes through: natives none (this JVM runs on musl, " + preloaded + ","
                    : " ACTIVE ");
            assertEquals(List.of(), server.foreignStderr(), server::toString);
        }
    }

    /**
     * A kernel or a profile.
     *
     * @param errno what it answers
     * @param calls to which
     * @param words what the start-up line says then
     * @param parks whether the agent can help all the same
     */
    private record Refusal(int errno, List<String> calls, String words, boolean parks) {
    }

    private static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal(WithoutSystemCalls.ENOSYS, List.of("preadv2", "cachestat"), " natives=jna probe=none ", true),
                new Refusal(WithoutSystemCalls.ENOSYS, List.of("preadv2", "mincore"), " natives=jna probe=cachestat ", true),
                new Refusal(WithoutSystemCalls.EPERM, List.of("statx", "preadv2", "cachestat"), " probe=none size=none ", false),
                // As podman's and CRI-O's.
                new Refusal(WithoutSystemCalls.EPERM, List.of("cachestat", "memfd_create"), " natives=jna probe=nowait ", true),
                new Refusal(WithoutSystemCalls.NOTHING, List.of("preadv2", "cachestat"), " natives=jna probe=none ", true),
                // As a unit's of systemd before 255.
                new Refusal(WithoutSystemCalls.KILL, List.of("cachestat"), " natives=jna without=cachestat probe=nowait ", true),
                new Refusal(WithoutSystemCalls.KILL, List.of("preadv2"), " natives=jna without=preadv2 probe=cachestat ", true),
                new Refusal(WithoutSystemCalls.KILL, List.of("fadvise64", "mincore", "preadv2", "cachestat", "memfd_create"),
                        " natives=jna without=fadvise64,mincore,preadv2,cachestat,memfd_create probe=none ", true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatTheKernelRefusesIsSaidAndTheServerServes(Refusal each) throws Exception {
        // Newer JDKs need statx(2) themselves; where a kernel has none, glibc does without.
        Refusal refusal = each.calls().contains("statx") && jdk.feature() > LAST_WITHOUT_STATX_FEATURE
                ? new Refusal(WithoutSystemCalls.ENOSYS, each.calls(), " probe=none size=none ", false) : each;
        try (ServerProcess server = server("").wrapper(WithoutSystemCalls.wrapper(refusal.errno(), refusal.calls().toArray(String[]::new)))
                .start()) {
            assertSaid(server, refusal.words());
            download(server, 4);
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertEquals(refusal.parks(), stats.parks() > 0, stats::toString);
        }
    }

    @Test
    void withoutProcReadaheadGoesOn() throws Exception {
        try (ServerProcess server = server("").wrapper(inOwnMounts("umount -l /proc"))
                // The dynamic linker asks /proc where the program lies.
                .environment("LD_LIBRARY_PATH", jdk.home().resolve("lib").toString()).start()) {
            assertSaid(server, " ACTIVE ");
            download(server, 4);
            assertTrue(AgentHealth.afterStopOf(server).parks() > 0, "parks");
        }
    }

    @Test
    void aSecurityManagerThatTrustsTheJarAloneIsEnough() throws Exception {
        Path policy = Files.writeString(root.resolve("policy"), """
                grant codeBase "file:%s" {
                  permission java.security.AllPermission;
                };
                grant codeBase "file:%s/" {
                  permission java.net.SocketPermission "*", "accept,connect,listen,resolve";
                  permission java.io.FilePermission "%s/-", "read";
                };
                """.formatted(jar, classes, files));
        ServerProcess.Builder builder = server("").property("java.security.manager", "default")
                .property("java.security.policy", "=" + policy);
        if (jdk.feature() >= NO_SECURITY_MANAGER_FEATURE) {
            ServerProcess refused = builder.run();
            assertTrue(refused.exitCode() != 0 && refused.stdout().toString().contains("Security Manager"),
                    () -> "the JVM itself has none any more; " + refused);
            return;
        }
        try (ServerProcess server = builder.start()) {
            assertSaid(server, " ACTIVE ");
            download(server, 4);
            assertTrue(AgentHealth.afterStopOf(server, line -> line.startsWith("WARNING: ")).parks() > 0, "parks");
        }
    }

    private ServerProcess.Builder server(String options) {
        return NioServer.from(classes, jdk, files).agent(jar, NioServer.PACKAGES + (options.isEmpty() ? "" : "," + options))
                .property("readahead.debug.stats", true).property("readahead.debug.cold", COLD_MILLIS);
    }

    private static void download(ServerProcess server, int connections) throws Exception {
        Downloads.atATime(KIND, server, Collections.nCopies(connections, file));
    }

    private static void assertSaid(ServerProcess server, String... words) {
        assertTrue(server.agentStderr().stream().anyMatch(line -> Stream.of(words).allMatch(line::contains)),
                () -> "a line with " + List.of(words) + "; " + server);
    }

    /** How the agent finds out what it may call is not to be found out by calling it. */
    @Test
    void whereNoChildCanBeWaitedForTheAgentIsPassive() throws Exception {
        try (ServerProcess server = server("").wrapper(WithoutSystemCalls.wrapper(WithoutSystemCalls.KILL, "wait4", "cachestat"))
                .start()) {
            download(server, 2);
            server.stop();
            assertSaid(server, " PASSIVE, every call passes through", "a seccomp filter is on", "could not be tried");
        }
    }

    private static String[] inOwnMounts(String... commands) {
        return new String[] {"unshare", "-m", NO_SHELL_WORD, "-ec", String.join("\n", commands) + "\nexec \"$@\"", NO_SHELL_WORD};
    }

    private static void limitProcesses(ServerProcess server, String most) throws Exception {
        Process prlimit = new ProcessBuilder("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "prlimit", "--pid",
                Long.toString(server.pid()), "--nproc=" + most + ":1000").inheritIO().start();
        assertEquals(0, prlimit.waitFor(), "prlimit");
    }

    private static long agentThreads(ServerProcess server) throws IOException {
        Map<Long, String> names = ProcessCounts.threadNames(server.pid());
        return names.values().stream().filter(name -> name.startsWith("readahead-1")).count();
    }

    private static List<Path> leftovers() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String folder : List.of(System.getProperty("user.home"), System.getProperty("user.dir"), "/var/tmp", "/dev/shm")) {
            try (Stream<Path> entries = Files.list(Path.of(folder))) {
                entries.filter(entry -> entry.getFileName().toString().startsWith("libreadahead-")).forEach(found::add);
            }
        }
        return found;
    }
}
