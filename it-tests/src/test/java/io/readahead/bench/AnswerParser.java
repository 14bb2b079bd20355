package io.readahead.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds where an HTTP answer ends, from its Content-Length; keeps nothing of the body.
 *
 * <p>Errors: IOException where the status isn't 200 or 206, or no length is announced. Threads: one at a time.
 */
final class AnswerParser {

    private static final int LONGEST_HEAD_BYTES = 4096;
    private static final long IN_HEAD = -1;
    private static final byte[] LENGTH = "\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private byte[] head;
    private int headBytes;
    private long left = IN_HEAD;

    /** Expects the next answer. */
    void restart() {
        headBytes = 0;
        left = IN_HEAD;
    }

    boolean ended() {
        return left == 0;
    }

    /** Takes what came. @return how much of it was body */
    long take(ByteBuffer bytes) throws IOException {
        while (left == IN_HEAD && bytes.hasRemaining()) {
            takeHead(bytes.get());
        }
        long body = left == IN_HEAD ? 0 : Math.min(left, bytes.remaining());
        left -= left == IN_HEAD ? 0 : body;
        return body;
    }

    private void takeHead(byte next) throws IOException {
        if (head == null) {
            head = new byte[LONGEST_HEAD_BYTES];
        }
        if (headBytes == LONGEST_HEAD_BYTES) {
            throw new IOException("the head of an answer is longer than " + LONGEST_HEAD_BYTES + " bytes");
        }
        head[headBytes++] = next;
        if (next == '\n' && headBytes > 3 && head[headBytes - 2] == '\r' && head[headBytes - 3] == '\n') {
            left = contentLength();
            head = null;    // ten thousand idle parsers would else be 40 MB
        }
    }

    private long contentLength() throws IOException {
        if (head[STATUS_AT] != '2') {
            throw new IOException("the server answered " + new String(head, 0, headBytes, StandardCharsets.ISO_8859_1));
        }
        for (int at = 0; at + LENGTH.length < headBytes; at++) {
            if (matches(at)) {
                long number = 0;
                for (int digit = at + LENGTH.length; head[digit] != '\r'; digit++) {
                    number = head[digit] == ' ' ? number : number * 10 + head[digit] - '0';
                }
                return number;
            }
        }
        throw new IOException("an answer without Content-Length: " + new String(head, 0, headBytes, StandardCharsets.ISO_8859_1));
    }

    private boolean matches(int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            byte letter = head[at + i];
            if ((letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }
}
