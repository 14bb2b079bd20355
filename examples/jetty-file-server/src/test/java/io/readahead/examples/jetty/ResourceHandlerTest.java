package io.readahead.examples.jetty;

import static io.readahead.examples.jetty.ServerFixture.drain;
import static io.readahead.examples.jetty.ServerFixture.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jetty as it comes, by {@code --handler resource}, and what the demo relies on: large files are mapped, and written by who selects. */
class ResourceHandlerTest {
    /** Jetty keeps files of up to 128 MB in buffers of its own. */
    private static final long LARGE = (128L << 20) + 123;
    private static final byte[] MARK = "behind what Jetty keeps".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path root;
    private ServerFixture server;

    @BeforeEach
    void start() throws Exception {
        server = new ServerFixture(root, "--handler", "resource").start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void writeLarge() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(server.sparseFile("large", LARGE).toFile(), "rw")) {
            file.seek(LARGE - MARK.length);
            file.write(MARK);
        }
    }

    @Test
    void smallFilesAndRangesArrive() throws Exception {
        byte[] bytes = server.file("small", 20_000);
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 3; i++) {
                client.request("GET", "/files/small");
                assertEquals(sha256(bytes), sha256(client.in().readNBytes((int) client.head().contentLength())));
            }
            client.request("GET", "/files/small", "Range: bytes=100-299");
            RawClient.Head head = client.head();
            assertEquals(206, head.status());
            assertEquals(sha256(bytes, 100, 300), sha256(client.in().readNBytes((int) head.contentLength())));
        }
    }

    @Test
    void thereIsNoOtherPathThanFilesAndAPageThatSaysSo() throws Exception {
        server.file("small", 10);
        try (RawClient client = new RawClient(server.port())) {
            for (String target : new String[] {"/files/none", "/blocking/small", "/small"}) {
                client.request("GET", target);
                RawClient.Head head = client.head();
                assertEquals(404, head.status(), target);
                drain(client.in(), head.contentLength());
            }
            client.request("GET", "/");
            String page = new String(client.in().readNBytes((int) client.head().contentLength()), StandardCharsets.US_ASCII);
            assertTrue(page.contains("ResourceHandler") && !page.contains("/blocking"), page);
        }
    }

    @Test
    void aLargeFileIsMappedAndArrivesWhole() throws Exception {
        writeLarge();
        assertFalse(isMapped("large"), "mapped before anybody asked for it");
        try (RawClient client = new RawClient(server.port())) {
            client.request("GET", "/files/large");
            assertEquals(LARGE, client.head().contentLength());
            assertTrue(isMapped("large"), "mapped while it is being sent");
            assertEquals(LARGE - MARK.length, drain(client.in(), LARGE - MARK.length));
            assertArrayEquals(MARK, client.in().readNBytes(MARK.length));
        }
    }

    private boolean isMapped(String name) throws IOException {
        String path = root.toRealPath().resolve(name).toString();
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.anyMatch(line -> line.endsWith(path));
        }
    }

    /** One whose handlers may block would let another thread select meanwhile. */
    @Test
    void aLargeFileIsWrittenByThreadsOfJettysPoolThatSelect() throws Exception {
        assertEquals(InvocationType.NON_BLOCKING, server.server().server().getInvocationType());
        writeLarge();
        Set<String> writers = ThreadSampler.threadsIn("completeWrite", server, "/files/large");
        assertFalse(writers.isEmpty());
        assertTrue(writers.stream().allMatch(name -> name.startsWith("qtp")), writers::toString);
    }
}
