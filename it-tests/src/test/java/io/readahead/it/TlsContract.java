package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is promised besides where files go out over TLS: every byte is checked as it was before it was encrypted. */
abstract class TlsContract extends FileServerContract {

    private static final long FILE_BYTES = 12 << 20;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    private static final int DEBUG_COLD_MILLIS = 20;
    /** More than a chunk of Netty's and than a TLS record, and no multiple of either. */
    private static final long MIDWAY_BYTES = 300_001;
    /** Behind all that the buffers of server and sockets hold when the file changes. */
    private static final long TRUNCATED_BYTES = 8 << 20;

    /** How a client breaks off. */
    private interface Manner {
        void in(RawHttp client) throws IOException;
    }

    private interface Change {
        void of(TestFile file) throws IOException;
    }

    @Test
    void rangesFilesThatChangeAndClientsThatBreakOffInsideARecordAreAsWithoutTheAgent() throws Exception {
        TestFile file = TestFile.write(root.resolve("ranges.bin"), FILE_BYTES).evict();
        try (ServerProcess server = kind.builder(jdk, root, true, "").property("readahead.debug.cold", DEBUG_COLD_MILLIS)
                .jvm(ServerProcess.ATTACH_LISTENER).start()) {
            assertRanges(file, server);
            if (kind.noticesTruncation()) {
                assertEnd(false, TestFile.write(root.resolve("truncated.bin"), FILE_BYTES).evict(), TlsContract::truncate, server);
            }
            assertEnd(true, TestFile.write(root.resolve("deleted.bin"), FILE_BYTES).evict(), changed -> Files.delete(changed.path()),
                    server);
            if (!kind.keepsFilesMapped()) {
                file.evict();
            }
            for (long read : new long[] {0, MIDWAY_BYTES}) {
                breakOff(file, read, server, RawHttp::resetInsideRecord);
                breakOff(file, read, server, RawHttp::halfCloseInsideRecord);
            }
            Await.until("no connection and no descriptor of the file is left",
                    () -> ProcessCounts.connections(server.port()) == 0
                            && !ProcessCounts.descriptors(server.pid()).contains(file.path().toString()),
                    () -> ProcessCounts.descriptors(server.pid()));
            try (RawHttp client = RawHttp.connect(server)) {
                Downloads.assertWhole(file, client.get(kind.pathOf(file)), server);
            }
            AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
            assertTrue(stats.parks() > 0 || !kind.helped(), () -> "nothing parked, so nothing was cold and nothing is proved: " + stats);
        }
    }

    private static void truncate(TestFile file) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
            channel.truncate(TRUNCATED_BYTES);
        }
    }

    private void breakOff(TestFile file, long read, ServerProcess server, Manner manner) throws IOException {
        try (RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES)) {
            client.send(kind.pathOf(file), Map.of());
            client.read(read);
            manner.in(client);
        }
    }

    private void assertRanges(TestFile file, ServerProcess server) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            assertRange(file, 0, 1, client, server);
            assertRange(file, 4095, 8194, client, server);
            assertRange(file, MIDWAY_BYTES, 5 << 20, client, server);
            assertRange(file, FILE_BYTES - 70_001, 70_001, client, server);
            Downloads.assertWhole(file, client.get(kind.pathOf(file)), server);
        }
    }

    private void assertRange(TestFile file, long offset, long length, RawHttp client, ServerProcess server) throws IOException {
        RawHttp.Body answer = client.getRange(kind.pathOf(file), offset, length);
        assertEquals(206, answer.status(), () -> "status of " + offset + "+" + length + "; " + server);
        assertTrue(answer.complete(), () -> "complete: " + offset + "+" + length + "; " + server);
        assertEquals(file.sha256(offset, length), answer.sha256(), () -> "SHA-256 of " + offset + "+" + length + "; " + server);
    }

    /** A file that is changed midway comes to the end announced, or the connection breaks; what came until then is the file's. */
    private void assertEnd(boolean whole, TestFile file, Change change, ServerProcess server) throws IOException {
        try (RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES)) {
            client.send(kind.pathOf(file), Map.of());
            client.read(MIDWAY_BYTES);
            change.of(file);
            try {
                client.read(Long.MAX_VALUE);
            } catch (SSLException | SocketException broken) {
                assertFalse(whole, () -> file.path() + " ended by " + broken + "; " + server);
            }
            RawHttp.Body body = client.finish();
            assertEquals(whole, body.complete(), () -> "complete: " + file.path() + ", " + body.bytes() + " bytes; " + server);
            assertEquals(file.sha256(0, body.bytes()), body.sha256(), () -> "what came of " + file.path() + "; " + server);
        }
    }
}
