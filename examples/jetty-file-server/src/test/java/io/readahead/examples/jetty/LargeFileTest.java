package io.readahead.examples.jetty;

import static io.readahead.examples.jetty.ServerFixture.drain;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of more bytes than an {@code int} counts. */
class LargeFileTest {
    private static final long SIZE = 2_200_000_123L;
    /** Behind 2 GiB, and before the last byte. */
    private static final long MARK_AT = 2_199_000_000L;
    private static final byte[] MARK = "beyond two gigabytes".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path root;

    private ServerFixture start() throws Exception {
        ServerFixture server = new ServerFixture(root).start();
        try (RandomAccessFile file = new RandomAccessFile(server.sparseFile("huge", SIZE).toFile(), "rw")) {
            file.seek(MARK_AT);
            file.write(MARK);
        }
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files/huge", "/blocking/huge"})
    void lengthsAndRangesPastTwoGigabytesAreRight(String target) throws Exception {
        try (ServerFixture server = start(); RawClient client = new RawClient(server.port())) {
            client.request("HEAD", target);
            assertEquals(SIZE, client.head().contentLength());
            client.request("GET", target, "Range: bytes=" + MARK_AT + "-" + (MARK_AT + MARK.length - 1));
            RawClient.Head head = client.head();
            assertEquals("bytes 2199000000-2199000019/2200000123", head.headers().get("content-range"));
            assertArrayEquals(MARK, client.in().readNBytes(MARK.length));
            client.request("GET", target, "Range: bytes=-1000123");
            assertEquals(1_000_123, client.head().contentLength());
            assertArrayEquals(MARK, client.in().readNBytes(MARK.length));
        }
    }

    @Test
    void aWholeFileOfSeveralSlicesArrives() throws Exception {
        try (ServerFixture server = start(); RawClient client = new RawClient(server.port())) {
            client.request("GET", "/files/huge");
            assertEquals(SIZE, client.head().contentLength());
            assertEquals(MARK_AT, drain(client.in(), MARK_AT));
            assertArrayEquals(MARK, client.in().readNBytes(MARK.length));
            assertEquals(SIZE - MARK_AT - MARK.length, drain(client.in(), SIZE - MARK_AT - MARK.length));
            client.request("HEAD", "/files/huge");
            assertEquals(200, client.head().status());
        }
    }
}
