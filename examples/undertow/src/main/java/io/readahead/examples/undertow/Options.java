package io.readahead.examples.undertow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The command line: {@code --name value}, in any order; the last one of a name wins.
 *
 * @param root the folder to serve; the current one by default
 * @param host the address to listen on; 127.0.0.1 by default
 * @param port 0 to 65535, 0 for any that is free; 8080 by default
 * @param ioThreads 1 to 256; 1 by default
 * @param workerThreads 1 to 4096; 16 by default
 * @param keystore key and certificate, PKCS#12; null where the server doesn't speak TLS
 * @param password the key store's
 * @param http2 whether a client may choose HTTP/2 in its TLS handshake; false by default
 * @param help whether only the usage is wanted
 */
record Options(Path root, String host, int port, int ioThreads, int workerThreads, Path keystore, String password,
        boolean http2, boolean help) {

    static final String USAGE = """
            usage: java -jar undertow-file-server.jar [OPTION...]
              --root DIR          folder to serve (default: the current one)
              --host ADDRESS      address to listen on (default: 127.0.0.1)
              --port PORT         port to listen on, 0 for any that is free (default: 8080)
              --io-threads N      threads that accept, read and parse, 1 to 256 (default: 1)
              --worker-threads N  threads that open and send files, 1 to 4096 (default: 16)
              --keystore FILE     key and certificate, PKCS#12: listen for HTTPS (default: HTTP)
              --password PASSWORD the key store's
              --http2 BOOLEAN     true: HTTP/2, too, where the client asks for it by ALPN; needs --keystore (default: false)
              --help              this text
            """;

    private static final List<String> NAMES = List.of("--root", "--host", "--port", "--io-threads", "--worker-threads",
            "--keystore", "--password", "--http2");

    /** Errors: IllegalArgumentException, whose message is one line that names the option, its value and what is allowed. */
    static Options parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        Iterator<String> rest = List.of(arguments).iterator();
        boolean help = false;
        while (rest.hasNext()) {
            String name = rest.next();
            if (name.equals("--help")) {
                help = true;
            } else if (!NAMES.contains(name)) {
                throw refused(name, "the options are " + String.join(", ", NAMES) + " and --help");
            } else if (!rest.hasNext()) {
                throw refused(name, "it needs a value");
            } else {
                values.put(name, rest.next());
            }
        }
        if (values.containsKey("--keystore") != values.containsKey("--password")) {
            throw new IllegalArgumentException("--keystore and --password are given together, or not at all");
        }
        return new Options(folder("--root", values.getOrDefault("--root", ".")), values.getOrDefault("--host", "127.0.0.1"),
                number(values, "--port", 8080, 0, 65535), number(values, "--io-threads", 1, 1, 256),
                number(values, "--worker-threads", 16, 1, 4096),
                values.containsKey("--keystore") ? Path.of(values.get("--keystore")) : null, values.get("--password"), http2(values), help);
    }

    private static boolean http2(Map<String, String> values) {
        String value = values.getOrDefault("--http2", "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw refused("--http2 " + value, "true or false");
        }
        if (value.equals("true") && !values.containsKey("--keystore")) {
            throw refused("--http2 true", "only with --keystore, for it is chosen in the TLS handshake");
        }
        return value.equals("true");
    }

    private static Path folder(String name, String value) {
        Path folder = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw refused(name + " " + value, "a directory that exists");
        }
        return folder;
    }

    private static int number(Map<String, String> values, String name, int otherwise, int least, int most) {
        String value = values.getOrDefault(name, String.valueOf(otherwise));
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw refused(name + " " + value, "a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(value);
    }

    private static IllegalArgumentException refused(String what, String allowed) {
        return new IllegalArgumentException(what + " is not allowed: " + allowed);
    }
}
