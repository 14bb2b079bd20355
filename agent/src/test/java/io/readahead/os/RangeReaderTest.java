package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class RangeReaderTest {

    private static final IntSupplier FD = () -> 5;
    private static final int EIO = 5;
    private static final long PAGE = 4096;
    /** Pages of the range that were cached before. */
    private static final long SOME = 1;
    private static final long NONE = 0;

    private final FakePosix posix = new FakePosix();
    private final RangeReader reader = new RangeReader(posix);

    @Test
    void theWholeRangeIsAskedForAtOnceAndGoneOverPieceByPieceWhereSomeOfItWasCached() {
        posix.sendfileAnswer = asked -> Math.min(asked, 60);
        assertEquals(100, reader.read(FD, 1000, 100, SOME));
        assertEquals(List.of("willneed 1000+100", "sendfile 1000+100", "sendfile 1060+40"), posix.calls());
    }

    @Test
    void aReadThatIsInterruptedGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() % 2 == 0 ? -Errno.EINTR : asked;
        assertEquals(100, reader.read(FD, 0, 100, SOME));
        assertEquals(100, reader.read(FD, 0, 100, NONE));
        assertEquals(4, calls.get());
    }

    @Test
    void theEndOfTheFileEndsIt() {
        posix.fileBytes = 1070;
        assertEquals(70, reader.read(FD, 1000, 100, SOME));
    }

    @Test
    void whatFailsIsSaidAndWhatWasReadBeforeCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        assertEquals(-EIO, reader.read(FD, 0, 100, SOME));
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() == 0 ? 30 : -EIO;
        assertEquals(30, reader.read(FD, 0, 100, SOME));
    }

    @Test
    void aClosedDescriptorIsNotWaitedFor() {
        posix.fadviseAnswer = -Errno.EBADF;
        assertEquals(-Errno.EBADF, reader.read(FD, 0, 100, SOME));
        assertEquals(List.of("willneed 0+100"), posix.calls());
    }

    @Test
    void adviceThatIsRefusedIsReadAllTheSame() {
        posix.fadviseAnswer = -Errno.EINVAL;
        assertEquals(100, reader.read(FD, 0, 100, SOME));
    }

    /** Nothing at the first looks, and all pages from then on. */
    private static FakePosix.LongIntToInt comesAfterLooks(int looks) {
        AtomicInteger looked = new AtomicInteger();
        return (offset, pages) -> looked.getAndIncrement() < looks ? 0 : pages;
    }

    @Test
    void whatWasNotThereIsAwaitedByItsLastByteAndNotUsed() {
        posix.mincoreAnswer = comesAfterLooks(1);
        assertEquals(300 * PAGE, reader.read(FD, PAGE, 300 * PAGE, NONE));
        assertEquals(List.of("mincore 1228800+1", "willneed 4096+1228800", "sendfile 1232895+1", "mincore 4096+300", "mincore 1052672+44"),
                posix.calls());
    }

    @Test
    void aWindowIsAnnouncedInPiecesBetweenWhichALoopMayRun() {
        posix.mincoreAnswer = comesAfterLooks(1);
        reader.read(FD, 100, 300 * PAGE, NONE);
        assertEquals(10, posix.pieces().size());
        assertEquals(32 * PAGE, posix.pieces().stream().mapToLong(piece -> piece).max().orElseThrow());
        assertEquals(300 * PAGE, posix.pieces().stream().mapToLong(piece -> piece).sum());
    }

    @Test
    void aDescriptorThatIsNoneIsAdvisedOnce() {
        posix.fadviseAnswer = -Errno.EBADF;
        assertEquals(-Errno.EBADF, reader.read(FD, 0, 300 * PAGE, SOME));
        assertEquals(1, posix.pieces().size());
    }

    @Test
    void whatOneReadBringsIsAwaitedByItsLastByteAlone() {
        assertEquals(16 * PAGE, reader.read(FD, PAGE, 16 * PAGE, NONE));
        assertEquals(List.of("willneed 4096+65536", "sendfile 69631+1"), posix.calls());
    }

    @Test
    void aRangeIsThereWhereNoPageOfItHasGone() {
        posix.mincoreAnswer = (offset, pages) -> pages;
        assertTrue(reader.isThere(FD, 100, 300 * PAGE));
        posix.mincoreAnswer = (offset, pages) -> pages - 1;
        assertFalse(reader.isThere(FD, 100, 16 * PAGE));
    }

    @Test
    void aRangeIsThereWhereNobodyCanSay() {
        posix.mincoreAnswer = (offset, pages) -> -Errno.EPERM;
        assertTrue(reader.isThere(FD, 100, 16 * PAGE));
        assertTrue(reader.isThere(FD, 100, 16 * PAGE));
        assertEquals(1, posix.calls().size(), "it is not asked again");
    }

    @Test
    void whatOneReadLeftOutIsGoneOver() {
        posix.cachedAnswer = (offset, pages) -> pages - 3;
        posix.mincoreAnswer = (offset, pages) -> 5;
        assertEquals(16 * PAGE, reader.read(FD, 0, 16 * PAGE, NONE));
        assertEquals("sendfile 20480+45056", posix.calls().get(posix.calls().size() - 1), "or an event loop would read it");
    }

    @Test
    void whatOneReadBroughtBeforeAFailureCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        posix.mincoreAnswer = (offset, pages) -> 3;
        assertEquals(3 * PAGE, reader.read(FD, 0, 16 * PAGE, NONE));
        posix.mincoreAnswer = (offset, pages) -> 0;
        assertEquals(-EIO, reader.read(FD, 0, 16 * PAGE, NONE));
        assertEquals("mincore 0+16", posix.calls().get(posix.calls().size() - 1), "a disk that fails is not asked again");
    }

    @Test
    void whatTheKernelForgotOfAnAdviceIsAskedForAgain() {
        posix.mincoreAnswer = comesAfterLooks(1);
        posix.cachedAnswer = (offset, pages) -> (int) posix.calls().stream().filter(call -> call.startsWith("willneed")).count() * 32;
        assertEquals(80 * PAGE, reader.read(FD, PAGE, 80 * PAGE, NONE));
        assertEquals(List.of("willneed 4096+327680", "willneed 135168+196608", "willneed 266240+65536"),
                posix.calls().stream().filter(call -> call.startsWith("willneed")).toList());
    }

    @Test
    void whatIsNeverBroughtIsNotAskedForAgainAndAgain() {
        posix.mincoreAnswer = comesAfterLooks(1);
        posix.cachedAnswer = (offset, pages) -> 3;
        assertEquals(80 * PAGE, reader.read(FD, 0, 80 * PAGE, NONE));
        assertEquals(2, posix.calls().stream().filter(call -> call.startsWith("willneed")).count());
    }

    @Test
    void aDiskThatAnswersOutOfOrderIsAwaitedPieceByPiece() {
        AtomicInteger looks = new AtomicInteger();
        posix.mincoreAnswer = (offset, pages) -> List.of(0, 2, 50, pages).get(looks.getAndIncrement());
        assertEquals(90 * PAGE - 10, reader.read(FD, 10, 90 * PAGE - 10, NONE));
        assertEquals(List.of("sendfile 368639+1", "mincore 0+90", "sendfile 8192+1", "mincore 8192+88", "sendfile 212992+1",
                "mincore 212992+38"), posix.calls().subList(2, 8));
    }

    @Test
    void whoGetsAByteAtATimeGoesOverTheRest() {
        AtomicInteger looks = new AtomicInteger();
        posix.mincoreAnswer = (offset, pages) -> List.of(0, 2, 1).get(looks.getAndIncrement());
        assertEquals(90 * PAGE, reader.read(FD, 0, 90 * PAGE, NONE));
        assertEquals("sendfile 8192+360448", posix.calls().get(posix.calls().size() - 1));
    }

    @Test
    void whereNobodyCanSayWhatHasComeTheRangeIsGoneOver() {
        assertEquals(20 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE));
        assertEquals(20 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE));
        assertEquals(List.of("mincore 77824+1", "willneed 0+81920", "sendfile 0+81920", "willneed 0+81920", "sendfile 0+81920"),
                posix.calls(), "and a kernel that has no answer is not asked again");
    }

    @Test
    void whoeverIsToldThatAllIsThereBeforeItWasReadGoesOverIt() {
        posix.mincoreAnswer = (offset, pages) -> pages;
        assertEquals(20 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE));
        assertEquals("sendfile 0+81920", posix.calls().get(2));
    }

    @Test
    void aPageThatIsGoneAgainOrAFileThatWasCutEndsTheWait() {
        posix.mincoreAnswer = (offset, pages) -> 0;
        assertEquals(20 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE), "the first page has gone");
        posix.fileBytes = 5 * PAGE;
        assertEquals(5 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE), "to where the file ends");
    }

    @Test
    void whatCameBeforeAFailureCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        posix.mincoreAnswer = (offset, pages) -> pages == 1 ? 0 : 3;
        assertEquals(3 * PAGE, reader.read(FD, 0, 20 * PAGE, NONE));
        posix.mincoreAnswer = (offset, pages) -> 0;
        assertEquals(-EIO, reader.read(FD, 0, 20 * PAGE, NONE));
        assertEquals("mincore 0+20", posix.calls().get(posix.calls().size() - 1), "a disk that fails is not asked again");
    }

    @Test
    void pagesThatCameWithWhatIsBesideARangeDoNotCount() {
        posix.cachedAnswer = (offset, pages) -> (int) (offset / PAGE) * 1000 + pages;
        assertEquals(1001, reader.cachedPages(FD, 1, 2 * PAGE));
        assertEquals(2002, reader.cachedPages(FD, 2 * PAGE, 2 * PAGE));
        assertEquals(1, reader.cachedPages(FD, 100, 50), "but where there are no others");
        assertEquals(2, reader.cachedPages(FD, PAGE - 1, 2));
    }

    @Test
    void aFewPagesOfManyAreARemnant() {
        assertTrue(RangeReader.isRemnant(32, 0, 100 * PAGE));
        assertFalse(RangeReader.isRemnant(33, 0, 100 * PAGE));
        assertFalse(RangeReader.isRemnant(6, 0, 10 * PAGE));
        assertFalse(RangeReader.isRemnant(0, 0, 10 * PAGE));
        assertFalse(RangeReader.isRemnant(-Errno.EPERM, 0, 10 * PAGE));
    }

    @Test
    void devNullIsOpenUntilItIsClosed() {
        assertEquals(1, posix.openNow());
        reader.close();
        assertEquals(0, posix.openNow());
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
