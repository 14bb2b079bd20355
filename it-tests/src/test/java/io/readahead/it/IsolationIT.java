package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The application can't see what the agent is made with, and its own copies of that, of any version, go on working. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class IsolationIT {

    @Parameter
    private Jdk jdk;

    @Test
    void theApplicationsOwnCopiesWork() throws Exception {
        ServerProcess program = run(true, "uses", Artifacts.oldByteBuddyJar() + ":" + Artifacts.oldJnaJar() + ":");
        assertEquals(Lines.of(run(false, "uses", Artifacts.oldByteBuddyJar() + ":" + Artifacts.oldJnaJar() + ":")), Lines.of(program),
                "with the agent as without");
        assertEquals(Map.of("byte-buddy.from", Artifacts.oldByteBuddyJar().toString(), "byte-buddy.made", "true", "jna.from",
                Artifacts.oldJnaJar().toString(), "jna.version", Artifacts.property("readahead.old.jna.version"), "jna.getpid", "true"),
                Lines.of(program), program::toString);
        assertEquals(List.of(), program.foreignStderr(), program::toString);
    }

    @Test
    void theApplicationSeesNoCopyOfOurs() throws Exception {
        ServerProcess program = run(true, "misses", "");
        Lines.of(program).forEach((name, value) -> {
            if (name.startsWith("sees.")) {
                assertEquals("false", value, () -> name + " " + program);
            } else if (name.startsWith("resource.")) {
                assertEquals("null", value, () -> name + " " + program);
            }
        });
        assertEquals("visible visible", Lines.of(program).get("agent.entry"), "the entry's loader is among those that were asked");
        assertEquals(List.of(), program.foreignStderr(), program::toString);
    }

    private ServerProcess run(boolean agent, String argument, String libraries) throws Exception {
        // Its own JNA, not ours, loads a library from the class path: JDK 24 and later warn of that.
        ServerProcess.Builder program = ServerProcess.on(jdk).jvm("--enable-native-access=ALL-UNNAMED");
        if (agent) {
            program.agent(Artifacts.agentJar(), "");
        }
        return program.main(libraries + Artifacts.testClasses(), "io.readahead.it.app.IsolationApp").arguments(argument).run();
    }
}
