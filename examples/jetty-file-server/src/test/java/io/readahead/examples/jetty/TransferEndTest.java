package io.readahead.examples.jetty;

import static io.readahead.examples.jetty.ServerFixture.await;
import static io.readahead.examples.jetty.ServerFixture.descriptors;
import static io.readahead.examples.jetty.ServerFixture.drain;
import static io.readahead.examples.jetty.ServerFixture.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers that end otherwise than planned, and what they leave behind: nothing. */
class TransferEndTest {
    private static final String FILES = "/files/";
    private static final String BLOCKING = "/blocking/";
    /** More than all socket buffers between server and client. */
    private static final long LARGE = 64L << 20;

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aClientThatGoesAwayLeavesNoDescriptor(String way) throws Exception {
        try (ServerFixture server = new ServerFixture(root).start()) {
            Path file = server.sparseFile("large", LARGE);
            abandonMany(server, way);
            await("descriptors of the first round", () -> descriptors(file) == 0);
            long before = settledDescriptors();
            for (int round = 0; round < 5; round++) {
                abandonMany(server, way);
            }
            await("descriptors of the file", () -> descriptors(file) == 0);
            await("descriptors as before", () -> descriptors() <= before);
        }
    }

    private static void abandonMany(ServerFixture server, String way) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = new RawClient(server.port());
            client.request("GET", way + "large");
            assertEquals(200, client.head().status());
            clients.add(client);
        }
        for (int i = 0; i < clients.size(); i++) {
            if (i % 2 == 0) {
                clients.get(i).reset();
            } else {
                clients.get(i).close();
            }
        }
    }

    private static long settledDescriptors() throws Exception {
        long count = descriptors();
        for (int quiet = 0; quiet < 20; quiet++) {
            Thread.sleep(10);
            long next = descriptors();
            quiet = next == count ? quiet : 0;
            count = next;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aClientThatStallsIsCutOffByTheIdleTimeout(String way) throws Exception {
        try (ServerFixture server = new ServerFixture(root, "--idle-timeout", "1").start()) {
            Path file = server.sparseFile("large", LARGE);
            try (RawClient client = new RawClient(server.port())) {
                client.request("GET", way + "large");
                assertEquals(200, client.head().status());
                assertEquals(1, descriptors(file));
                await("the stalled transfer's end", () -> descriptors(file) == 0);
                assertTrue(drainToTheEnd(client) < LARGE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aFileThatIsTruncatedMidTransferEndsTheConnection(String way) throws Exception {
        try (ServerFixture server = new ServerFixture(root).start()) {
            Path file = server.sparseFile("large", LARGE);
            try (RawClient client = new RawClient(server.port())) {
                client.request("GET", way + "large");
                assertEquals(LARGE, client.head().contentLength());
                drain(client.in(), 1 << 20);
                try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
                    writer.setLength(2 << 20);
                }
                assertTrue(drainToTheEnd(client) < LARGE - (1 << 20));
                await("the truncated transfer's end", () -> descriptors(file) == 0);
            }
        }
    }

    /** Some ends are resets. */
    private static long drainToTheEnd(RawClient client) {
        long total = 0;
        try {
            for (long step = 1; step > 0; total += step) {
                step = drain(client.in(), 1 << 16);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection goes on after " + total + " bytes", e);
        } catch (IOException ignored) {
        }
        return total;
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aSlowReaderGetsEveryByte(String way) throws Exception {
        try (ServerFixture server = new ServerFixture(root).start()) {
            byte[] bytes = server.file("slow", 12_345_678);
            try (RawClient client = new RawClient(server.port())) {
                client.request("GET", way + "slow");
                long length = client.head().contentLength();
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                while (body.size() < length) {
                    body.write(client.in().readNBytes((int) Math.min(200_000, length - body.size())));
                    Thread.sleep(5);
                }
                assertEquals(sha256(bytes), sha256(body.toByteArray()));
            }
        }
    }

    @Test
    void aStalledClientHoldsUpNobodyElse() throws Exception {
        try (ServerFixture server = new ServerFixture(root).start(); RawClient stalled = new RawClient(server.port())) {
            server.sparseFile("large", LARGE);
            byte[] bytes = server.file("small", 20_000);
            stalled.request("GET", "/files/large");
            assertEquals(200, stalled.head().status());
            try (RawClient client = new RawClient(server.port())) {
                for (int i = 0; i < 100; i++) {
                    client.request("GET", "/files/small");
                    assertEquals(sha256(bytes), sha256(body(client)));
                }
            }
        }
    }

    private static byte[] body(RawClient client) throws IOException {
        return client.in().readNBytes((int) client.head().contentLength());
    }
}
