package io.readahead.examples.jetty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.util.VirtualThreads;

/**
 * The command line: {@code --name value} or {@code --name=value}, in any order; the last one of a name wins.
 *
 * @param root the folder to serve; the current one by default
 * @param host the address to listen on; 127.0.0.1 by default
 * @param port 0 to 65535, 0 for any that is free; 8080 by default
 * @param selectors selector threads, 1 to 64; 1 by default
 * @param virtualThreads whether /blocking runs on virtual threads; not by default
 * @param idleTimeoutSeconds after which a connection without progress is closed, 1 to 86400; 30 by default
 * @param handler who answers /files; the example by default
 * @param help whether only the usage is wanted
 */
record Options(Path root, String host, int port, int selectors, boolean virtualThreads, int idleTimeoutSeconds, FilesBy handler,
        boolean help) {
    static final String USAGE = """
            usage: java -jar jetty-file-server.jar [OPTION...]
              --root DIR              folder to serve (default: the current one)
              --host ADDRESS          address to listen on (default: 127.0.0.1)
              --port PORT             0 to 65535, 0 for any that is free (default: 8080)
              --selectors N           selector threads, 1 to 64 (default: 1)
              --virtual-threads       /blocking on virtual threads (JDK 21 or newer)
              --idle-timeout SECONDS  closes a connection without progress, 1 to 86400 (default: 30)
              --handler WHOSE         example: sendfile from the selector thread; resource: Jetty's own (default: example)
              --help                  this text
            """;

    private static final String NAMES = "--root, --host, --port, --selectors, --virtual-threads, --idle-timeout, --handler or --help";
    private static final Options DEFAULTS = new Options(Path.of(""), "127.0.0.1", 8080, 1, false, 30, FilesBy.EXAMPLE, false);

    static Options parse(String... arguments) throws UsageException {
        Options options = DEFAULTS;
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? null : argument.substring(equals + 1);
            options = switch (name) {
                case "--help", "--virtual-threads" -> options.withFlag(name, value);
                case "--root", "--host", "--port", "--selectors", "--idle-timeout", "--handler" ->
                        options.with(name, value == null ? following(name, rest) : value);
                default -> throw refused(name, value, "the options are " + NAMES);
            };
        }
        return options;
    }

    private Options withFlag(String name, String value) throws UsageException {
        if (value != null) {
            throw refused(name, value, "it takes no value");
        }
        if (name.equals("--help")) {
            return new Options(root, host, port, selectors, virtualThreads, idleTimeoutSeconds, handler, true);
        }
        if (!VirtualThreads.areSupported()) {
            throw refused(name, null, "it needs JDK 21 or newer, this one is " + Runtime.version().feature());
        }
        return new Options(root, host, port, selectors, true, idleTimeoutSeconds, handler, help);
    }

    private Options with(String name, String value) throws UsageException {
        return switch (name) {
            case "--root" -> withAddress(directory(name, value), host, port);
            case "--host" -> withAddress(root, host(name, value), port);
            case "--port" -> withAddress(root, host, number(name, value, 0, 65535));
            case "--selectors" -> new Options(root, host, port, number(name, value, 1, 64), virtualThreads, idleTimeoutSeconds, handler,
                    help);
            case "--handler" -> new Options(root, host, port, selectors, virtualThreads, idleTimeoutSeconds, handler(name, value), help);
            default -> new Options(root, host, port, selectors, virtualThreads, number(name, value, 1, 86400), handler, help);
        };
    }

    private Options withAddress(Path newRoot, String newHost, int newPort) {
        return new Options(newRoot, newHost, newPort, selectors, virtualThreads, idleTimeoutSeconds, handler, help);
    }

    private static String following(String name, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw refused(name, null, "it needs a value");
        }
        return rest.next();
    }

    private static int number(String name, String value, int least, int most) throws UsageException {
        String allowed = "a whole number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw refused(name, value, allowed);
            }
            return number;
        } catch (NumberFormatException e) {
            throw refused(name, value, allowed);
        }
    }

    private static String host(String name, String value) throws UsageException {
        try {
            // An empty name would be the loopback address.
            if (!value.isBlank() && InetAddress.getByName(value) != null) {
                return value;
            }
        } catch (UnknownHostException ignored) {
        }
        throw refused(name, value, "a host name or an address that resolves");
    }

    private static FilesBy handler(String name, String value) throws UsageException {
        return switch (value) {
            case "example" -> FilesBy.EXAMPLE;
            case "resource" -> FilesBy.RESOURCE_HANDLER;
            default -> throw refused(name, value, "example or resource");
        };
    }

    private static Path directory(String name, String value) throws UsageException {
        try {
            Path path = Path.of(value);
            if (Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException ignored) {
        }
        throw refused(name, value, "a directory that exists");
    }

    private static UsageException refused(String name, String value, String allowed) {
        return new UsageException(name + (value == null ? "" : " " + value) + " is not allowed: " + allowed);
    }
}
