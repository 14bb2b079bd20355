package io.readahead.it.guests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** As much of HTTP as a server without any of its own needs: {@code GET /NAME} is answered with the file. */
record Request(Path file) {

    /** @param head all of it, in one read */
    static Request of(Path root, String head) {
        return new Request(root.resolve(head.split(" ")[1].substring(1)));
    }

    long size() throws IOException {
        return Files.size(file);
    }

    /** The head of the answer. */
    byte[] head() throws IOException {
        return ("HTTP/1.1 200 OK\r\nContent-Length: " + size() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
