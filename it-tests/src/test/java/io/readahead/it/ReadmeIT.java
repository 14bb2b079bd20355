package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What README.md has its readers type, typed as it stands there; and that its troubleshooting starts from the real messages. */
class ReadmeIT {

    private static final Pattern RUNNABLE = Pattern.compile("<!-- ReadmeIT runs this -->\n```\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MESSAGE_ROW = Pattern.compile("^\\| (`.*?`) \\| ", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(((?!http)[^)#]+)");
    private static final Pattern OPTION_ROW = Pattern.compile("^\\| `([a-z.]+)` \\| ", Pattern.MULTILINE);
    private static final Path README = Path.of(Artifacts.property("readahead.readme"));
    private static final long FILE_BYTES = 2 << 20;

    /** What a JDK prints by itself. */
    private static final List<String> OF_THE_JVM = List.of("WARNING: A Java agent has been loaded dynamically",
            "Could not find agent library instrument on the library path", "Module java.instrument may be missing from runtime image.",
            "Mismatched values for property jdk.module.addmods: java.instrument", "Unable to use AOT cache.",
            "Must enable AllowArchivingWithJavaAgent in order to run Java agent during CDS dumping");

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static String readme;

    @BeforeAll
    static void read() throws IOException {
        Requirement.linux().orSkip();
        readme = Files.readString(README);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void theCommandsDoWhatTheReadmeSays(Jdk jdk) throws Exception {
        TestFile file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
        Files.copy(Artifacts.agentJar(), root.resolve("readahead-agent.jar"), StandardCopyOption.REPLACE_EXISTING);
        List<String> blocks = RUNNABLE.matcher(readme).results().map(found -> found.group(1)).toList();
        assertEquals(3, blocks.size(), "blocks of commands that are marked to be run");
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            List<String> observed = blocks.get(0).lines().map(line -> run(jdk, server.pid(), line)).toList();
            assertTrue(observed.get(0).contains(" OBSERVING packages="), observed::toString);
            assertTrue(observed.get(1).contains("\nobserved "), observed::toString);
            List<String> said = new ArrayList<>();
            for (String line : blocks.get(1).lines().toList()) {
                said.add(run(jdk, server.pid(), line));
                if (line.contains(" attach ")) {
                    Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
                }
            }
            assertAll(String.join("\n---\n", said),
                    () -> assertTrue(said.get(0).contains(server.pid() + " ") && said.get(0).contains("jetty-file-server.jar"), "list"),
                    () -> assertTrue(said.get(1).contains(" ACTIVE packages="), "attach"),
                    () -> assertEquals(3, said.get(2).lines().count(), "top: a header, and a line a second"),
                    () -> assertTrue(said.get(3).contains("io.readahead.examples.jetty.FileSlice.transferTo"), "status has the call site"),
                    () -> assertTrue(said.get(4).contains("DETACHED, the server runs as without the agent"), "detach"));
        }
        String version = run(jdk, 0, blocks.get(2).strip());
        assertTrue(version.contains("Picked up JAVA_TOOL_OPTIONS") && version.contains(" ACTIVE packages="), version);
    }

    /** Types a line into a shell that finds this JDK first. @return all that it printed */
    private static String run(Jdk jdk, long pid, String line) {
        try {
            return runInShell(jdk, pid, line);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static String runInShell(Jdk jdk, long pid, String line) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", line).directory(root.toFile()).redirectErrorStream(true);
        shell.environment().put("PATH", jdk.java().getParent() + ":" + System.getenv("PATH"));
        shell.environment().put("PID", Long.toString(pid));
        Process process = shell.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> line + "\n" + output);
        return output;
    }

    @Test
    void troubleshootingStartsFromTheRealMessages() throws IOException {
        String source = agentSource();
        String section = readme.substring(readme.indexOf("## Troubleshooting"));
        List<String> messages = MESSAGE_ROW.matcher(section.substring(0, section.indexOf("\n## ", 1))).results()
                .flatMap(row -> CODE.matcher(row.group(1)).results()).map(code -> code.group(1)).toList();
        assertTrue(messages.size() > 10, messages::toString);
        List<String> unknown = messages.stream().filter(message -> !OF_THE_JVM.contains(message))
                .flatMap(message -> Stream.of(message.split("\\.\\.\\.|\\(\\)")))
                .map(part -> part.strip().replaceAll("^[:;,( ]+|[:;,) ]+$", "")).filter(part -> !part.isEmpty())
                .filter(part -> !source.contains(part)).toList();
        assertEquals(List.of(), unknown, "parts of messages that the agent never prints");
    }

    @Test
    void theOptionsTableHasEveryOptionAndEveryFileThatIsLinkedIsThere() throws Exception {
        String options = readme.substring(readme.indexOf("\n## Options"));
        List<String> rows = OPTION_ROW.matcher(options.substring(0, options.indexOf("\n## ", 1))).results()
                .map(row -> row.group(1)).toList();
        String usage = String.join("\n", run(Jdk.current(), 0, "java -jar " + Artifacts.agentJar()));
        List<String> inUsage = Pattern.compile("^  ([a-z.]+)=", Pattern.MULTILINE).matcher(usage).results()
                .map(key -> key.group(1)).toList();
        assertEquals(inUsage, rows, "the keys of the usage text, and of the README");
        Matcher links = LINK.matcher(readme);
        while (links.find()) {
            String link = links.group(1);
            assertTrue(Files.exists(Path.of(Artifacts.property("readahead.examples.dir")).resolveSibling(link)), () -> "linked: " + link);
        }
        assertFalse(rows.isEmpty());
    }

    /** The agent's sources, with texts that are written in parts put together. */
    private static String agentSource() throws IOException {
        Path sources = Path.of(Artifacts.property("readahead.examples.dir")).resolveSibling("agent/src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(path -> path.toString().endsWith(".java")).map(ReadmeIT::text).collect(Collectors.joining("\n"))
                    .replaceAll("\"\\s*\\+\\s*\"", "");
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
