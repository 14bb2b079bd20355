package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void noArgumentsGiveTheSeedsTest() throws UsageException {
        DemoOptions options = DemoOptions.parse(List.of());
        assertEquals(ServerKind.EXAMPLE, options.server());
        assertEquals(Plan.FULL, options.plan());
        assertEquals(1, options.clients());
        assertEquals(40, options.diskRateMb());
        assertEquals(512, options.memoryMb());
        assertEquals(Set.of(Variant.WITHOUT, Variant.WITH), options.variants());
        assertTrue(options.cgroups());
        assertFalse(options.keep());
    }

    @Test
    void everyOptionIsTaken() throws UsageException {
        DemoOptions options = DemoOptions.parse(List.of("--server", "jetty", "--quick", "--keep", "--clients", "8", "--disk-rate", "20",
                "--memory", "300", "--no-cgroups", "--only", "with", "--java", System.getProperty("java.home"),
                "--agent-options", "threads=2", "--data", "/d", "--checkout", "/c"));
        assertEquals(ServerKind.JETTY, options.server());
        assertEquals(new Plan(1, 6, 5, 17), options.plan(), "as many of the larger files");
        assertTrue(options.keep());
        assertEquals(8, options.clients());
        assertEquals(20, options.diskRateMb());
        assertEquals(300, options.memoryMb());
        assertFalse(options.cgroups());
        assertEquals(Set.of(Variant.WITH), options.variants());
        assertEquals("threads=2", options.agentOptions());
        assertEquals(Path.of("/d"), options.data());
        assertEquals(Path.of("/c/agent/target/readahead-agent.jar"), options.agentJar());
    }

    @Test
    void dataLiesBelowTheCheckout() throws UsageException {
        assertEquals(Path.of("/c/examples/target/demo/data"), DemoOptions.parse(List.of("--checkout", "/c")).data());
    }

    @Test
    void badValueIsNamedWithWhatIsAllowed() {
        assertRefused("--clients 0: a whole number from 1 to 64 is allowed", "--clients", "0");
        assertRefused("--clients many: a whole number from 1 to 64 is allowed", "--clients", "many");
        assertRefused("--server tomcat: example or jetty is allowed", "--server", "tomcat");
        assertRefused("--only both: without or with is allowed", "--only", "both");
        assertRefused("--java /nowhere: a JDK of version 17 or later is allowed", "--java", "/nowhere");
    }

    @Test
    void unknownOptionAndMissingValueShowTheUsage() {
        assertRefused("unknown option --fast\n" + DemoOptions.USAGE, "--fast");
        assertRefused("--memory needs a value\n" + DemoOptions.USAGE, "--memory");
    }

    private static void assertRefused(String message, String... arguments) {
        assertEquals(message, assertThrows(UsageException.class, () -> DemoOptions.parse(List.of(arguments))).getMessage());
    }
}
