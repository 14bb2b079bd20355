package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeReaderTest {

    private static final int FD = 5;
    private static final int EIO = 5;
    private static final long DISK = 8L << 32;
    private static final long WITHOUT_A_DISK = 33;
    private static final long HUGE = RangeReader.HUGE_PAGE_BYTES;

    private static final long PAGE = 4096;
    /** Pages of the range that were cached before. */
    private static final long SOME = 1;
    private static final long NONE = 0;

    @TempDir
    private Path sysfs;

    private final FakePosix posix = new FakePosix();
    private RangeReader reader;

    @BeforeEach
    void newReader() throws IOException {
        reader = reader(128);
    }

    /** Beside a disk that the kernel reads ahead of by so many KB. */
    private RangeReader reader(int readAheadKib) throws IOException {
        Path queue = Files.createDirectories(sysfs.resolve("dev/block/8:0/queue"));
        Files.writeString(queue.resolve("read_ahead_kb"), readAheadKib + "\n");
        return new RangeReader(posix, new HugePages(posix, "6.18.0"), new KernelReadahead(sysfs));
    }

    @Test
    void theWholeRangeIsAskedForAtOnceAndAwaitedPieceByPiece() {
        posix.sendfileAnswer = asked -> Math.min(asked, 60);
        assertEquals(100, reader.read(FD, DISK, 1000, 100, SOME));
        assertEquals(List.of("willneed 1000+100", "sendfile 1000+100", "sendfile 1060+40"), posix.calls());
    }

    @Test
    void aReadThatIsInterruptedGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() == 0 ? -Errno.EINTR : asked;
        assertEquals(100, reader.read(FD, DISK, 0, 100, SOME));
    }

    @Test
    void theEndOfTheFileEndsIt() {
        posix.fileBytes = 1070;
        assertEquals(70, reader.read(FD, DISK, 1000, 100, SOME));
    }

    @Test
    void whatFailsIsSaidAndWhatWasReadBeforeCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        assertEquals(-EIO, reader.read(FD, DISK, 0, 100, SOME));
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() == 0 ? 30 : -EIO;
        assertEquals(30, reader.read(FD, DISK, 0, 100, SOME));
    }

    @Test
    void aClosedDescriptorIsNotWaitedFor() {
        posix.fadviseAnswer = -Errno.EBADF;
        assertEquals(-Errno.EBADF, reader.read(FD, DISK, 0, 100, SOME));
        assertEquals(List.of("willneed 0+100"), posix.calls());
    }

    @Test
    void adviceThatIsRefusedIsReadAllTheSame() {
        posix.fadviseAnswer = -Errno.EINVAL;
        assertEquals(100, reader.read(FD, DISK, 0, 100, SOME));
    }

    @Test
    void whatWasNotThereIsAwaitedByItsLastByteAndNotUsed() {
        posix.mincoreAnswer = (offset, pages) -> pages;
        assertEquals(300 * PAGE, reader.read(FD, DISK, PAGE, 300 * PAGE, NONE));
        assertEquals(List.of("willneed 4096+1228800", "sendfile 1232895+1", "mincore 4096+300", "mincore 1052672+44"), posix.calls());
    }

    @Test
    void aDiskThatAnswersOutOfOrderIsAwaitedPageByPage() {
        AtomicInteger looks = new AtomicInteger();
        posix.mincoreAnswer = (offset, pages) -> List.of(2, 5, pages).get(looks.getAndIncrement());
        assertEquals(20 * PAGE - 10, reader.read(FD, DISK, 10, 20 * PAGE - 10, NONE));
        assertEquals(List.of("willneed 10+81910", "sendfile 81919+1", "mincore 0+20", "sendfile 8192+1", "mincore 8192+18",
                "sendfile 28672+1", "mincore 28672+13"), posix.calls());
    }

    @Test
    void whereNobodyCanSayWhatHasComeTheRangeIsGoneOver() {
        assertEquals(20 * PAGE, reader.read(FD, DISK, 0, 20 * PAGE, NONE));
        assertEquals("sendfile 0+81920", posix.calls().get(3));
    }

    @Test
    void aPageThatIsGoneAgainOrAFileThatWasCutEndsTheWait() {
        posix.mincoreAnswer = (offset, pages) -> offset == 0 ? 3 : 0;
        assertEquals(20 * PAGE, reader.read(FD, DISK, 0, 20 * PAGE, NONE), "gone over");
        posix.mincoreAnswer = (offset, pages) -> 0;
        assertEquals(20 * PAGE, reader.read(FD, DISK, 0, 20 * PAGE, NONE), "the first page has gone");
        posix.fileBytes = 5 * PAGE;
        assertEquals(5 * PAGE, reader.read(FD, DISK, 0, 20 * PAGE, NONE), "to where the file ends");
    }

    @Test
    void whatCameBeforeAFailureCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        posix.mincoreAnswer = (offset, pages) -> 3;
        assertEquals(3 * PAGE, reader.read(FD, DISK, 0, 20 * PAGE, NONE));
        posix.mincoreAnswer = (offset, pages) -> 0;
        assertEquals(-EIO, reader.read(FD, DISK, 0, 20 * PAGE, NONE));
        assertEquals("mincore 0+20", posix.calls().get(posix.calls().size() - 1), "a disk that fails is not asked again");
    }

    @Test
    void hugePagesAreGoneOverWhereTheKernelReadsAheadAsFar() throws IOException {
        posix.mincoreAnswer = (offset, pages) -> pages;
        reader.read(FD, DISK, 0, HUGE, NONE);
        assertEquals(List.of("populate 0+" + HUGE, "sendfile " + (HUGE - 1) + "+1", "mincore 0+512", "mincore 1048576+256"), posix.calls());
        reader(2048).read(FD, DISK, 0, HUGE, NONE);
        assertEquals(List.of("populate 0+" + HUGE, "sendfile 0+" + HUGE), posix.calls().subList(4, 6));
    }

    @Test
    void wholeHugePagesAreReadAsSuchWhileTheRestComes() {
        assertEquals(2 * HUGE + 300, reader.read(FD, DISK, HUGE - 100, 2 * HUGE + 300, SOME));
        assertEquals(List.of("willneed " + (HUGE - 100) + "+100", "willneed " + 3 * HUGE + "+200", "populate " + HUGE + "+" + HUGE,
                "populate " + 2 * HUGE + "+" + HUGE, "sendfile " + (HUGE - 100) + "+" + (2 * HUGE + 300)), posix.calls());
    }

    @Test
    void aHugePageThatDoesNotComeIsReadAsTheRest() {
        posix.populateAnswer = -14;    // EFAULT
        assertEquals(2 * HUGE, reader.read(FD, DISK, 0, 2 * HUGE, SOME));
        assertEquals(List.of("populate 0+" + HUGE, "willneed 0+" + 2 * HUGE, "sendfile 0+" + 2 * HUGE), posix.calls());
        reader.read(FD, DISK, 0, HUGE, SOME);
        assertEquals("populate 0+" + HUGE, posix.calls().get(3), "asked again, for the next may come");
    }

    @Test
    void whereTheKernelHasNoneNobodyAsksAgain() {
        posix.populateAnswer = -Errno.EINVAL;
        assertEquals(HUGE, reader.read(FD, DISK, 0, HUGE, SOME));
        assertEquals(HUGE, reader.read(FD, DISK, HUGE, HUGE, SOME));
        assertEquals(List.of("populate 0+" + HUGE, "willneed 0+" + HUGE, "sendfile 0+" + HUGE,
                "willneed " + HUGE + "+" + HUGE, "sendfile " + HUGE + "+" + HUGE), posix.calls());
    }

    @Test
    void aFileSystemWithoutADeviceHasNone() {
        assertEquals(HUGE, reader.read(FD, WITHOUT_A_DISK, 0, HUGE, SOME));
        assertEquals(List.of("willneed 0+" + HUGE, "sendfile 0+" + HUGE), posix.calls());
    }

    @Test
    void kernelsThatWouldReadPageByPageHaveNone() {
        for (String release : List.of("5.17.9", "4.18.0-553.el8.x86_64", "", "unknown")) {
            assertFalse(new HugePages(posix, release).areOf(DISK), release);
        }
        for (String release : List.of("5.18.0", "6.1.0-34-amd64", "10.0")) {
            assertTrue(new HugePages(posix, release).areOf(DISK), release);
        }
    }

    @Test
    void devNullIsOpenUntilItIsClosed() {
        int before = posix.openNow();
        new RangeReader(posix).close();
        assertEquals(before, posix.openNow());
        reader.close();
        assertEquals(before - 1, posix.openNow());
    }

    @Test
    void withoutDevNullThereIsNoReader() {
        String message = assertThrows(IllegalStateException.class, () -> new RangeReader(new FakePosix() {
            @Override
            public int openForWriting(String path) {
                return -EIO;
            }
        })).getMessage();
        assertTrue(message.contains("/dev/null") && message.contains(Integer.toString(EIO)), message);
    }
}
