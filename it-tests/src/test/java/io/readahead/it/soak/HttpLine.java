package io.readahead.it.soak;

import io.readahead.kit.ServerCertificate;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A connection of an HTTP/1.1 client, over TLS where the server speaks it, that hands out the bodies' bytes.
 *
 * <p>Errors: IOException as of the socket; SocketTimeoutException where nothing comes for {@value #PATIENCE_SECONDS} s, which is longer
 * than the slowest disk here takes for all who wait for it.
 * <p>Threads: one at a time; blocks.
 */
final class HttpLine implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LONGEST_HEAD_BYTES = 16 << 10;

    /** The connection itself, below TLS where there is TLS. */
    private final Socket socket = new Socket();
    /** Where bytes are plain. */
    private final Socket plain;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** @param receiveBufferBytes 0 for what the kernel picks, and grows */
    HttpLine(SoakServer server, int receiveBufferBytes) throws IOException {
        try {
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.connect(new InetSocketAddress(server.host(), server.port()), (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            Optional<ServerCertificate> certificate = server.process().certificate();
            plain = certificate.isPresent() ? certificate.get().context().getSocketFactory()
                    .createSocket(socket, server.host(), server.port(), true) : socket;
            in = new BufferedInputStream(plain.getInputStream(), LONGEST_HEAD_BYTES);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** What is needed of the head of an answer. */
    record Head(int status, long contentLength, boolean keepsAlive) {
    }

    void get(String path, long rangeFirst, long rangeBytes) throws IOException {
        String range = rangeBytes == Exchange.WHOLE ? "" : "Range: bytes=" + rangeFirst + "-" + (rangeFirst + rangeBytes - 1) + "\r\n";
        plain.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: soak\r\n" + range + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    Head readHead() throws IOException {
        int status = Exchange.NO_ANSWER;
        long length = -1;
        boolean keepsAlive = true;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String lower = line.toLowerCase(java.util.Locale.ROOT);
            if (status == Exchange.NO_ANSWER) {
                status = Integer.parseInt(line.split(" ")[1]);
            } else if (lower.startsWith("content-length:")) {
                length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            } else if (lower.startsWith("connection:")) {
                keepsAlive = !lower.contains("close");
            }
        }
        if (length < 0) {
            throw new IOException("status " + status + " without a Content-Length");
        }
        return new Head(status, length, keepsAlive);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LONGEST_HEAD_BYTES) {
                throw new IOException("the connection ended inside the head of an answer: " + line);
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Reads into {@link #buffer}. @return how many bytes; negative at the end */
    int read(long most) throws IOException {
        return in.read(buffer, 0, (int) Math.min(most, BUFFER_BYTES));
    }

    byte[] buffer() {
        return buffer;
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
