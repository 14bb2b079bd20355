package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
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

/** The agent's MBean, as a console sees it from outside; and that nobody pays for it who doesn't ask for it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class JmxIT {

    private static final long FILE_BYTES = 4 << 20;
    private static final int COLD_MILLIS = 20;
    private static final String SITE = "io.readahead.examples.jetty.FileSlice.transferTo";
    private static final String APP = "io.readahead.it.app.ManagementApp";

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
    void aConsoleReadsEverythingAndCanChangeNothingButPercentiles() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").property("readahead.debug.cold", COLD_MILLIS).start();
                JmxConsole console = JmxConsole.of(server)) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file));
            Await.until("the bean is there", console::hasBean);
            Await.until("nothing is parked", () -> console.number("ParkedNow") == 0);
            Map<String, Object> attributes = console.attributes();
            MBeanInfo info = console.info();
            assertAll(attributes.toString(),
                    () -> assertTrue(console.number("Parks") > 0, "parks"),
                    () -> assertTrue(console.number("WarmupBytes") >= FILE_BYTES, "bytes read ahead"),
                    () -> assertEquals(0, console.number("Failures"), "failures"),
                    () -> assertTrue(console.number("ParkMicrosP50") >= COLD_MILLIS * 1000 / 2, "a park took as long as its readahead"),
                    () -> assertTrue(console.number("ParkMicrosP50") <= console.number("ParkMicrosP99")
                            && console.number("ParkMicrosP99") <= console.number("ParkMicrosMax"), "percentiles rise"),
                    () -> assertTrue(console.number("ParkMicrosTotal") >= console.number("ParkMicrosMax"), "sum of all parks"),
                    () -> assertTrue(console.numbers("CallSiteColdCalls").get(SITE) > 0, "cold calls of the call site"),
                    () -> assertEquals(console.number("WarmupBytes"),
                            console.numbers("StoreReadBytes").values().stream().mapToLong(Long::longValue).sum(), "all stores"),
                    () -> assertFalse(attributes.toString().contains(root.toString()), "no path"),
                    () -> assertTrue(Arrays.stream(info.getAttributes()).noneMatch(MBeanAttributeInfo::isWritable), "read-only"),
                    () -> assertTrue(Arrays.stream(info.getAttributes()).noneMatch(one -> one.getDescription().equals(one.getName())),
                            "each attribute is described"),
                    () -> assertEquals(List.of("reset"), Arrays.stream(info.getOperations()).map(MBeanFeatureInfo::getName).toList()));
            long parks = console.number("Parks");
            console.reset();
            assertAll("after the reset", () -> assertEquals(0, console.number("ParkMicrosMax"), "percentiles begin anew"),
                    () -> assertEquals(parks, console.number("Parks"), "counters stay"),
                    () -> assertEquals(attributes.get("ParkMicrosTotal"), console.number("ParkMicrosTotal"), "sums stay"));
            AgentCommand.run(jdk, "detach", server.pid());
            assertFalse(console.hasBean(), "it leaves with the agent");
            AgentCommand.run(jdk, "attach", server.pid());
            Await.until("it comes back with the agent", console::hasBean);
            assertEquals(0, console.number("Parks"), "and begins at 0");
        }
    }

    @Test
    void everyFigureOfTheStatusIsAnAttribute() throws Exception {
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").start(); JmxConsole console = JmxConsole.of(server)) {
            Await.until("the bean is there", console::hasBean);
            List<String> attributes = console.attributes().keySet().stream()
                    .map(name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)).toList();
            List<String> missing = AgentCommand.status(jdk, server.pid()).entrySet().stream()
                    .filter(figure -> figure.getValue().matches("[0-9]+")).map(Map.Entry::getKey)
                    .filter(name -> !List.of("pid", "uptimeMillis", "answers").contains(name) && !attributes.contains(name)).toList();
            assertEquals(List.of(), missing);
        }
    }

    @Test
    void anApplicationStillChoosesItsMBeanServerAndItsLogManager() throws Exception {
        ServerProcess control = app(false).jvm("-Dcom.sun.management.jmxremote").run();
        assertFalse(Lines.of(control).containsKey("builder"),
                () -> "the control: a server that is made before main is not the choice of main; " + control);
        ServerProcess program = app(true).arguments("await").run();
        assertEquals(Map.of("builder", "own", "logs", "Logs", "bean", "true"), Lines.of(program), program::toString);
        assertEquals(List.of(), program.foreignStderr(), program::toString);
    }

    @Test
    void aJvmWithoutManagementHasNoBeanAndSaysNothing() throws Exception {
        for (String modules : List.of("java.base,java.instrument", "java.base,java.instrument,java.management")) {
            ServerProcess program = ServerProcess.on(jdk).jvm("--limit-modules", modules).agent(Artifacts.agentJar(), "")
                    .main(Artifacts.testClasses().toString(), "io.readahead.it.app.NapApp").run();
            // Where there is java.management the thread goes on looking; where there is none it has seen that, and ended.
            assertEquals(Map.of("threads", modules.contains("management") ? "1" : "0"), Lines.of(program), program::toString);
            assertEquals(List.of(), program.foreignStderr(), program::toString);
            assertEquals(1, program.agentStderr().size(), program::toString);
        }
    }

    private ServerProcess.Builder app(boolean agent) {
        ServerProcess.Builder program = ServerProcess.on(jdk);
        return (agent ? program.agent(Artifacts.agentJar(), "") : program).main(Artifacts.testClasses().toString(), APP);
    }
}
