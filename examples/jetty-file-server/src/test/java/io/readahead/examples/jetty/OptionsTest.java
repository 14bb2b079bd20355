package io.readahead.examples.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.eclipse.jetty.util.VirtualThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void nothingIsNeeded() throws UsageException {
        assertEquals(new Options(Path.of(""), "127.0.0.1", 8080, 1, false, 30, FilesBy.EXAMPLE, false), Options.parse());
    }

    @Test
    void bothSpellingsWorkAndTheLastWins() throws UsageException {
        Options options = Options.parse(
                "--port=1", "--root", "/", "--port", "0", "--host=::1", "--selectors=2", "--idle-timeout", "5", "--handler=example",
                "--handler", "resource", "--help");
        assertEquals(new Options(Path.of("/"), "::1", 0, 2, false, 5, FilesBy.RESOURCE_HANDLER, true), options);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--port=65536   | --port 65536 is not allowed: a whole number from 0 to 65535",
        "--port=x       | --port x is not allowed: a whole number from 0 to 65535",
        "--selectors=0  | --selectors 0 is not allowed: a whole number from 1 to 64",
        "--idle-timeout=0 | --idle-timeout 0 is not allowed: a whole number from 1 to 86400",
        "--handler=jetty | --handler jetty is not allowed: example or resource",
        "--root=/no/such | --root /no/such is not allowed: a directory that exists",
        "--host=127.0.0.1.x. | --host 127.0.0.1.x. is not allowed: a host name or an address that resolves",
        "--port         | --port is not allowed: it needs a value",
        "--help=yes     | --help yes is not allowed: it takes no value",
    })
    void aBadOptionIsNamedWithItsValueAndWhatIsAllowed(String argument, String message) {
        assertEquals(message, assertThrows(UsageException.class, () -> Options.parse(argument)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"--nope=1, --nope 1", "--nope, --nope", "file, file"})
    void anUnknownOptionIsAnsweredWithTheKnownOnes(String argument, String named) {
        String message = assertThrows(UsageException.class, () -> Options.parse(argument)).getMessage();
        assertEquals(named + " is not allowed: the options are --root, --host, --port, --selectors, --virtual-threads, --idle-timeout,"
                + " --handler or --help", message);
    }

    @Test
    void virtualThreadsNeedAJdkThatHasThem() throws UsageException {
        if (VirtualThreads.areSupported()) {
            assertTrue(Options.parse("--virtual-threads").virtualThreads());
            assertFalse(Options.parse().virtualThreads());
        } else {
            String message = assertThrows(UsageException.class, () -> Options.parse("--virtual-threads")).getMessage();
            assertTrue(message.startsWith("--virtual-threads is not allowed: it needs JDK 21"), message);
        }
    }
}
