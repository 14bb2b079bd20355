package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which call sites are woven, whatever loads their class, which classes are not touched, and what a woven call does at its edges. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class CallSitesIT {

    /** More than the buffers of two sockets hold. */
    private static final long FILE_BYTES = 12 << 20;
    private static final String EDGE_CASE = "plain.";

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;
    private static Path recorder;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void prepare() throws IOException {
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
        recorder = root.resolve("recorder.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "io.readahead.it.app.ByteRecorder");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        new JarOutputStream(Files.newOutputStream(recorder), manifest).close();
    }

    @Test
    void callsInTheNamedPackagesAreWovenAndNoOthers() throws Exception {
        ServerProcess program = run(true, "");
        Map<String, String> lines = Lines.of(program);
        String woven = "woven " + FILE_BYTES + " right";
        assertAll(program.toString(),
                () -> assertEquals(woven, lines.get("system"), "by the system loader"),
                () -> assertEquals(woven, lines.get("url"), "by a webapp-like loader"),
                () -> assertEquals(woven, lines.get("folder"), "by a loader that sees java.* only"),
                () -> assertEquals(woven, lines.get("incomplete"), "in a class that names a type that isn't there"),
                () -> assertEquals("named", lines.get("module.name")),
                () -> assertEquals(woven, lines.get("module"), "in a named module"),
                () -> assertEquals(woven, lines.get("subclass"), "on a subclass of FileChannel"),
                () -> assertEquals("plain " + FILE_BYTES + " right", lines.get("plain"), "outside of the packages"),
                () -> assertEquals("plain", lines.get("notafile"), "of a class that is no FileChannel"),
                () -> assertEquals("4711", lines.get("notafile.result")),
                () -> assertEquals(List.of(), program.foreignStderr()),
                () -> assertEquals(0, program.stats().failures(), "failures"),
                () -> assertTrue(program.stats().transfers() > 0, "transfers"));
    }

    @Test
    void controlWithoutTheAgentNothingIsWoven() throws Exception {
        Map<String, String> lines = Lines.of(run(false, ""));
        lines.values().forEach(value -> assertFalse(value.startsWith("woven"), lines::toString));
        bytes(lines).forEach((name, bytes) -> assertEquals("same", bytes, name));
    }

    @Test
    void classesOutsideOfThePackagesKeepTheirBytes() throws Exception {
        Map<String, String> bytes = bytes(Lines.of(run(true, "")));
        assertEquals("changed", bytes.get("io.readahead.it.woven.Sender"), bytes::toString);
        assertEquals("same", bytes.get("io.readahead.it.woven.NotAFile"), "in the packages, but without a call on a FileChannel");
        bytes.forEach((name, state) -> {
            if (!name.startsWith("io.readahead.it.woven.")) {
                assertEquals("same", state, name);
            }
        });
        assertTrue(bytes.containsKey("io.readahead.it.plain.Sender"), bytes::toString);
    }

    @Test
    void aSingleClassCanBeNamedAndAWildcardCan() throws Exception {
        assertEquals("woven " + FILE_BYTES + " right", Lines.of(run("packages=io.readahead.it.woven.Sender", "")).get("system"));
        assertEquals("plain " + FILE_BYTES + " right", Lines.of(run("packages=io.readahead.it.woven.SubclassSender", "")).get("system"));
        assertEquals("woven " + FILE_BYTES + " right", Lines.of(run("packages=*.it.woven", "")).get("system"));
        assertEquals("plain " + FILE_BYTES + " right", Lines.of(run("packages=*.it.wove", "")).get("system"), "half a name");
    }

    @Test
    void atItsEdgesAWovenCallDoesWhatAPlainOneDoes() throws Exception {
        assertEdges(run(true, ""), run(false, ""));
    }

    @Test
    void alsoWhenEverythingIsCold() throws Exception {
        ServerProcess program = run(true, "-Dreadahead.debug.cold=5");
        assertEdges(program, run(false, ""));
        AgentStats stats = program.stats();
        assertTrue(stats.blockingWaits() > 0, () -> "nothing waited, so nothing was cold and nothing is proved: " + stats);
    }

    private static void assertEdges(ServerProcess program, ServerProcess control) {
        Map<String, String> with = Lines.of(program);
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> woven = new TreeMap<>();
        Lines.of(control).forEach((name, outcome) -> {
            if (name.startsWith(EDGE_CASE)) {
                String edge = name.substring(EDGE_CASE.length());
                expected.put(edge, outcome);
                woven.put(edge, with.get("woven." + edge));
            }
        });
        assertEquals(expected, woven, program::toString);
        assertAll("the cases are what they are named for",
                () -> assertEquals("java.lang.NullPointerException", expected.get("null-receiver")),
                () -> assertEquals("java.nio.channels.ClosedChannelException", expected.get("closed-channel")),
                () -> assertEquals("java.lang.IllegalArgumentException", expected.get("negative-position")),
                () -> assertEquals("java.util.NoSuchElementException", expected.get("throwing-target")),
                () -> assertEquals("0", expected.get("position-past-end")),
                () -> assertEquals("0", expected.get("zero-count")),
                () -> assertEquals("1000 1000 1000 true", expected.get("file-target")),
                () -> assertEquals("true", expected.get("blocking-socket-whole")));
        assertEquals(0, program.stats().failures(), program::toString);
    }

    private ServerProcess run(boolean agent, String jvmOption) throws Exception {
        return run(agent ? "packages=io.readahead.it.woven" : null, jvmOption);
    }

    private ServerProcess run(String agentOptions, String jvmOption) throws Exception {
        ServerProcess.Builder program = ServerProcess.on(jdk).property("readahead.debug.stats", true);
        if (agentOptions != null) {
            program.agent(Artifacts.agentJar(), agentOptions);
        }
        if (!jvmOption.isEmpty()) {
            program.jvm(jvmOption);
        }
        return program.agent(recorder, "").main(Artifacts.testClasses().toString(), "io.readahead.it.app.CallSitesApp")
                .arguments(file.path(), Artifacts.testClasses()).run();
    }

    private static Map<String, String> bytes(Map<String, String> lines) {
        Map<String, String> bytes = new TreeMap<>();
        lines.forEach((name, value) -> {
            if (name.startsWith("bytes.")) {
                bytes.put(name.substring("bytes.".length()), value);
            }
        });
        return bytes;
    }
}
