package io.readahead.examples.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A server in this JVM with a folder of its own, and what tests ask of bytes and descriptors. */
final class ServerFixture implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final JettyFileServer server;
    private final Path root;

    ServerFixture(Path root, String... options) throws Exception {
        this.root = root;
        String[] defaults = {"--port", "0", "--root", root.toString()};
        server = new JettyFileServer(Options.parse(Stream.of(defaults, options).flatMap(Arrays::stream).toArray(String[]::new)));
    }

    ServerFixture start() throws Exception {
        server.start();
        return this;
    }

    JettyFileServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** Writes a file with always the same random bytes. */
    byte[] file(String name, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.write(root.resolve(name), bytes);
        return bytes;
    }

    Path sparseFile(String name, long length) throws IOException {
        Path path = root.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    static String sha256(byte[] bytes, int from, int to) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(bytes, from, to)));
    }

    static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return sha256(bytes, 0, bytes.length);
    }

    /** Reads and drops bytes until there are no more or enough. */
    static long drain(InputStream in, long enough) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        while (total < enough) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, enough - total));
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    /** How many descriptors this process has open. */
    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    /** How many descriptors of this process are of a file. */
    static long descriptors(Path file) throws IOException {
        Path real = file.toRealPath();
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.filter(descriptor -> isLinkTo(descriptor, real)).count();
        }
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("waited in vain: " + what);
            }
            Thread.sleep(5);
        }
    }

    private static boolean isLinkTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException ignored) {
            // Closed since the folder was listed.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the server did not stop", e);
        }
    }
}
