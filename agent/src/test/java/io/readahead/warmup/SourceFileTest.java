package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.os.UnusedPosixLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** How many descriptors are open, and for how long. */
class SourceFileTest {

    private static final int MOST_OPEN = 256;
    private static final int MANY = 1000;

    @TempDir
    private Path folder;

    private final Counters counters = new Counters();
    private final CountingPosix posix = new CountingPosix();
    private FileChannel channel;

    /** Counts what is open. */
    private static final class CountingPosix extends UnusedPosixLibrary {

        private int open;
        private int reopened;
        private int last = 100;

        @Override
        public int dup(int fd) {
            open++;
            return ++last;
        }

        @Override
        public int open(String path) {
            open++;
            reopened++;
            return ++last;
        }

        @Override
        public int close(int fd) {
            open--;
            return 0;
        }

        @Override
        public int posix_fadvise(int fd, long offset, long length, int advice) {
            return 0;
        }
    }

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private void use(SourceFile file) {
        file.beginUse(posix, counters);
        file.endUse(posix, counters);
    }

    @Test
    void aFileOfManyWindowsStaysOpenForTheNext() {
        SourceFile file = new SourceFile(channel, 0, false);
        use(file);
        use(file);
        assertEquals(1, posix.reopened);
        assertEquals(1, posix.open);
        file.release();
        file.close(posix, counters);
        assertEquals(0, posix.open);
    }

    @Test
    void aFileOfOneWindowIsNeitherReopenedNorKept() {
        SourceFile file = new SourceFile(channel, 0, true);
        use(file);
        assertEquals(0, posix.open);
        assertEquals(0, posix.reopened);
        use(file);
        assertEquals(0, posix.open, "evicted and wanted again");
        assertEquals(0, counters.openDescriptors.get());
    }

    @Test
    void noMoreThanALimitStayOpenHoweverManyFilesThereAre() {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            files.add(new SourceFile(channel, 0, false));
            use(files.get(i));
        }
        assertEquals(MOST_OPEN, posix.open);
        use(files.get(MANY - 1));
        assertEquals(MOST_OPEN, posix.open, "one that is closed after each window");
        files.forEach(SourceFile::release);
        files.forEach(file -> file.close(posix, counters));
        assertEquals(0, posix.open);
        assertEquals(0, counters.openDescriptors.get());
    }
}
