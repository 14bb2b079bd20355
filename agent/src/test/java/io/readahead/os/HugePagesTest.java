package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** On the kernel that this runs on. */
class HugePagesTest {

    private static final int POSIX_FADV_DONTNEED = 4;    // linux/fadvise.h
    private static final long BYTES = HugePages.BYTES;
    private static final int PAGE_BYTES = 4096;
    private static final int ATTEMPTS = 40;
    private static final int PAUSE_MILLIS = 25;

    @Test
    void oneIsBroughtAndNothingBesideIt() throws Exception {
        Natives natives = Natives.load();
        assumeTrue(natives.available(), natives.description());
        PosixLibrary posix = natives.posix();
        HugePages hugePages = new HugePages(posix);
        Path path = Files.createTempFile(Path.of("target").toAbsolutePath(), "huge-pages", ".bin");
        try {
            write(path);
            int fd = posix.open(path.toString());
            FileFacts facts = new FileFacts();
            posix.stat(fd, facts);
            assumeTrue(hugePages.areOf(facts.device()), () -> "the tests' folder is on no device, or the kernel is older than 5.18");
            assumeTrue(posix.cachedPages(fd, 0, 1) >= 0, "the kernel has no cachestat(2)");
            posix.posix_fadvise(fd, 0, 0, PosixLibrary.POSIX_FADV_RANDOM);
            for (int attempt = 0; attempt < ATTEMPTS && posix.cachedPages(fd, 0, 3 * BYTES) > 0; attempt++) {
                posix.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
                Thread.sleep(PAUSE_MILLIS);
            }
            assertEquals(0, posix.cachedPages(fd, 0, 3 * BYTES), "pages before");
            assertTrue(hugePages.bring(fd, BYTES));
            assertEquals(BYTES / PAGE_BYTES, posix.cachedPages(fd, BYTES, BYTES), "pages of the one that was asked for");
            assertEquals(BYTES / PAGE_BYTES, posix.cachedPages(fd, 0, 3 * BYTES), "pages in all");
            assertFalse(hugePages.bring(fd, 4 * BYTES), "past the end of the file");
            posix.close(fd);
        } finally {
            Files.delete(path);
        }
    }

    private static void write(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long at = 0; at < 3 * BYTES; at += PAGE_BYTES) {
                channel.write(ByteBuffer.allocate(PAGE_BYTES), at);
            }
            channel.force(true);
        }
    }
}
