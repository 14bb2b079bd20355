package io.readahead.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which JVMs the agent has no business in. Properties as JDK 17 and 25 set them. */
class HostProgramTest {

    private static final String COMMANDS = "io.readahead.agent.Main";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "true,  java.base/sun.security.tools.keytool.Main -list, java.base, ''",
        "true,  jdk.jcmd/sun.tools.jcmd.JCmd 12 VM.version, jdk.jcmd, ''",
        "true,  jdk.compiler/com.sun.tools.javac.Main A.java, jdk.compiler, ''",
        "true,  java.scripting/com.sun.tools.script.shell.Main, java.scripting, ''",
        "true,  jdk.jshell/jdk.internal.jshell.tool.JShellToolProvider, jdk.jshell, ''",
        "true,  jdk.jshell.execution.RemoteExecutionControl 41234, , ''",
        "true,  io.readahead.agent.Main status 12, , /opt/a.jar",
        "true,  io/readahead/agent/Main status 12, , /opt/a.jar",
        "true,  readahead.agent/io.readahead.agent.Main status 12, readahead.agent, ''",
        "false, jdk.compiler/com.sun.tools.javac.launcher.Main Server.java, , .",
        "false, jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Server.java, , .",
        "false, com.example.Server io.readahead.agent.Main, , /opt/a.jar",
        "false, com.example.server/com.example.server.Main, com.example.server, ''",
        "false, com.example.server, com.example.server, ''",
        "false, jdkserver/a.Main, jdkserver, ''",
        "false, javax.server/a.Main, javax.server, ''",
        "false, , , ''",
        "false, '', , ''",
        "false, , , /opt/a.jar"})
    void aToolIsToldFromAServer(boolean tool, String command, String mainModule, String classPath) {
        assertEquals(tool, new HostProgram(command, mainModule, classPath).isTool());
    }

    @Test
    void ourJarIsKnownByItsManifestWhateverItsName() throws IOException {
        Path ours = jar("tools of ours.jar", COMMANDS);
        Path server = jar("readahead-agent.jar", "com.example.Server");
        assertTrue(new HostProgram(ours + " status 12", null, ours.toString()).isTool());
        assertTrue(new HostProgram(ours.toString(), null, ours + ":/opt/readahead-agent.jar").isTool(), "with an agent behind it");
        assertFalse(new HostProgram(server + " status 12", null, server.toString()).isTool(), "the name alone says nothing");
        assertFalse(new HostProgram("com.example.Server", null, ours.toString()).isTool(), "a server that has our jar on its class path");
        assertFalse(new HostProgram(server + " x", null, server + ":" + ours).isTool(), "a server with the agent");
    }

    @Test
    void whatCantBeReadIsAServer() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        for (Path path : new Path[] {text, folder, folder.resolve("missing.jar"), jar("without.jar", null)}) {
            assertFalse(new HostProgram(path.toString(), null, path.toString()).isTool(), path::toString);
        }
    }

    private Path jar(String name, String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (mainClass != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.flush();
        }
        return jar;
    }
}
