package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** However often it is attached and taken off again, the server holds no more than after the first time. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class AttachAgainIT {

    private static final int TIMES = 5;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void onLinux() {
        Requirement.linux().orSkip();
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
