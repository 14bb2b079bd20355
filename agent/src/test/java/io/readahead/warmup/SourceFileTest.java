package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.jdk.JdkInternals;
import io.readahead.os.FakePosix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {

    @TempDir
    private Path folder;
    private FileChannel channel;
    private SourceFile file;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
        file = new SourceFile(channel, FakePosix.DEVICE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void itIsReadByTheServersOwnDescriptorUntilTheServerClosesThat() throws IOException {
        assertEquals(JdkInternals.descriptorOf(channel), file.descriptor());
        assertTrue(file.isWanted());
        channel.close();
        assertEquals(JdkInternals.NO_DESCRIPTOR, file.descriptor(), "the number may be another file's by now");
        assertFalse(file.isWanted());
    }

    @Test
    void whatWasReleasedIsWantedNoMore() {
        file.release();
        assertFalse(file.isWanted());
        assertEquals(JdkInternals.descriptorOf(channel), file.descriptor(), "a read under way goes on");
    }
}
