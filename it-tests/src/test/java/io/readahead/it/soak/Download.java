package io.readahead.it.soak;

import io.readahead.it.FileServer;
import java.io.IOException;
import java.net.SocketTimeoutException;

/**
 * One request and its answer on a connection, as far as the client goes.
 *
 * <p>Errors: an IOException is noted and ends the download; nothing is thrown for what a server or a network may do.
 * <p>Threads: the client's.
 */
final class Download {

    private final HttpLine line;
    private final String server;
    private final FileServer kind;
    private final String path;
    private final SoakFile file;
    private final long rangeFirst;
    private final long rangeBytes;
    private final Manner manner;
    private final long sentNanos;
    private final BodyChecker body;
    private int status = Exchange.NO_ANSWER;
    private long announced;
    private long received;
    private long firstByteNanos;
    private boolean brokenOff;
    private boolean headTried;
    private boolean hung;
    private boolean keepsAlive;
    private String end;

    Download(HttpLine line, String server, FileServer kind, SoakFile file, long rangeFirst, long rangeBytes, Manner manner) {
        this.line = line;
        this.server = server;
        this.kind = kind;
        this.path = file.pathOn(kind);
        this.file = file;
        this.rangeFirst = rangeFirst;
        this.rangeBytes = rangeBytes;
        this.manner = manner;
        this.body = new BodyChecker(file.number(), rangeFirst);
        this.sentNanos = System.nanoTime();
    }

    /** Sends the request. */
    void send() {
        try {
            line.get(path, rangeFirst, rangeBytes);
        } catch (IOException e) {
            end = "request: " + e;
        }
    }

    /** Reads the head of the answer, where that is not done yet, and so much of its body. */
    void read(long bytes) {
        try {
            if (end == null && !headTried) {
                headTried = true;
                HttpLine.Head head = line.readHead();
                status = head.status();
                announced = head.contentLength();
                keepsAlive = head.keepsAlive();
            }
            for (long left = bytes; end == null && left > 0 && received < announced;) {
                int read = line.read(Math.min(left, announced - received));
                if (read < 0) {
                    end = "closed by the server";
                } else {
                    take(read);
                    left -= read;
                }
            }
        } catch (SocketTimeoutException e) {
            hung = true;
            end = e.toString();
        } catch (IOException e) {
            end = e.toString();
        }
    }

    private void take(int bytes) {
        if (received == 0) {
            firstByteNanos = System.nanoTime();
        }
        received += bytes;
        if (status == 200 || status == 206) {
            body.accept(line.buffer(), bytes);
        }
    }

    /** Whether nothing more will come. */
    boolean ended() {
        return end != null || headTried && received == announced;
    }

    void close() throws IOException {
        brokenOff = true;
        line.close();
    }

    void reset() throws IOException {
        brokenOff = true;
        line.reset();
    }

    void halfClose() throws IOException {
        brokenOff = true;
        line.halfClose();
    }

    /** Whether the connection may take another request. */
    boolean leavesTheConnectionOpen() {
        return end == null && !brokenOff && keepsAlive && headTried && received == announced;
    }

    /** @param next the download that was asked for behind this one before this one ended, or null */
    Exchange exchange(Download next) {
        long now = System.nanoTime();
        return new Exchange(server, kind, path, file, next == null ? null : next.file, rangeFirst, rangeBytes, manner, brokenOff,
                sentNanos, received == 0 ? now : firstByteNanos, now, status, announced, received, body.finish(),
                end == null ? "open" : end, hung);
    }
}
