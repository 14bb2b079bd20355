package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentOptionsTest {

    @Test
    void sizesNamesAndNumbersAreRead() throws OptionException {
        AgentOptions options = AgentOptions.parse("packages=a.b:*.c,mapped=d.e,threads=3,window=256k,budget=2m,mode=off", new Properties());
        assertEquals(new AgentOptions(List.of("a.b", "*.c"), List.of("d.e"), 3, 256 * 1024, 2 * 1024 * 1024,
                AgentOptions.Mode.OFF, "stderr", Log.Level.INFO, 0, false), options);
    }

    @Test
    void whoChoosesPackagesHasChosen() throws OptionException {
        assertTrue(AgentOptions.parse("threads=3", new Properties()).hasDefaultPackages());
        assertTrue(AgentOptions.parse("packages=" + AgentOptions.DEFAULT_PACKAGES, new Properties()).hasDefaultPackages());
        assertFalse(AgentOptions.parse("packages=a.b", new Properties()).hasDefaultPackages());
    }

    @Test
    void aPropertyWinsOverTheArgument() throws OptionException {
        Properties properties = new Properties();
        properties.setProperty("readahead.threads", "5");
        properties.setProperty("readahead.debug.cold", "20");
        AgentOptions options = AgentOptions.parse("threads=3", properties);
        assertEquals(5, options.threads());
        assertEquals(20, options.debugColdMillis());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "color=blue | color | blue | packages, mapped, threads",
        "threads=0 | threads | 0 | from 1 to 256",
        "threads=many | threads | many | from 1 to 256",
        "window=-1 | window | -1 | from 64k to 64m",
        "budget=64q | budget | 64q | from 1m to 64g",
        "window=8m;budget=4m | budget=4m | window=8m | at least one window",
        "mode=maybe | mode | maybe | on, observe and off",
        "log=here | log | here | stderr, off",
        "log.level=loud | log.level | loud | error, warn, info and debug",
        "packages=a/b | packages | a/b | separated by colons",
        "packages=a.b:io.netty.channel. | packages | 'io.netty.channel.' | separated by colons",
        "packages=.a | packages | '.a' | separated by colons",
        "mapped=a..B | mapped | 'a..B' | separated by colons",
        "mapped=a/b | mapped | a/b | separated by colons",
        "threads | threads | no value | key=value"})
    void whatIsWrongIsNamedWithWhatIsAllowed(String arguments, String key, String value, String allowed) {
        String message = assertThrows(OptionException.class,
                () -> AgentOptions.parse(arguments.replace(';', ','), new Properties())).getMessage();
        assertTrue(message.contains(key) && message.contains(value) && message.contains(allowed), message);
    }

    @Test
    void anAbsolutePathThatTheJvmCantNameIsToldWithTheReason() {
        String message = assertThrows(OptionException.class, () -> AgentOptions.parse("log=/a\0b", new Properties())).getMessage();
        assertTrue(message.contains("log=/a\\u{0}b is no path that this JVM can name (Nul character not allowed)")
                && message.contains("allowed are stderr, off and the absolute path"), message);
    }

    @Test
    void strictIsSeenHoweverWrongTheRestIs() {
        assertTrue(AgentOptions.isStrict("color=blue,strict=true", new Properties()));
    }

    @Test
    void strictIsReadAsEveryOtherOptionIs() {
        assertTrue(AgentOptions.isStrict("color=blue, strict = true", new Properties()), "blanks don't count");
        assertTrue(AgentOptions.isStrict("strict=false,strict=true", new Properties()), "the last counts");
        assertFalse(AgentOptions.isStrict("strict=true,color=blue,strict=false", new Properties()), "the last counts");
        assertFalse(AgentOptions.isStrict(null, new Properties()));
    }

    @Test
    void whatIsNotGivenFollowsFromTheHost() throws OptionException {
        Host host = new Host(6, 256L << 20);
        AgentOptions options = AgentOptions.parse("", new Properties(), host);
        assertEquals(12, options.threads());
        assertEquals(1 << 20, options.windowBytes());
        assertEquals(32 << 20, options.budgetBytes());
        assertEquals(64 << 20, AgentOptions.parse("window=64m", new Properties(), host).budgetBytes(), "a window fits into it");
    }
}
