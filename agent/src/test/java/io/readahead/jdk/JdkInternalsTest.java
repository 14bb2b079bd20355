package io.readahead.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this JDK; the integration tests do the same on the others. */
class JdkInternalsTest {

    private static final int QUEUES_WHEN_CLOSED_FEATURE = 25;

    @TempDir
    private Path folder;

    @Test
    void theDescriptorOfAFileIsTheKernelsUntilItIsClosed() throws IOException {
        Path path = Files.createFile(folder.resolve("file"));
        FileChannel file = FileChannel.open(path);
        int fd = JdkInternals.descriptorOf(file);
        Path link = Path.of("/proc/self/fd/" + fd);
        if (Files.exists(Path.of("/proc/self/fd"))) {
            assertEquals(path.toRealPath(), link.toRealPath());
        }
        assertTrue(JdkInternals.isJdkFileChannel(file));
        file.close();
        assertEquals(JdkInternals.NO_DESCRIPTOR, JdkInternals.descriptorOf(file));
    }

    @Test
    void aChannelThatPassesThePageCacheByIsKnown() throws IOException {
        Path path = Files.createFile(folder.resolve("file"));
        try (FileChannel file = FileChannel.open(path)) {
            assertFalse(JdkInternals.isDirect(file));
        }
        try (FileChannel direct = FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            assertTrue(JdkInternals.isDirect(direct));
        } catch (FileSystemException refused) {
            assertTrue(refused.getMessage().contains("Invalid argument"), "a file system without: " + refused);
        }
    }

    @Test
    void theKeysOfAChannelAreThoseItIsRegisteredWith() throws IOException {
        Pipe pipe = Pipe.open();
        try (Selector one = Selector.open(); Selector other = Selector.open(); Pipe.SinkChannel sink = pipe.sink();
             Pipe.SourceChannel ignored = pipe.source()) {
            assertTrue(JdkInternals.isJdkStream(sink));
            assertFalse(JdkInternals.isJdkStream("a channel"));
            assertNull(JdkInternals.keysOf(sink), "never registered");
            sink.configureBlocking(false);
            SelectionKey first = sink.register(one, SelectionKey.OP_WRITE);
            SelectionKey second = sink.register(other, 0);
            SelectionKey[] keys = JdkInternals.keysOf(sink);
            assertEquals(2, Arrays.stream(keys).filter(Objects::nonNull).count());
            assertTrue(Arrays.asList(keys).contains(first) && Arrays.asList(keys).contains(second));
        }
    }

    @Test
    void aQueuedKeyIsAcceptedAndThatOfAClosedSelectorWakesNobody() throws IOException {
        Pipe pipe = Pipe.open();
        Selector selector = Selector.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel ignored = pipe.source()) {
            sink.configureBlocking(false);
            SelectionKey key = sink.register(selector, SelectionKey.OP_WRITE);
            assertTrue(JdkInternals.queueForTranslation(key));
            assertEquals(1, selector.selectNow());
            selector.close();
            if (Runtime.version().feature() < QUEUES_WHEN_CLOSED_FEATURE) {
                assertThrows(ClosedSelectorException.class, () -> JdkInternals.queueForTranslation(key));
            } else {
                assertTrue(JdkInternals.queueForTranslation(key));
                assertSame(selector, selector.wakeup());
            }
            assertFalse(key.isValid());
        }
    }

    @Test
    void theAddressOfABufferIsThatOfItsFirstByte() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        assertNotEquals(0, JdkInternals.addressOf(buffer));
        assertEquals(JdkInternals.addressOf(buffer) + 16, JdkInternals.addressOf(buffer.slice(16, 16)));
    }
}
