package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * However often it is attached and taken off again, the server holds no more than after the first time; and what is attached is what runs,
 * whichever jar was there before.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class AttachAgainIT {

    private static final int TIMES = 5;
    private static final long FILE_BYTES = 2 << 20;

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

    @AfterEach
    void removeJars() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(root, "*.jar")) {
            for (Path jar : jars) {
                Files.delete(jar);
            }
        }
    }

    @Test
    void attachingOnceMoreCostsNoDescriptor() throws Exception {
        // The JDK's own caches of reflection hold classes softly; without patience of theirs one collection is enough.
        try (ServerProcess server = JettyExample.EVENT_LOOP.builder(jdk, root).jvm("-XX:SoftRefLRUPolicyMSPerMB=0").start()) {
            attachAndDetach(server);
            List<String> once = descriptors(server);
            for (int time = 0; time < TIMES; time++) {
                attachAndDetach(server);
            }
            Await.until("there are no more descriptors than after the first time, " + once,
                    () -> descriptors(server).size() <= once.size(), () -> descriptors(server));
        }
    }

    @Test
    void theVersionThatIsAttachedIsTheOneThatRuns() throws Exception {
        Path second = AgentBuilds.version("2.0.0", root.resolve("agent-2,0 100%.jar"));
        Path bridge = AgentBuilds.withAnotherBridge("3.0.0", root.resolve("agent-3.0.jar"));
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start()) {
            ServerProcess unknown = by(second, "attach", server.pid());
            assertEquals(0, unknown.exitCode(), unknown::toString);
            assertTrue(AgentCommand.said(unknown).contains(" 2.0.0 ACTIVE packages="), unknown::toString);
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            Map<String, String> status = AgentCommand.freshStatus(server.pid());
            assertEquals(second.toString(), status.get("jar"));
            assertNotEquals("0", status.get("parks"), "and works");
            ServerProcess refused = by(bridge, "attach", server.pid());
            assertEquals(1, refused.exitCode(), refused::toString);
            assertTrue(AgentCommand.said(refused).contains(" 3.0.0 INACTIVE: ")
                    && AgentCommand.said(refused).contains("restart the server")
                    && AgentCommand.said(refused).contains("runs on with the options it had"), refused::toString);
            assertEquals("2.0.0", AgentCommand.freshStatus(server.pid()).get("version"));
            // The JVM's own command tells the agent no path, and two were loaded.
            assertTrue(Jcmd.run(jdk, server.pid(), "JVMTI.agent_load", "\"" + second + "\"").contains("return code: 0"), "jcmd");
            Await.until("it is refused in the log, with both paths", () -> server.agentStderr().stream().anyMatch(
                    line -> line.contains("which is meant") && line.contains(second.toString()) && line.contains("goes on as it was")),
                    server::toString);
            assertTrue(AgentCommand.said(by(Artifacts.agentJar(), "detach", server.pid())).contains("DETACHED"), "by any jar");
            assertTrue(AgentCommand.said(by(Artifacts.agentJar(), "attach", server.pid())).contains(" ACTIVE packages="),
                    "the first again");
            assertEquals(Artifacts.agentJar().toString(), AgentCommand.freshStatus(server.pid()).get("jar"));
        }
    }

    @Test
    void aJarThatIsGoneOrWrittenOverKeepsNobodyFromDetaching() throws Exception {
        Path first = Files.copy(Artifacts.agentJar(), root.resolve("agent.jar"));
        Path other = AgentBuilds.version("2.0.0", root.resolve("other.jar"));
        try (ServerProcess server = JettyExample.withoutAgent(jdk, root).agent(first, "").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            Files.delete(first);
            ServerProcess gone = by(other, "detach", server.pid());
            assertEquals(0, gone.exitCode(), gone::toString);
            assertTrue(AgentCommand.said(gone).contains("DETACHED"), gone::toString);
            assertTrue(AgentCommand.said(by(other, "attach", server.pid())).contains(" 2.0.0 ACTIVE "), "another jar takes its place");
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            Files.write(other, Files.readAllBytes(Artifacts.agentJar()));    // in its place, as cp does
            ServerProcess over = by(other, "attach", server.pid());
            assertTrue(AgentCommand.said(over).contains(" ACTIVE packages=") && !AgentCommand.said(over).contains("2.0.0"), over::toString);
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            assertTrue(AgentCommand.said(by(other, "detach", server.pid())).contains("DETACHED"), "and that one is taken off");
            assertTrue(server.agentStderr().stream().noneMatch(line -> line.contains("NoClassDef") || line.contains("detaching")),
                    server::toString);
        }
    }

    /** Runs a command of another jar. */
    private ServerProcess by(Path jar, Object... arguments) throws Exception {
        return ServerProcess.on(jdk).jar(jar).arguments(arguments).run();
    }

    private static void attachAndDetach(ServerProcess server) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
        try {
            machine.loadAgent(Artifacts.agentJar().toString(), "");
            String answer = machine.getAgentProperties().getProperty("readahead.answer", "");
            assertTrue(answer.contains(" ACTIVE "), answer);
            machine.loadAgent(Artifacts.agentJar().toString(), "detach");
        } finally {
            machine.detach();
        }
    }

    /** Those of a class loader are closed when it is collected. */
    private List<String> descriptors(ServerProcess server) throws IOException, InterruptedException {
        new ProcessBuilder(jdk.java().resolveSibling("jcmd").toString(), Long.toString(server.pid()), "GC.run")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        return ProcessCounts.descriptors(server.pid());
    }
}
