package io.readahead.examples.netty;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The command line.
 *
 * @param root folder that is served, as its real path
 * @param epoll whether the native epoll transport is used instead of NIO
 * @param ioThreads event loop threads
 * @param chunked whether files are read by chunks on the event loop, as TLS needs them, also where there is no TLS
 * @param keystore key and certificate, PKCS#12; null where the server doesn't speak TLS
 * @param password the key store's
 */
record Options(Path root, String host, int port, boolean epoll, int ioThreads, boolean chunked, Path keystore,
        String password) {

    static final String USAGE = "usage: NettyFileServer --root FOLDER [--host 127.0.0.1] [--port 8080] [--transport nio|epoll]"
            + " [--io-threads 1] [--chunked false] [--keystore FILE --password PASSWORD]";

    private static final int DEFAULT_PORT = 8080;

    /** Errors: IllegalArgumentException that says which argument is wrong, and what is allowed. */
    static Options parse(String[] arguments) {
        Path root = null;
        String host = "127.0.0.1";
        int port = DEFAULT_PORT;
        boolean epoll = false;
        int ioThreads = 1;
        boolean chunked = false;
        Path keystore = null;
        String password = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--root" -> root = folder(value);
                case "--host" -> host = value;
                case "--port" -> port = number("--port", value, 0, 65535);
                case "--transport" -> epoll = isEpoll(value);
                case "--io-threads" -> ioThreads = number("--io-threads", value, 1, 1024);
                case "--chunked" -> chunked = isTrue("--chunked", value);
                case "--keystore" -> keystore = Path.of(value);
                case "--password" -> password = value;
                default -> throw new IllegalArgumentException("'" + arguments[i] + "' is no option");
            }
        }
        if (root == null) {
            throw new IllegalArgumentException("--root is missing");
        }
        if ((keystore == null) != (password == null)) {
            throw new IllegalArgumentException("--keystore and --password are given together, or not at all");
        }
        return new Options(root, host, port, epoll, ioThreads, chunked || keystore != null, keystore, password);
    }

    private static Path folder(String value) {
        try {
            return Path.of(value).toRealPath();
        } catch (IOException e) {
            throw new IllegalArgumentException("--root " + value + " is no folder that can be read", e);
        }
    }

    private static boolean isEpoll(String value) {
        if (!value.equals("nio") && !value.equals("epoll")) {
            throw new IllegalArgumentException("--transport " + value + ": allowed are nio and epoll");
        }
        return value.equals("epoll");
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
