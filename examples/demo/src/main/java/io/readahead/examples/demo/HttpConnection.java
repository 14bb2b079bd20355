package io.readahead.examples.demo;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * One keep-alive connection that fetches files and throws the bytes away.
 *
 * <p>It costs as little as can be, one write and a few reads into memory outside the heap and no garbage, so that what is measured
 * is the server. It knows as much of HTTP as the example's answers need: a status, a Content-Length, a body.
 *
 * <p>Errors: IOException when the server answers with anything but 200, or hangs up; the connection is of no use then.
 * <p>Threads: one that fetches; {@link #close} by any, which ends a fetch under way with an exception.
 */
final class HttpConnection implements Closeable {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int OK = 200;
    private static final int NOT_YET = -1;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    HttpConnection(InetSocketAddress server) throws IOException {
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Bytes to be sent for a file, made once and used for every fetch. */
    static ByteBuffer request(InetSocketAddress server, String path) {
        byte[] text = ("GET /files/" + path + " HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(text.length).put(text).flip();
    }

    /**
     * Fetches one file.
     *
     * @param request from {@link #request}; left as it was
     * @param received told of each piece of the body as it comes
     * @return length of the body
     */
    long get(ByteBuffer request, LongConsumer received) throws IOException {
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        buffer.clear();
        int headBytes = readHead();
        long length = contentLength(headBytes);
        long body = buffer.position() - headBytes;
        received.accept(body);
        while (body < length) {
            buffer.clear();
            long read = read();
            received.accept(read);
            body += read;
        }
        return body;
    }

    private int read() throws IOException {
        int read = channel.read(buffer);
        if (read < 0) {
            throw new EOFException("the server hung up");
        }
        return read;
    }

    private int readHead() throws IOException {
        int searched = 0;
        while (true) {
            read();
            int end = endOfHead(searched);
            if (end != NOT_YET) {
                return end;
            }
            searched = Math.max(0, buffer.position() - 3);
        }
    }

    private int endOfHead(int from) {
        for (int i = from; i + 3 < buffer.position(); i++) {
            if (buffer.get(i) == '\r' && buffer.get(i + 1) == '\n' && buffer.get(i + 2) == '\r' && buffer.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return NOT_YET;
    }

    private long contentLength(int headBytes) throws IOException {
        int status = (int) number(STATUS_AT, headBytes);
        if (status != OK) {
            throw new IOException("the server answered " + status);
        }
        for (int i = 0; i + CONTENT_LENGTH.length < headBytes; i++) {
            if (buffer.get(i) == '\n' && isContentLength(i + 1)) {
                return number(i + 1 + CONTENT_LENGTH.length, headBytes);
            }
        }
        throw new IOException("an answer without Content-Length");
    }

    private boolean isContentLength(int at) {
        for (int i = 0; i < CONTENT_LENGTH.length; i++) {
            byte letter = buffer.get(at + i);
            if ((letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter) != CONTENT_LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private long number(int from, int end) {
        int at = from;
        while (at < end && buffer.get(at) == ' ') {
            at++;
        }
        long number = 0;
        for (; at < end && buffer.get(at) >= '0' && buffer.get(at) <= '9'; at++) {
            number = number * 10 + buffer.get(at) - '0';
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
