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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** What README.md and its pages have their readers type, typed as it stands there; troubleshooting starts from the real messages. */
class ReadmeIT {

    private static final Pattern MESSAGE_ROW = Pattern.compile("^\\| (`.*?`) \\| ", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION_ROW = Pattern.compile("^\\| `([a-z.]+)` \\| ", Pattern.MULTILINE);
    private static final String RUNNER = "ReadmeIT";
    private static final long FILE_BYTES = 2 << 20;

    /** What a JDK prints by itself. */
    private static final List<String> OF_THE_JVM = List.of("WARNING: A Java agent has been loaded dynamically",
            "Could not find agent library instrument on the library path", "Module java.instrument may be missing from runtime image.",
            "Mismatched values for property jdk.module.addmods: java.instrument", "Unable to use AOT cache.",
            "Must enable AllowArchivingWithJavaAgent in order to run Java agent during CDS dumping",
            "ClassNotFoundException: io.readahead.agent.ReadaheadAgent");

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @BeforeAll
    static void require() {
        Requirement.linux().orSkip();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void theCommandsDoWhatTheReadmeSays(Jdk jdk) throws Exception {
        TestFile file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
        Files.copy(Artifacts.agentJar(), root.resolve("readahead-agent.jar"), StandardCopyOption.REPLACE_EXISTING);
        String readme = Documentation.readme();
        Map<String, String> said = new LinkedHashMap<>();
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            type(jdk, server, Documentation.commands(readme, RUNNER + ": see"), said);
            assertTrue(said.get("status $PID").contains("\nobserved "), said::toString);
            for (String line : Documentation.commands(readme, RUNNER + ": try").lines().toList()) {
                type(jdk, server, line, said);
                if (line.contains(" attach ")) {
                    Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
                }
            }
            assertAll(String.join("\n---\n", said.values()),
                    () -> assertTrue(said.get("list").contains(server.pid() + " "), "list"),
                    () -> assertTrue(said.get("list").contains("jetty-file-server.jar"), "list"),
                    () -> assertTrue(said.get("attach $PID mode=observe").contains(" OBSERVING packages=")),
                    () -> assertTrue(said.get("attach $PID mode=on").contains(" ACTIVE packages=")),
                    () -> assertEquals(3, said.get("top --batch --count 2 $PID").lines().count(), "top: a header, and a line a second"),
                    () -> assertTrue(said.get("status $PID").contains("io.readahead.examples.jetty.FileSlice.transferTo"), "call site"));
            type(jdk, server, Documentation.commands(readme, RUNNER + ": take off"), said);
            assertTrue(said.get("detach $PID").contains("DETACHED, the server runs as without the agent"), said::toString);
        }
        String version = run(jdk, 0, Documentation.commands(readme, RUNNER + ": roll out").strip());
        assertTrue(version.contains("Picked up JAVA_TOOL_OPTIONS") && version.contains(" ACTIVE packages="), version);
        Documentation.ofUsers().forEach((page, text) -> Documentation.blocks(text).stream()
                .filter(block -> block.runner().equals(RUNNER)).flatMap(block -> block.text().lines())
                .forEach(line -> assertTrue(said.containsKey(command(line)), () -> page + ": " + line)));
    }

    private static void type(Jdk jdk, ServerProcess server, String lines, Map<String, String> said) {
        lines.lines().forEach(line -> said.put(command(line), run(jdk, server.pid(), line)));
    }

    private static String command(String line) {
        return line.replace("java -jar readahead-agent.jar ", "");
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
        List<String> messages = MESSAGE_ROW.matcher(Documentation.page("troubleshooting")).results()
                .flatMap(row -> CODE.matcher(row.group(1)).results()).map(code -> code.group(1)).toList();
        assertTrue(messages.size() > 10, messages::toString);
        List<String> unknown = messages.stream().filter(message -> !OF_THE_JVM.contains(message))
                .flatMap(message -> Stream.of(message.split("\\.\\.\\.|\\(\\)")))
                .map(part -> part.strip().replaceAll("^[:;,( ]+|[:;,) ]+$", "")).filter(part -> !part.isEmpty())
                .filter(part -> !source.contains(part)).toList();
        assertEquals(List.of(), unknown, "parts of messages that the agent never prints");
    }

    @Test
    void theOptionsTableHasEveryOption() {
        List<String> rows = OPTION_ROW.matcher(Documentation.page("options")).results().map(row -> row.group(1)).toList();
        String usage = String.join("\n", run(Jdk.current(), 0, "java -jar " + Artifacts.agentJar()));
        List<String> inUsage = Pattern.compile("^  ([a-z.]+)=", Pattern.MULTILINE).matcher(usage).results()
                .map(key -> key.group(1)).toList();
        assertEquals(inUsage, rows, "the keys of the usage text, and of the page");
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
