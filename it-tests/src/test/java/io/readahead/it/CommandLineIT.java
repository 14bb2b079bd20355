package io.readahead.it;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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

/** What the commands say and refuse. Every refusal is one line that says what is needed, and exit code 1. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class CommandLineIT {

    private static final int TERMINAL_COLUMNS = 80;
    private static final long FILE_BYTES = 4 << 20;
    private static final long NO_SUCH_PROCESS = 4_194_304L;    // pid_max of 64-bit Linux

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

    @Test
    void aProcessThatIsNotThereOrNoJvmIsNamed() throws Exception {
        assertRefused("there is no process " + NO_SUCH_PROCESS, "status", NO_SUCH_PROCESS);
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            assertRefused("process " + sleep.pid() + " is not a JVM", "attach", sleep.pid());
            assertTrue(sleep.isAlive(), "and lives on");
        } finally {
            sleep.destroy();
        }
    }

    @Test
    void anotherUsersProcessIsRefused() throws Exception {
        Requirement.root().orSkip();
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            ServerProcess command = AgentCommand.runAs("nobody", jdk, "status", server.pid());
            assertEquals(1, command.exitCode(), command::toString);
            assertTrue(AgentCommand.said(command).contains("belongs to user 0"), command::toString);
        }
    }

    @Test
    void aJvmThatForbidsAttachingOrLoadingIsToldWithItsFlag() throws Exception {
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).jvm("-XX:+DisableAttachMechanism").start()) {
            assertRefused("-XX:+DisableAttachMechanism", "attach", server.pid());
            assertEquals(List.of(), server.stderr(), "and prints nothing");
        }
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).jvm("-XX:-EnableDynamicAgentLoading").start()) {
            assertRefused("-XX:-EnableDynamicAgentLoading", "attach", server.pid());
        }
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).environment("JAVA_TOOL_OPTIONS", "-XX:+DisableAttachMechanism")
                .start()) {
            assertRefused("-XX:+DisableAttachMechanism", "attach", server.pid());
            assertEquals(List.of("Picked up JAVA_TOOL_OPTIONS: -XX:+DisableAttachMechanism"), server.stderr(), "also by the environment");
        }
    }

    @Test
    void theAgentKeepsOutOfToolsAndOfItsOwnCommands() throws Exception {
        String option = "-javaagent:" + Artifacts.agentJar() + "=strict=true,threads=many";
        String picked = "Picked up JAVA_TOOL_OPTIONS: " + option;
        Path renamed = Files.copy(Artifacts.agentJar(), root.resolve("tools " + jdk.feature() + ".jar"));
        for (ServerProcess.Builder own : List.of(ServerProcess.on(jdk).jar(Artifacts.agentJar()), ServerProcess.on(jdk).jar(renamed),
                ServerProcess.on(jdk).main(renamed.toString(), "io.readahead.agent.Main"))) {
            ServerProcess version = own.arguments("--version").environment("JAVA_TOOL_OPTIONS", option).run();
            assertEquals(0, version.exitCode(), version::toString);
            assertEquals(List.of(picked), version.stderr(), version::toString);
        }
        ServerProcess keytool = ServerProcess.on(jdk).jvm("-Xlog:class+load", "-m", "java.base/sun.security.tools.keytool.Main")
                .environment("JAVA_TOOL_OPTIONS", option).run();
        assertEquals(0, keytool.exitCode(), keytool::toString);
        assertTrue(keytool.stdout().stream().anyMatch(line -> line.contains(" io.readahead.agent.HostProgram ")), keytool::toString);
        assertEquals(List.of(), keytool.stdout().stream().filter(line -> line.contains(" io.readahead.")
                && !line.contains(" io.readahead.agent.")).toList(), "classes of the agent besides its entry");
        assertEquals(List.of(picked), keytool.stderr().stream().filter(line -> line.contains("readahead")).toList(), keytool::toString);
        ProcessBuilder jcmd = new ProcessBuilder(jdk.java().resolveSibling("jcmd").toString(), "-h").redirectErrorStream(true);
        jcmd.environment().put("JAVA_TOOL_OPTIONS", option);
        Process told = jcmd.start();
        String said = new String(told.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, told.waitFor(), said);
        assertFalse(said.contains("INACTIVE"), said);
        ServerProcess program = JettyExample.withoutAgent(jdk, root).environment("JAVA_TOOL_OPTIONS", option).run();
        assertEquals(1, program.exitCode(), () -> "the control: a server is stopped; " + program);
    }

    @Test
    void aJarThatTheServerCantHaveIsNamedWithTheReason() throws Exception {
        Requirement.root().orSkip();
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "readahead-jars-");    // 0700
        Path jar = Files.copy(Artifacts.agentJar(), folder.resolve("a.jar"));
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        Path odd = Files.copy(Artifacts.agentJar(), folder.resolve("a=b.jar"));
        Path link = Files.createSymbolicLink(folder.resolve("a b,c.jar"), odd.getFileName());
        try (ServerProcess server = JettyExample.withoutAgent(jdk, Path.of("/usr")).jvm("-XX:-UsePerfData")
                .wrapper("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups").start()) {
            assertRefused("runs as user nobody, who can't read " + jar + ": " + folder + " shuts it out (rwx------, of user root)",
                    "attach", server.pid(), "--jar", jar);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
            assertRefused(": " + jar + " shuts it out (rw-------, of user root)", "attach", server.pid(), "--jar", jar);
            assertRefused(text + " is no jar", "attach", server.pid(), "--jar", text);
            assertRefused(folder + " is no jar", "attach", server.pid(), "--jar", folder);
            assertRefused("is no jar of this agent: the Agent-Class of its manifest is missing", "attach", server.pid(), "--jar",
                    Artifacts.jettyJar());
            assertRefused("there is no jar " + folder.resolve("x/a.jar") + ": " + folder.resolve("x") + " is missing", "attach",
                    server.pid(), "--jar", folder.resolve("x/a.jar"));
            assertRefused("has a '='", "attach", server.pid(), "--jar", odd);
            assertEquals(List.of(), server.stderr(), "the server was not even asked");
            Path relative = Path.of("").toAbsolutePath().relativize(link);
            ServerProcess attach = AgentCommand.run(jdk, "attach", server.pid(), "window=2m", "--jar", relative);
            assertTrue(AgentCommand.said(attach).contains(" ACTIVE ") && AgentCommand.said(attach).contains("window=2m"), attach::toString);
            assertEquals(link.toString(), AgentCommand.status(jdk, server.pid()).get("jar"));
            assertRefused(text + " is no jar", "detach", server.pid(), "--jar", text);
            ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid(), "--jar", link);
            assertTrue(AgentCommand.said(detach).contains("DETACHED"), detach::toString);
        } finally {
            for (Path left : List.of(jar, text, odd, link, folder)) {
                Files.deleteIfExists(left);
            }
        }
    }

    @Test
    void aPathThatTheServersLocaleCantWriteIsTheReason() throws Exception {
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).environment("LC_ALL", "C").start()) {
            // By a shell, for this JVM's own locale may not have that letter either.
            String folder = root.resolve("letters-" + jdk.feature()).toString();
            ServerProcess attach = inShell("export LC_ALL=C.UTF-8; mkdir '" + folder + "'; jar='" + folder + "'/$'j\\xc3\\xa4r.jar'; cp '"
                    + Artifacts.agentJar() + "' \"$jar\"; \"$@\" --jar \"$jar\"", "attach", server.pid());
            assertEquals(1, attach.exitCode(), attach::toString);
            assertTrue(attach.stderr().toString().contains("letters that are not ASCII"), attach::toString);
            Path plain = Files.copy(Artifacts.agentJar(), root.resolve("plain " + jdk.feature() + ".jar"));
            ServerProcess again = AgentCommand.run(jdk, "attach", server.pid(), "--jar", plain);
            assertTrue(AgentCommand.said(again).contains(" ACTIVE "), again::toString);
        }
    }

    @Test
    void aServerWithAnotherTmpIsNeverMadeToPrintItsThreads() throws Exception {
        Requirement.root().orSkip();
        Path inside = Files.createTempDirectory(Path.of("/var/tmp"), "readahead-root-");
        // Another root and its own /tmp, with our process ids; the mounts go with the process.
        String isolate = "mount --rbind / " + inside + " && mount -t tmpfs none " + inside + "/tmp && exec chroot " + inside
                + " \"$@\"";
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).wrapper("unshare", "--mount", "sh", "-c", isolate, "sh").start()) {
            ServerProcess status = AgentCommand.run(jdk, "status", server.pid());
            // JDKs differ in where they look: what must hold is that they say what is, or why not.
            assertTrue(status.exitCode() == 0 ? AgentCommand.said(status).contains("NONE") : status.stderr().size() == 1
                    && status.stderr().get(0).contains("process " + server.pid() + " has another /tmp than this command"),
                    status::toString);
            assertEquals(List.of(), server.stdout().stream().filter(line -> line.contains("Full thread dump")).toList(), server::toString);
        } finally {
            Files.deleteIfExists(inside);
        }
    }

    @Test
    void everyCommandNeedsLinux() throws Exception {
        for (List<Object> command : List.<List<Object>>of(List.of("list"), List.of("status", 1), List.of("attach", 1))) {
            ServerProcess refused = ServerProcess.on(jdk).property("os.name", "Plan 9").jar(Artifacts.agentJar())
                    .arguments(command.toArray()).run();
            assertEquals(1, refused.exitCode(), refused::toString);
            assertEquals(List.of("readahead: Linux is needed, this is Plan 9"), refused.stderr(), refused::toString);
        }
    }

    @Test
    void attachingAgainWithTheSameOptionsChangesNothing() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "window=512k").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            ServerProcess again = AgentCommand.run(jdk, "attach", server.pid(), "window=512k");
            assertEquals(0, again.exitCode(), again::toString);
            assertTrue(AgentCommand.said(again).contains("ACTIVE already, with these options; nothing was changed"), again::toString);
            Await.until("the counters went on", () -> Long.parseLong(AgentCommand.status(jdk, server.pid()).get("transfers")) > 0);
            ServerProcess other = AgentCommand.run(jdk, "attach", server.pid(), "window=1m");
            assertTrue(AgentCommand.said(other).contains("window=1m"), other::toString);
            assertEquals("0", AgentCommand.status(jdk, server.pid()).get("transfers"), "the control: other options start it anew");
        }
    }

    @Test
    void aServerInAContainerIsAttachedToFromTheHost() throws Exception {
        Requirement.root().orSkip();
        // What a container is to the JVM: its own process ids, its own mounts, its own /tmp. No jar of ours is seen from inside.
        Path inside = Files.createTempDirectory(Path.of("/var/tmp"), "readahead-container-");
        Path jetty = Files.copy(Artifacts.jettyJar(), inside.resolve("jetty.jar"));
        Path jar = inside.resolve("agent.jar");
        String isolate = "mount -t tmpfs none " + Artifacts.agentJar().getParent() + " && mount -t tmpfs none /tmp && exec \"$@\"";
        try (ServerProcess container = ServerProcess.on(jdk)
                .wrapper("unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "sh", "-c", isolate, "sh")
                .jvm("-Xmx256m").jar(jetty).arguments("--root", inside, "--host", "127.0.0.1", "--port", 0).start()) {
            ProcessHandle server = ProcessHandle.of(container.pid()).orElseThrow().children().findFirst().orElseThrow();
            try {
                assertEquals("NONE", AgentCommand.status(jdk, server.pid()).get("state"), "status loads nothing");
                assertRefused("sees another file system, without " + Artifacts.agentJar(), "attach", server.pid());
                Files.copy(Artifacts.agentJar(), Path.of("/proc/" + server.pid() + "/root" + jar));
                ServerProcess attach = AgentCommand.run(jdk, "attach", server.pid(), "--jar", jar);
                assertTrue(AgentCommand.said(attach).contains(" ACTIVE "), attach::toString);
                ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid());
                assertTrue(AgentCommand.said(detach).contains("DETACHED"), () -> "which knows the jar; " + detach);
            } finally {
                server.destroy();
                server.onExit().join();
            }
        } finally {
            for (Path left : List.of(jetty, jar, inside)) {
                Files.deleteIfExists(left);
            }
        }
    }

    @Test
    void attachingAgainChangesTheOptionsAndAWrongOneChangesNothing() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "window=512k").start()) {
            ServerProcess wrong = AgentCommand.run(jdk, "attach", server.pid(), "window=1");
            assertEquals(1, wrong.exitCode(), wrong::toString);
            assertTrue(AgentCommand.said(wrong).contains("window=1 is out of range"), wrong::toString);
            assertTrue(AgentCommand.said(wrong).contains("runs on with the options it had"), wrong::toString);
            ServerProcess right = AgentCommand.run(jdk, "attach", server.pid(), "window=2m");
            assertEquals(0, right.exitCode(), right::toString);
            assertTrue(AgentCommand.said(right).contains("window=2m"), right::toString);
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            assertEquals("ACTIVE", AgentCommand.status(jdk, server.pid()).get("state"));
        }
    }

    @Test
    void detachingWhereThereIsNothingSaysSo() throws Exception {
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            assertRefused("has no agent that could be taken off", "detach", server.pid());
            ServerProcess strict = AgentCommand.run(jdk, "attach", server.pid(), "strict=true,threads=many");
            assertTrue(AgentCommand.said(strict).contains("threads=many"), strict::toString);
            assertRefused("has no agent to look at", "top", server.pid());    // and it lives
        }
    }

    @Test
    void topFitsATerminalAndHasPlainLinesForAPipe() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "budget=64m").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            ServerProcess screen = AgentCommand.run(jdk, "top", server.pid(), "--count", 2);
            assertEquals(0, screen.exitCode(), screen::toString);
            List<String> lines = screen.stdout().stream().map(line -> line.replaceAll("\u001b\\[[0-9]*[A-Z]", "")).toList();
            assertAll(lines.stream().map(line -> () -> assertTrue(line.length() <= TERMINAL_COLUMNS, line)));
            for (String part : List.of(" /s ", "% sent at once", "parked ", " MB unsent of 64 MB", "file store ", "slowest reads ",
                    "io.readahead.examples.jetty.FileSlice.transferTo")) {
                assertTrue(lines.stream().anyMatch(line -> line.contains(part)), () -> part + " " + lines);
            }
            ServerProcess batch = AgentCommand.run(jdk, "top", server.pid(), "--batch", "--count", 2);
            assertEquals(3, batch.stdout().size(), batch::toString);
            assertTrue(batch.stdout().stream().noneMatch(line -> line.contains("\u001b")), batch::toString);
        }
    }

    @Test
    void whatCouldNotBeWrittenIsNoSuccess() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            for (String end : List.of("\"$@\" > /dev/full", "\"$@\" >&-")) {
                ServerProcess status = inShell(end, "status", "--json", server.pid());
                assertEquals(1, status.exitCode(), status::toString);
                assertTrue(status.stderr().toString().contains("stdout can't be written to"), status::toString);
            }
            ServerProcess top = inShell("set -o pipefail; \"$@\" | head -n 2", "top", "--batch", server.pid());
            assertEquals(2, top.stdout().size(), "and it ended: " + top);
            assertEquals(1, top.exitCode(), top::toString);
        }
    }

    @Test
    void aWrongCommandLineIsToldFromWhatCantBeDone() throws Exception {
        for (Object[] wrong : new Object[][] {{"status"}, {"status", "me"}, {"nothing"}, {"top", "--count", "0", 1},
            {"top", "--interval", "0", 1}, {"attach", 1, "mode=on", "more"}}) {
            ServerProcess command = AgentCommand.run(jdk, wrong);
            assertEquals(2, command.exitCode(), command::toString);
            assertFalse(command.stderr().isEmpty(), command::toString);
        }
    }

    @Test
    void takingItOffWhileTheJvmEndsIsNoError() throws Exception {
        Path program = Files.writeString(root.resolve("Ending" + jdk.feature() + ".java"), """
                class Ending {
                    public static void main(String[] arguments) {
                        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                            try {
                                Class.forName("io.readahead.agent.ReadaheadAgent")
                                        .getMethod("agentmain", String.class, java.lang.instrument.Instrumentation.class)
                                        .invoke(null, "detach", null);
                            } catch (ReflectiveOperationException e) {
                                e.printStackTrace();
                            }
                        }));
                    }
                }
                """);
        for (String options : List.of("packages=x", "packages=x,mode=observe")) {
            ServerProcess ended = ServerProcess.on(jdk).jvm("-javaagent:" + Artifacts.agentJar() + "=" + options, program.toString()).run();
            assertEquals(0, ended.exitCode(), ended::toString);
            assertTrue(ended.stderr().stream().anyMatch(line -> line.contains("DETACHED")), ended::toString);
            assertTrue(ended.stderr().stream().noneMatch(line -> line.contains("Exception")), ended::toString);
        }
    }

    private ServerProcess inShell(String line, Object... arguments) throws Exception {
        return ServerProcess.on(jdk).wrapper("bash", "-c", line, "bash").jar(Artifacts.agentJar()).arguments(arguments).run();
    }

    @Test
    void statusIsOneJsonObjectForScripts() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            Await.until("the figures of the download are there",
                    () -> Long.parseLong(AgentCommand.status(jdk, server.pid()).get("warmupBytes")) >= FILE_BYTES);
            JsonObject json = strictly(AgentCommand.run(jdk, "status", server.pid(), "--json").stdout());
            JsonObject site = json.getAsJsonArray("callSites").get(0).getAsJsonObject();
            JsonObject store = json.getAsJsonArray("stores").get(0).getAsJsonObject();
            JsonObject slowest = json.getAsJsonArray("slowestReads").get(0).getAsJsonObject();
            assertAll(json.toString(),
                    () -> assertEquals(server.pid(), json.get("pid").getAsLong()),
                    () -> assertEquals("ACTIVE", json.get("state").getAsString()),
                    () -> assertEquals("io.readahead.examples.jetty.FileSlice.transferTo", site.get("site").getAsString()),
                    () -> assertTrue(site.get("cold").getAsLong() > 0, "cold calls"),
                    () -> assertTrue(store.get("readBytes").getAsLong() >= FILE_BYTES, "bytes of the file store"),
                    () -> assertEquals(store.get("store"), slowest.get("store"), "the slowest read was of that store"),
                    () -> assertTrue(slowest.get("micros").getAsLong() >= json.get("readMicrosP50").getAsLong() / 2, "and slow"));
        }
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).start()) {
            JsonObject json = strictly(AgentCommand.run(jdk, "status", server.pid(), "--json").stdout());
            assertEquals("NONE", json.get("state").getAsString());
            assertEquals(0, json.getAsJsonArray("stores").size());
        }
    }

    @Test
    void listShowsTheJvmAndWhichJarCallsTransferTo() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            ServerProcess list = AgentCommand.run(jdk, "list");
            assertTrue(list.stdout().stream().anyMatch(line -> line.startsWith(server.pid() + " ") && line.contains("ACTIVE")
                    && line.contains("jetty-file-server.jar")), list::toString);
        }
    }

    private static JsonObject strictly(List<String> lines) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(String.join("\n", lines)));
        reader.setStrictness(Strictness.STRICT);
        JsonObject object = new Gson().getAdapter(JsonObject.class).read(reader);
        assertEquals(JsonToken.END_DOCUMENT, reader.peek(), "one object and nothing behind it");
        return object;
    }

    private void assertRefused(String reason, Object... arguments) throws Exception {
        ServerProcess command = AgentCommand.run(jdk, arguments);
        assertEquals(1, command.exitCode(), command::toString);
        assertEquals(List.of(), command.stdout().stream().filter(line -> !line.contains("\u001b")).toList(), command::toString);
        assertEquals(1, command.stderr().size(), command::toString);
        assertTrue(command.stderr().get(0).startsWith("readahead: ") && command.stderr().get(0).contains(reason), command::toString);
    }
}
