package io.readahead.examples.netty;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The command line.
 *
 * @param root folder that is served, as its real path
 * @param epoll whether the native epoll transport is used instead of NIO
 * @param ioThreads event loop threads
 */
record Options(Path root, String host, int port, boolean epoll, int ioThreads) {

    static final String USAGE =
            "usage: NettyFileServer --root FOLDER [--host 127.0.0.1] [--port 8080] [--transport nio|epoll] [--io-threads 1]";

    private static final int DEFAULT_PORT = 8080;

    /** Errors: IllegalArgumentException that says which argument is wrong, and what is allowed. */
    static Options parse(String[] arguments) {
        Path root = null;
        String host = "127.0.0.1";
        int port = DEFAULT_PORT;
        boolean epoll = false;
        int ioThreads = 1;
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
                default -> throw new IllegalArgumentException("'" + arguments[i] + "' is no option");
            }
        }
        if (root == null) {
            throw new IllegalArgumentException("--root is missing");
        }
        return new Options(root, host, port, epoll, ioThreads);
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
