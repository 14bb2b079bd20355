package io.readahead.examples.netty;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The command line.
 *
 * @param root folder that is served, as its real path
 * @param ioThreads event loop threads
 * @param chunked whether files are read by chunks on the event loop, as TLS needs them, also where there is no TLS
 * @param keystore key and certificate, PKCS#12; null where the server doesn't speak TLS
 * @param password the key store's
 * @param tlsEngine who encrypts, where there is a key store
 * @param handshakeSeconds how long a client may take for the handshake of TLS
 */
record Options(Path root, String host, int port, Transport transport, int ioThreads, boolean chunked, Path keystore, String password,
        SslProvider tlsEngine, int handshakeSeconds) {

    static final String USAGE = "usage: NettyFileServer --root FOLDER [--host 127.0.0.1] [--port 8080] [--transport nio|epoll|io_uring]"
            + " [--io-threads 1] [--chunked false]"
            + " [--keystore FILE --password PASSWORD [--tls-engine jdk|openssl] [--handshake-timeout 10]]";

    private static final int DEFAULT_PORT = 8080;
    /** Netty's own. */
    private static final int DEFAULT_HANDSHAKE_SECONDS = 10;
    private static final int MOST_HANDSHAKE_SECONDS = 3600;

    /** Errors: IllegalArgumentException that says which argument is wrong, and what is allowed. */
    static Options parse(String[] arguments) {
        Path root = null;
        String host = "127.0.0.1";
        int port = DEFAULT_PORT;
        Transport transport = Transport.NIO;
        int ioThreads = 1;
        boolean chunked = false;
        Path keystore = null;
        String password = null;
        SslProvider tlsEngine = SslProvider.JDK;
        int handshakeSeconds = DEFAULT_HANDSHAKE_SECONDS;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--root" -> root = folder(value);
                case "--host" -> host = value;
                case "--port" -> port = number("--port", value, 0, 65535);
                case "--transport" -> transport = oneOf("--transport", value, List.of(Transport.values()));
                case "--io-threads" -> ioThreads = number("--io-threads", value, 1, 1024);
                case "--chunked" -> chunked = isTrue("--chunked", value);
                case "--keystore" -> keystore = Path.of(value);
                case "--password" -> password = value;
                case "--tls-engine" -> tlsEngine = oneOf("--tls-engine", value, List.of(SslProvider.JDK, SslProvider.OPENSSL));
                case "--handshake-timeout" -> handshakeSeconds = number("--handshake-timeout", value, 1, MOST_HANDSHAKE_SECONDS);
                default -> throw new IllegalArgumentException("'" + arguments[i] + "' is no option");
            }
        }
        if (root == null) {
            throw new IllegalArgumentException("--root is missing");
        }
        if ((keystore == null) != (password == null)) {
            throw new IllegalArgumentException("--keystore and --password are given together, or not at all");
        }
        return new Options(root, host, port, transport, ioThreads, chunked || keystore != null, keystore, password, tlsEngine,
                handshakeSeconds);
    }

    private static Path folder(String value) {
        try {
            return Path.of(value).toRealPath();
        } catch (IOException e) {
            throw new IllegalArgumentException("--root " + value + " is no folder that can be read", e);
        }
    }

    private static <E extends Enum<E>> E oneOf(String option, String value, List<E> allowed) {
        for (E one : allowed) {
            if (word(one).equals(value)) {
                return one;
            }
        }
        throw new IllegalArgumentException(option + " " + value + ": allowed are "
                + allowed.stream().map(Options::word).collect(Collectors.joining(", ")));
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private static boolean isTrue(String option, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(option + " " + value + ": allowed are true and false");
        }
        return value.equals("true");
    }

    private static int number(String option, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // falls through to the message
        }
        throw new IllegalArgumentException(option + " " + value + ": allowed is a whole number from " + least + " to " + most);
    }
}
