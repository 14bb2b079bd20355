package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.it.app.OneTransfer;
import io.readahead.it.app.ReplacedStderrApp;
import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever the agent is told, and whatever the JVM lacks, the server starts and serves, and stderr holds the agent's lines alone. */
class StartupIT {

    private static final long FILE_BYTES = 2 << 20;
    private static final int DEBUG_COLD_MILLIS = 20;
    /** JEP 514 made training one command. */
    private static final int AOT_FEATURE = 25;
    /** JEP 454 made java.lang.foreign final. */
    private static final int FOREIGN_FEATURE = 22;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    /**
     * A mistake in the options.
     *
     * @param argument what follows the agent's jar
     * @param property {@code -D} option, or empty
     * @param named what the line must name: key, value, and something of what is allowed
     */
    private record Mistake(String argument, String property, List<String> named) {

        @Override
        public String toString() {
            return argument + property;
        }
    }

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake("color=blue", "", List.of("color", "blue", "packages", "threads")),
            new Mistake("threads=many", "", List.of("threads", "many")),
            new Mistake("threads=0", "", List.of("threads", "0")),
            new Mistake("window=-1", "", List.of("window", "-1")),
            new Mistake("mode=maybe", "", List.of("mode", "maybe", "on", "off")),
            new Mistake("budget=64q", "", List.of("budget", "64q")),
            new Mistake("window=8m,budget=4m", "", List.of("window", "8m", "budget", "4m")),
            new Mistake("", "-Dreadahead.threads=some", List.of("threads", "some")));

    private static Stream<Arguments> mistakes() {
        // Every mistake on the JDK that runs Maven, and on each other one, for a clean stderr.
        return Jdks.chosen().stream().flatMap(jdk -> (jdk.equals(Jdk.current()) ? MISTAKES : MISTAKES.subList(0, 1)).stream()
                .map(mistake -> Arguments.of(mistake, jdk)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("mistakes")
    void aWrongOptionIsNamedAndTheServerServes(Mistake mistake, Jdk jdk) throws Exception {
        ServerProcess.Builder builder = JettyExample.withAgent(jdk, root, mistake.argument());
        if (!mistake.property().isEmpty()) {
            builder.jvm(mistake.property());
        }
        try (ServerProcess server = builder.start()) {
            assertServes(server, "/files/file.bin");
            server.stop();
            assertEquals(List.of(), server.foreignStderr(), server::toString);
            assertEquals(1, server.agentStderr().size(), () -> "exactly one line of the agent; " + server);
            String line = server.agentStderr().get(0);
            for (String name : mistake.named()) {
                assertTrue(line.contains(name), () -> "must name " + name + ": " + line);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void strictMakesAWrongOptionStopTheJvm(Jdk jdk) throws Exception {
        ServerProcess program = JettyExample.withAgent(jdk, root, "threads=many,strict=true").run();
        assertNotEquals(0, program.exitCode(), program::toString);
        assertEquals(List.of(), program.stdout(), program::toString);
        assertTrue(program.agentStderr().stream().anyMatch(line -> line.contains("threads") && line.contains("many")), program::toString);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void modeOffServesAsWithoutTheAgent(Jdk jdk) throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "mode=off").property("readahead.debug.cold", DEBUG_COLD_MILLIS)
                .start()) {
            assertServes(server, "/files/file.bin");
            server.stop();
            assertEquals(List.of(), server.foreignStderr(), server::toString);
            // With nothing woven there may be no counters to print, too.
            if (server.stderr().stream().anyMatch(line -> line.startsWith(AgentStats.PREFIX))) {
                assertEquals(0, server.stats().parks(), server::toString);
            }
            assertEquals(1, server.agentStderr().size(), server::toString);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void oneLineSaysVersionAndPackages(Jdk jdk) throws Exception {
        String version;
        try (JarFile jar = new JarFile(Artifacts.agentJar().toFile())) {
            version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
        }
        for (String cold : List.of("0", Integer.toString(DEBUG_COLD_MILLIS))) {
            ServerProcess.Builder builder = JettyExample.withAgent(jdk, root, "packages=io.readahead.examples.jetty:org.eclipse.jetty.io");
            if (!cold.equals("0")) {
                builder.property("readahead.debug.cold", cold);
            }
            try (ServerProcess server = builder.start()) {
                assertServes(server, "/files/file.bin");
                AgentStats stats = AgentHealth.afterStopOf(server);
                assertTrue(stats.transfers() > 0, () -> "the named packages are woven; " + server);
                assertEquals(1, server.agentStderr().size(), server::toString);
                String line = server.agentStderr().get(0);
                assertAll(line,
                        () -> assertTrue(line.contains(version), version),
                        () -> assertTrue(line.contains("io.readahead.examples.jetty"), "first package"),
                        () -> assertTrue(line.contains("org.eclipse.jetty.io"), "second package"));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void theSmallestJvmStartsAndServes(Jdk jdk) throws Exception {
        Path image = Files.createTempDirectory(root, "image").resolve("jdk");
        Process jlink = new ProcessBuilder(jdk.java().resolveSibling("jlink").toString(), "--add-modules", "java.base,java.instrument",
                "--output", image.toString()).inheritIO().start();
        assertEquals(0, jlink.waitFor(), "jlink");
        try (ServerProcess server = NioServer.TWO_SELECTORS.builder(Jdk.at(image).orElseThrow(), root, true, "").start()) {
            file.evict();
            assertServes(server, NioServer.TWO_SELECTORS.pathOf(file));
            AgentStats stats = AgentHealth.afterStopOf(server);
            String line = server.agentStderr().get(0);
            assertAll(line + " " + stats,
                    () -> assertTrue(line.contains(" ACTIVE "), "the agent is active"),
                    () -> assertTrue(line.contains(" natives=jna "), "the natives work"),
                    () -> assertTrue(stats.parks() > 0, "nothing parked, so nothing was cold and nothing is proved"));
        }
    }

    /** As README says to train one: before JDK 25 a CDS archive, without the agent; from then on an AOT cache, with it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#every")
    void aTrainedArchiveOfClassesIsUsed(Jdk jdk) throws Exception {
        boolean aot = jdk.feature() >= AOT_FEATURE;
        Path folder = Files.createTempDirectory(root, "trained");
        Path archive = folder.resolve("archive");
        Path jar = folder.resolve("app.jar");
        String classFile = OneTransfer.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(classFile));
            Files.copy(Artifacts.testClasses().resolve(classFile), out);
        }
        ServerProcess trained = transfer(jdk, jar, aot).jvm((aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive).run();
        assertEquals(0, trained.exitCode(), trained::toString);
        String[] use = aot ? new String[] {"-XX:AOTCache=" + archive, "-XX:AOTMode=on"}
                : new String[] {"-XX:SharedArchiveFile=" + archive, "-Xshare:on"};
        ServerProcess ran = transfer(jdk, jar, true).jvm(use).jvm("-Xlog:class+load").run();
        assertAll(ran.toString(),
                () -> assertEquals(0, ran.exitCode()),
                () -> assertTrue(ran.stdout().stream().anyMatch(line -> aot
                        ? line.contains(" io.readahead.transfer.") && line.contains("source: shared objects file")
                        : line.endsWith("source: shared objects file (top)")), "a class comes from the archive"),
                () -> assertTrue(ran.stats().parks() > 0, "parks"),
                () -> assertEquals(List.of(), ran.foreignStderr()));
        // The control: the other way round the JVM refuses.
        ServerProcess refused = aot ? transfer(jdk, jar, false).jvm(use).run()
                : transfer(jdk, jar, true).jvm("-XX:ArchiveClassesAtExit=" + folder.resolve("other")).run();
        assertEquals(1, refused.exitCode(), refused::toString);
    }

    private static ServerProcess.Builder transfer(Jdk jdk, Path jar, boolean agent) {
        ServerProcess.Builder program = ServerProcess.on(jdk).main(jar.toString(), OneTransfer.class.getName()).arguments(file.path());
        return agent ? program.agent(Artifacts.agentJar(), "packages=io.readahead.it.app").property("readahead.debug.stats", true)
                .property("readahead.debug.cold", DEBUG_COLD_MILLIS) : program;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void aServerThatReplacesSystemErrDoesNotTakeOurLinesForErrors(Jdk jdk) throws Exception {
        // The flag, for the JVM's own lines on dynamic loading go to System.err from JDK 21 on.
        try (ServerProcess server = ServerProcess.on(jdk).jvm("-XX:+EnableDynamicAgentLoading").property("readahead.debug.stats", true)
                .main(Artifacts.testClasses().toString(), ReplacedStderrApp.class.getName())
                .isReadyWhenStdoutSays(Pattern.compile(ReplacedStderrApp.READY)).start()) {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
            try {
                for (String options : List.of("", "detach", "", "threads=many")) {
                    machine.loadAgent(Artifacts.agentJar().toString(), options);
                }
            } finally {
                machine.detach();
            }
            server.stop();
            List<String> lines = server.agentStderr();
            assertAll(server.toString(),
                    () -> assertEquals(List.of(ReplacedStderrApp.ERROR + "the control", ReplacedStderrApp.READY), server.stdout()),
                    () -> assertEquals(4, lines.size()),
                    () -> assertTrue(lines.get(0).contains(" ACTIVE ") && lines.get(1).contains("DETACHED")
                            && lines.get(2).contains(" ACTIVE ") && lines.get(3).contains(" INACTIVE: threads=many")),
                    () -> assertEquals(0, server.stats().failures()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void nothingOfByteBuddyIsLoadedWhereThereIsNothingToWeave(Jdk jdk) throws Exception {
        assertEquals(List.of(), byteBuddyLoadedBy(jdk, "io.readahead.it.app.SecurityApp"));
        assertNotEquals(List.of(), byteBuddyLoadedBy(jdk, "io.readahead.it.app.CallSitesApp"), "the control: a call site is woven");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void theQuickerWayToCallLibcIsMadeWhenAFileHasBeenSent(Jdk jdk) throws Exception {
        try (ServerProcess server = NioServer.TWO_SELECTORS.builder(jdk, root, true, "").jvm("-Xlog:class+load").start()) {
            Callable<Boolean> made = () -> server.stdout().stream()
                    .anyMatch(line -> line.contains(" jdk.internal.foreign.abi.DowncallLinker "));
            assertFalse(made.call(), "the start costs no more than it must");
            assertServes(server, NioServer.TWO_SELECTORS.pathOf(file));
            if (jdk.feature() >= FOREIGN_FEATURE) {
                Await.until("it is made", made);
            }
            assertServes(server, NioServer.TWO_SELECTORS.pathOf(file));
            AgentHealth.afterStopOf(server);
        }
    }

    private static List<String> byteBuddyLoadedBy(Jdk jdk, String program) throws Exception {
        ServerProcess ended = ServerProcess.on(jdk).agent(Artifacts.agentJar(), "packages=io.readahead.it.woven").jvm("-Xlog:class+load")
                .main(Artifacts.testClasses().toString(), program).arguments(file.path(), Artifacts.testClasses()).run();
        assertTrue(ended.stdout().stream().anyMatch(line -> line.contains(" io.readahead.transfer.Transfers ")), ended::toString);
        return ended.stdout().stream().filter(line -> line.contains(" net.bytebuddy.")).toList();
    }

    private static void assertServes(ServerProcess server, String path) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            for (int request = 0; request < 2; request++) {
                Downloads.assertWhole(file, client.get(path), server);
            }
        }
    }
}
