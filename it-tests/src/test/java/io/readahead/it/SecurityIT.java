package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the agent opens to others: no port, no file, and nothing of the JDK to the application. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class SecurityIT {

    private static final long FILE_BYTES = 2 << 20;
    private static final int JDK_THAT_ASKS_FOR_NATIVE_ACCESS = 22;
    private static final String NATIVE_HALF = "libjnidispatch.so (deleted)";

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

    /** A server after a cold download, with folders of its own to write to. */
    private final class Served implements AutoCloseable {

        private final Path folder = Files.createTempDirectory(root, "served");
        private final Path temporary = Files.createDirectory(folder.resolve("tmp"));
        private final Path home = Files.createDirectory(folder.resolve("home"));
        private final ServerProcess server;

        Served(boolean agent, String options) throws Exception {
            server = NioServer.TWO_SELECTORS.builder(jdk, root, agent, options.replace("FOLDER", folder.toString())).jvm("-XX:-UsePerfData")
                    .property("java.io.tmpdir", temporary).property("user.home", home).start();
            file.evict();
            try (RawHttp client = RawHttp.connect(server)) {
                Downloads.assertWhole(file, client.get(NioServer.TWO_SELECTORS.pathOf(file)), server);
            }
        }

        /** What is in its folders, and what regular files it has open for writing elsewhere. */
        List<String> written() throws IOException {
            try (Stream<Path> found = Files.walk(folder)) {
                return Stream.concat(found.filter(path -> !path.equals(folder) && !path.equals(temporary) && !path.equals(home))
                        .map(path -> folder.relativize(path).toString()), openForWriting().stream()).sorted().toList();
            }
        }

        private List<String> openForWriting() throws IOException {
            if (!server.isAlive()) {
                return List.of();
            }
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + server.pid() + "/fdinfo"))) {
                return descriptors.filter(this::isFileOpenForWriting).map(path -> "descriptor " + path.getFileName()).toList();
            }
        }

        private boolean isFileOpenForWriting(Path info) {
            try {
                String flags = Files.readAllLines(info).stream().filter(line -> line.startsWith("flags:")).findFirst().orElse("flags: 0");
                // O_ACCMODE of fcntl.h; 0 is O_RDONLY.
                return (Long.parseLong(flags.replaceAll("[^0-7]", ""), 8) & 3) != 0
                        && Files.isRegularFile(info.resolveSibling("../fd/" + info.getFileName()));
            } catch (IOException closedSince) {
                return false;
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Test
    void noPortIsOpened() throws Exception {
        try (Served without = new Served(false, ""); Served with = new Served(true, "")) {
            assertEquals(1, ProcessCounts.listeners(without.server.pid()).size(), "the control: the server's own");
            assertEquals(1, ProcessCounts.listeners(with.server.pid()).size(), () -> with.server.toString());
            assertParked(with);
        }
    }

    @Test
    void noFileIsWrittenButTheLog() throws Exception {
        try (Served with = new Served(true, "")) {
            assertEquals(List.of(), with.written(), () -> with.server.toString());
            assertParked(with);
            assertEquals(List.of(), with.written(), "after its end");
        }
        try (Served logged = new Served(true, "log=FOLDER/agent.log")) {
            assertEquals(List.of("agent.log"), logged.written(), "the control: what is written is seen");
        }
    }

    @Test
    void whatIsUnpackedIsPrivateAndGoneWhileItIsStillInUse() throws Exception {
        Requirement.root().orSkip();
        try (Served with = new Served(true, "")) {
            String mapping = Files.readAllLines(Path.of("/proc/" + with.server.pid() + "/maps")).stream()
                    .filter(line -> line.endsWith(NATIVE_HALF)).findFirst().orElseThrow();
            assertTrue(mapping.contains(with.temporary.toString()), mapping);
            // The link leads to the file itself, which has no name any more.
            Path mapped = Path.of("/proc/" + with.server.pid() + "/map_files/" + mapping.split(" ")[0]);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(mapped)), mapping);
            assertEquals(0, Files.getAttribute(mapped, "unix:nlink"), "names that it has");
        }
    }

    @Test
    void theApplicationIsRefusedWhatItWasRefusedWithoutTheAgent() throws Exception {
        Map<String, String> without = tried(false);
        Map<String, String> with = tried(true);
        assertEquals("InaccessibleObjectException", with.get("try.bridge"), "the agent's hooks can't be replaced");
        assertEquals("InaccessibleObjectException", with.get("try.bridge.hooks"));
        for (Map<String, String> tries : List.of(without, with)) {
            tries.keySet().removeIf(name -> name.startsWith("try.bridge"));
            assertFalse(tries.containsValue("allowed"), tries::toString);
            assertTrue(tries.size() >= 9, tries::toString);
        }
        assertEquals(without, with, "neither more nor less, and no system property");
    }

    @Test
    void controlWhatIsOpenedToTheApplicationIsSeen() throws Exception {
        Map<String, String> opened = tried(true, "--add-opens=java.base/java.nio.channels=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");
        for (String name : List.of("java.lang", "private-lookup", "define-class", "bridge", "bridge.hooks")) {
            assertEquals("allowed", opened.get("try." + name), () -> name + " " + opened);
        }
        if (jdk.feature() >= JDK_THAT_ASKS_FOR_NATIVE_ACCESS) {
            assertEquals("allowed", opened.get("try.native-access"), opened::toString);
        }
    }

    private Map<String, String> tried(boolean agent, String... jvmOptions) throws Exception {
        ServerProcess.Builder program = ServerProcess.on(jdk).jvm(jvmOptions);
        if (agent) {
            program.agent(Artifacts.agentJar(), "");
        }
        ServerProcess ended = program.main(Artifacts.testClasses().toString(), "io.readahead.it.app.SecurityApp").run();
        assertEquals(agent ? 1 : 0, ended.agentStderr().stream().filter(line -> line.contains(" ACTIVE ")).count(), ended::toString);
        return new TreeMap<>(Lines.of(ended));
    }

    private static void assertParked(Served with) {
        assertTrue(AgentHealth.afterStopOf(with.server).parks() > 0, () -> "the agent worked, or nothing is proved; " + with.server);
    }
}
