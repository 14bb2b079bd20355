package io.readahead.kit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection of an HTTP/1.1 client that does as it is told, also when that is rude: read slowly, stall, close or reset midway.
 *
 * <p>It keeps no body: what comes is counted and digested. Requests are sent one after the other, each when the body of the one before has
 * been read. To a server that has a {@link ServerProcess#certificate} it speaks TLS, and what is counted and digested was decrypted.
 * <p>Errors: IOException as of the socket; SocketTimeoutException when nothing comes for a minute; a body that ends early is no error here
 * but {@link Body#complete} says so.
 * <p>Threads: one at a time; blocks.
 */
public final class RawHttp implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000 * Patience.TIMES;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST_HEAD_BYTES = 64 * 1024;
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** The length of a body that ends when the server closes. */
    private static final long UNTIL_CLOSED = Long.MAX_VALUE;

    /** The receive buffer that the kernel picks, and grows. */
    private static final int AUTOMATIC = 0;

    /** What a TLS record begins with (RFC 8446, 5.2): application data, TLS 1.2, more bytes than the three that follow. */
    private static final byte[] BEGINNING_OF_A_RECORD = {23, 3, 3, 1, 0, 1, 2, 3};
    /** More than a record's head, and less than any record that holds a part of a file. */
    private static final int INSIDE_RECORD_BYTES = 20;

    /** The connection itself, below TLS where there is TLS. */
    private final Socket socket;
    /** Where bytes are plain: the connection, or the TLS layer on it. */
    private final Socket plain;
    private final InputStream in;
    private final OutputStream out;
    private final String host;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytesPerSecond = UNLIMITED;
    private Head head;
    private MessageDigest digest;
    private long length;
    private long received;
    private boolean ended;

    private RawHttp(Socket socket, Optional<ServerCertificate> certificate) throws IOException {
        this.socket = socket;
        this.host = socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        plain = certificate.isPresent() ? certificate.get().secure(socket) : socket;
        in = new BufferedInputStream(plain.getInputStream(), BUFFER_BYTES);
        out = plain.getOutputStream();
    }

    /** Opens a connection. */
    public static RawHttp connect(ServerProcess server) throws IOException {
        return connect(server, AUTOMATIC);
    }

    /** Opens a connection whose receive buffer stays that small, so that a server soon notices a client that doesn't read. */
    public static RawHttp connect(ServerProcess server, int receiveBufferBytes) throws IOException {
        return connect(new InetSocketAddress(server.host(), server.port()), receiveBufferBytes, server.certificate());
    }

    /** Opens a connection to a server by its address. */
    public static RawHttp connect(InetSocketAddress server, Optional<ServerCertificate> certificate) throws IOException {
        return connect(server, AUTOMATIC, certificate);
    }

    private static RawHttp connect(InetSocketAddress server, int receiveBufferBytes, Optional<ServerCertificate> certificate)
            throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBufferBytes != AUTOMATIC) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(server, TIMEOUT_MILLIS);
            return new RawHttp(socket, certificate);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Status line and header fields of an answer.
     *
     * @param headers by name in lower case; the last one of a name wins
     */
    public record Head(int status, Map<String, String> headers) {

        /** The announced length of the body; -1 where none is announced. */
        public long contentLength() {
            return Long.parseLong(headers.getOrDefault("content-length", "-1"));
        }
    }

    /**
     * An answer as far as it was read.
     *
     * @param bytes body bytes that came
     * @param sha256 digest of those, in hex
     * @param complete whether as many came as were announced
     */
    public record Body(Head head, long bytes, String sha256, boolean complete) {

        /** The status code. */
        public int status() {
            return head.status();
        }
    }

    /** Reads no faster than this from now on. */
    public RawHttp limitRate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
        return this;
    }

    /** Sends a GET and reads the answer to its end. */
    public Body get(String path) throws IOException {
        return get(path, Map.of());
    }

    /** Sends a GET with header fields and reads the answer to its end. */
    public Body get(String path, Map<String, String> headers) throws IOException {
        send(path, headers);
        read(Long.MAX_VALUE);
        return finish();
    }

    /** Sends a GET of a range and reads the answer to its end. */
    public Body getRange(String path, long offset, long length) throws IOException {
        return get(path, Map.of("Range", "bytes=" + offset + "-" + (offset + length - 1)));
    }

    /** Sends a GET and reads no more than the head of the answer. */
    public Head send(String path, Map<String, String> headers) throws IOException {
        return send("GET", path, headers);
    }

    /** Sends a request without a body and reads no more than the head of the answer. */
    public Head send(String method, String path, Map<String, String> headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        headers.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        head = readHead();
        if (head.headers().containsKey("transfer-encoding")) {
            throw new IOException("this client reads bodies of an announced length only, but the answer is " + head);
        }
        boolean bodiless = method.equals("HEAD") || head.status() == 304 || head.status() == 204;
        length = bodiless ? 0 : head.contentLength() < 0 ? UNTIL_CLOSED : head.contentLength();
        digest = TestFile.newSha256();
        received = 0;
        ended = length == 0;
        return head;
    }

    /**
     * Reads body bytes until so many more have come or the body has ended, in good order or not.
     *
     * @return how many came; fewer than asked means that the body has ended
     */
    public long read(long bytes) throws IOException {
        long wanted = Math.min(bytes, length - received);
        long since = System.nanoTime();
        long read = 0;
        while (!ended && read < wanted) {
            int chunk = in.read(buffer, 0, (int) Math.min(chunkBytes(), wanted - read));
            if (chunk < 0) {
                ended = true;
                break;
            }
            digest.update(buffer, 0, chunk);
            read += chunk;
            received += chunk;
            keepRate(since, read);
        }
        ended |= received == length;
        return read;
    }

    /** Body bytes that have come so far. */
    public long received() {
        return received;
    }

    /** What has come of the answer so far; the next request may be sent only when that is all of it. */
    public Body finish() {
        boolean complete = ended && (length == UNTIL_CLOSED || received == length);
        return new Body(head, received, HexFormat.of().formatHex(digest.digest()), complete);
    }

    /** Ends our direction of the connection and leaves the other open; TLS is not told. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends our direction behind the first bytes of a TLS record of ours. */
    public void halfCloseInsideRecord() throws IOException {
        socket.getOutputStream().write(BEGINNING_OF_A_RECORD);
        socket.shutdownOutput();
    }

    /** Breaks the connection with a TCP reset; TLS is not told. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Breaks it so, behind the first bytes of the next TLS record of the server's. */
    public void resetInsideRecord() throws IOException {
        // The JDK's TLS layer takes whole records from the socket and nothing behind them.
        socket.getInputStream().readNBytes(INSIDE_RECORD_BYTES);
        reset();
    }

    /** Closes the connection; TLS is told where our direction is open. */
    @Override
    public void close() throws IOException {
        if (socket.isClosed() || socket.isOutputShutdown()) {
            socket.close();
        } else {
            plain.close();
        }
    }

    private int chunkBytes() {
        // A tenth of a second's worth, so that a slow reader reads steadily.
        return (int) Math.max(1, Math.min(BUFFER_BYTES, bytesPerSecond / 10));
    }

    private void keepRate(long sinceNanos, long bytes) {
        if (bytesPerSecond == UNLIMITED) {
            return;
        }
        long due = sinceNanos + (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Head readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 || bytes.size() > LONGEST_HEAD_BYTES) {
                throw new IOException("the connection ended inside the head of an answer: " + bytes.toString(StandardCharsets.ISO_8859_1));
            }
            bytes.write(next);
        }
        String[] lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, String> headers = new HashMap<>();
        for (int line = 1; line < lines.length; line++) {
            int colon = lines[line].indexOf(':');
            headers.put(lines[line].substring(0, colon).toLowerCase(Locale.ROOT), lines[line].substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(lines[0].split(" ")[1]), headers);
    }
}
