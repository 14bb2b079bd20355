package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.observe.Counters;
import io.readahead.os.FakePosix;
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

class SourceFileTest {

    private static final int MOST_OPEN = 256;
    private static final int MANY = 1000;

    private final FakePosix posix = new FakePosix();
    private final Counters counters = new Counters();
    @TempDir
    private Path folder;
    private FileChannel channel;
    private SourceFile file;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
        file = new SourceFile(channel, FakePosix.DEVICE, false);
    }

    @AfterEach
    void everyDescriptorIsClosedOnce() throws IOException {
        channel.close();
        assertEquals(0, posix.wrongCloses());
        assertEquals(posix.openNow(), counters.openDescriptors.get());
    }

    private int begin() {
        return file.beginUse(posix, counters);
    }

    private void end() {
        file.endUse(posix, counters);
    }

    @Test
    void oneDescriptorOfItsOwnServesAllUses() {
        int fd = begin();
        end();
        assertEquals(fd, begin());
        end();
        assertEquals(1, posix.openNow(), "kept for the next window");
        assertEquals("[open /proc/self/fd/N, random 0+0]", posix.calls().toString());
    }

    @Test
    void theKernelsReadaheadIsSwitchedWhereItIsNotAsWanted() {
        begin();
        assertFalse(file.readInOrder(posix, false));
        assertTrue(file.readInOrder(posix, true));
        assertTrue(file.readInOrder(posix, true));
        assertFalse(file.readInOrder(posix, false));
        end();
        assertEquals("[open /proc/self/fd/N, random 0+0, normal 0+0, random 0+0]", posix.calls().toString());
    }

    @Test
    void aDescriptorThatIsOpenedAgainReadsAheadByItselfWhenItIsTold() throws IOException {
        begin();
        assertTrue(file.readInOrder(posix, true));
        file.release();
        end();
        file = new SourceFile(channel, FakePosix.DEVICE, false);
        begin();
        assertFalse(file.readInOrder(posix, false));
        end();
    }

    @Test
    void onTheServersDescriptionTheKernelsReadaheadStaysAsItIs() {
        posix.reopens = false;
        begin();
        assertFalse(file.readInOrder(posix, true));
        end();
        assertEquals("[open /proc/self/fd/N]", posix.calls().toString());
    }

    @Test
    void wherePathsAreRefusedADupIsUsedAndNotAdvised() {
        posix.reopens = false;
        assertTrue(begin() >= 0);
        end();
        assertEquals("[open /proc/self/fd/N]", posix.calls().toString(), "advice on a dup would reach the server's description");
        assertEquals(1, posix.openNow());
    }

    @Test
    void withoutADescriptorLeftTheServersOwnIsUsedAndNotClosed() {
        posix.dups = false;
        assertTrue(begin() >= 0);
        assertEquals(0, counters.openDescriptors.get());
        assertTrue(file.lack().orElseThrow().contains("ulimit -n"));
        end();
        assertEquals(0, posix.wrongCloses());
        posix.dups = true;
        assertTrue(begin() >= 0, "later there may be one");
        end();
    }

    @Test
    void aReleasedFileIsClosedAfterTheReadUnderWay() {
        begin();
        assertTrue(file.release());
        file.close(posix, counters);
        assertEquals(1, posix.openNow(), "still read");
        end();
        assertEquals(0, posix.openNow());
        assertTrue(begin() < 0, "not opened again");
    }

    @Test
    void aFileThatWasNeverOpenedNeedsNoClosing() {
        assertFalse(file.release());
    }

    @Test
    void aReleasedFileThatNobodyReadsIsClosedByTheChore() {
        begin();
        end();
        assertTrue(file.release());
        file.close(posix, counters);
        assertEquals(0, posix.openNow());
    }

    @Test
    void theServersCloseEndsItAfterTheReadUnderWay() throws IOException {
        begin();
        channel.close();
        assertEquals(1, posix.openNow(), "still read");
        end();
        assertEquals(0, posix.openNow());
        assertTrue(begin() < 0, "its number may be another file's by now");
        assertEquals(0, posix.openNow());
    }

    @Test
    void aFileThatIsClosedBetweenItsNumberAndTheDupIsNotRead() {
        FakePosix closing = new FakePosix() {
            @Override
            public int dup(int fd) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return super.dup(fd);
            }
        };
        assertTrue(file.beginUse(closing, counters) < 0);
        assertEquals(0, closing.openNow());
    }

    @Test
    void aFileOfOneWindowIsNeitherReopenedNorKept() {
        file = new SourceFile(channel, FakePosix.DEVICE, true);
        begin();
        end();
        assertEquals(0, posix.openNow());
        begin();
        end();
        assertEquals(0, posix.openNow(), "evicted and wanted again");
        assertEquals("[]", posix.calls().toString(), "a dup was enough");
    }

    @Test
    void noMoreThanALimitStayOpenHoweverManyFilesThereAre() {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            files.add(new SourceFile(channel, FakePosix.DEVICE, false));
            files.get(i).beginUse(posix, counters);
            files.get(i).endUse(posix, counters);
        }
        assertEquals(MOST_OPEN, posix.openNow());
        files.forEach(SourceFile::release);
        files.forEach(released -> released.close(posix, counters));
        assertEquals(0, posix.openNow());
    }

    @Test
    void anOpeningThatBreaksLeavesNoDescriptorBehind() {
        FakePosix broken = new FakePosix() {
            @Override
            public int open(String path) {
                throw new OutOfMemoryError("on purpose");
            }
        };
        assertThrows(OutOfMemoryError.class, () -> file.beginUse(broken, counters));
        assertEquals(0, broken.openNow());
    }
}
