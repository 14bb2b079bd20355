package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the commands say and refuse. Every refusal is one line that says what is needed, and exit code 1. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#every")
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
            assertRefused("has no agent to look at", "top", server.pid());
        }
    }

    @Test
    void topFitsATerminalAndHasPlainLinesForAPipe() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            ServerProcess screen = AgentCommand.run(jdk, "top", server.pid(), "--count", 2);
            assertEquals(0, screen.exitCode(), screen::toString);
            List<String> lines = screen.stdout().stream().map(line -> line.replaceAll("\u001b\\[[0-9]*[A-Z]", "")).toList();
            assertAll(lines.stream().map(line -> () -> assertTrue(line.length() <= TERMINAL_COLUMNS, line)));
            assertTrue(lines.stream().anyMatch(line -> line.contains("io.readahead.examples.jetty.FileSlice.transferTo")), lines::toString);
            ServerProcess batch = AgentCommand.run(jdk, "top", server.pid(), "--batch", "--count", 2);
            assertEquals(3, batch.stdout().size(), batch::toString);
            assertTrue(batch.stdout().stream().noneMatch(line -> line.contains("\u001b")), batch::toString);
        }
    }

    @Test
    void statusIsOneJsonObjectForScripts() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            String json = String.join("\n", AgentCommand.run(jdk, "status", server.pid(), "--json").stdout());
            assertTrue(json.startsWith("{") && json.endsWith("}"), json);
            assertTrue(json.contains("\"state\": \"ACTIVE\"") && json.contains("\"pid\": " + server.pid()), json);
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

    private void assertRefused(String reason, Object... arguments) throws Exception {
        ServerProcess command = AgentCommand.run(jdk, arguments);
        assertEquals(1, command.exitCode(), command::toString);
        assertEquals(List.of(), command.stdout().stream().filter(line -> !line.contains("\u001b")).toList(), command::toString);
        assertEquals(1, command.stderr().size(), command::toString);
        assertTrue(command.stderr().get(0).startsWith("readahead: ") && command.stderr().get(0).contains(reason), command::toString);
    }
}
