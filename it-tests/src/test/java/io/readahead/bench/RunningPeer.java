package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.kit.ServerCertificate;
import io.readahead.kit.TestFile;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that runs, until it is closed.
 *
 * @param pid the process whose threads do the work
 * @param kind what paths it has and how its loops are called; null for nginx
 * @param certificate what the tests' own clients are to trust; empty where it doesn't speak TLS, and for nginx
 * @param end ends it
 */
record RunningPeer(String host, int port, long pid, FileServer kind, Optional<ServerCertificate> certificate, Runnable end)
        implements AutoCloseable {

    private static final long WHOLE = -1;

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** How the threads that must never sleep on the disk begin; nginx has the same name for all of its threads. */
    String[] loopThreads() {
        return kind == null ? new String[] {"nginx"} : kind.loopThreads();
    }

    /** The path of a file in the folder that is served. */
    String pathOf(Path file) {
        return kind == null ? "/" + file.getFileName() : kind.pathOf(new TestFile(file, 0, 0));
    }

    /** The bytes of a request for a whole file. */
    ByteBuffer request(Path file) {
        return request(file, 0, WHOLE);
    }

    /** The bytes of a request for a range. */
    ByteBuffer request(Path file, long offset, long length) {
        String range = length == WHOLE ? "" : "Range: bytes=" + offset + "-" + (offset + length - 1) + "\r\n";
        byte[] text = ("GET " + pathOf(file) + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n" + range + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(text.length).put(text).flip();
    }

    @Override
    public void close() {
        end.run();
    }
}
