package io.readahead.examples.netty;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OptionsTest {

    @TempDir
    private static Path root;

    /** What is asked for, besides the folder. */
    private static Options parse(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(List.of(arguments));
        return Options.parse(all.toArray(new String[0]));
    }

    @Test
    void theFolderIsEnough() throws IOException {
        assertEquals(new Options(root.toRealPath(), "127.0.0.1", 8080, Transport.NIO, 1, false, null, null, SslProvider.JDK, 10),
                parse());
    }

    @Test
    void eachOptionIsHeard() throws IOException {
        assertEquals(new Options(root.toRealPath(), "::1", 0, Transport.EPOLL, 2, true, Path.of("keys"), "secret", SslProvider.OPENSSL,
                60),
                parse("--host", "::1", "--port", "0", "--transport", "epoll", "--io-threads", "2", "--keystore", "keys",
                        "--password", "secret", "--tls-engine", "openssl", "--handshake-timeout", "60"), "over TLS files are chunked");
        assertEquals(new Options(root.toRealPath(), "127.0.0.1", 8080, Transport.IO_URING, 1, true, null, null, SslProvider.JDK, 10),
                parse("--transport", "io_uring", "--chunked", "true"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--port       | 65536   | --port 65536: allowed is a whole number from 0 to 65535",
        "--io-threads | 0       | --io-threads 0: allowed is a whole number from 1 to 1024",
        "--transport  | kqueue  | --transport kqueue: allowed are nio, epoll, io_uring",
        "--transport  | NIO     | --transport NIO: allowed are nio, epoll, io_uring",
        "--tls-engine | openssl_refcnt | --tls-engine openssl_refcnt: allowed are jdk, openssl",
        "--handshake-timeout | 0 | --handshake-timeout 0: allowed is a whole number from 1 to 3600",
        "--chunked    | yes     | --chunked yes: allowed are true and false",
        "--keystore   | keys    | --keystore and --password are given together, or not at all",
        "--nope       | 1       | '--nope' is no option",
    })
    void aBadOptionIsNamedWithWhatIsAllowed(String option, String value, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> parse(option, value)).getMessage());
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals("--root is missing", assertThrows(IllegalArgumentException.class, () -> Options.parse(new String[0])).getMessage());
        assertEquals("--port needs a value", assertThrows(IllegalArgumentException.class, () -> parse("--port")).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport nio|epoll|io_uring", "--tls-engine jdk|openssl"})
    void theUsageHasTheChoices(String choice) {
        assertTrue(Options.USAGE.contains(choice), Options.USAGE);
    }
}
