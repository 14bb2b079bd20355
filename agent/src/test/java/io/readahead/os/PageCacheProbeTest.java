package io.readahead.os;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which questions are asked of which pages, and what the answers are worth. */
class PageCacheProbeTest {

    private static final long PAGE = 4096;
    private static final long KIB = 1024;
    private static final int FD = 3;
    private static final long FILE_PAGES = 1000;

    private final List<Long> asked = new ArrayList<>();
    private long presentTo = FILE_PAGES;
    private long unreadFrom = FILE_PAGES;
    private long unreadTo = FILE_PAGES;
    private int cachestatErrno;

    /** Pages before {@code presentTo} are there, and of those the ones from {@code unreadFrom} to {@code unreadTo} are still being read. */
    private final PosixLibrary posix = new UnusedPosixLibrary() {

        @Override
        public int readableNow(int fd, long offset) {
            asked.add(offset / PAGE);
            if (offset >= FILE_PAGES * PAGE) {
                return 0;
            }
            long page = offset / PAGE;
            return page >= presentTo || page >= unreadFrom && page < unreadTo ? -Errno.EAGAIN : 1;
        }

        @Override
        public long cachedPages(int fd, long offset, long length) {
            long last = (offset + length - 1) / PAGE;
            long present = LongStream.rangeClosed(offset / PAGE, last).filter(page -> page < presentTo).count();
            return cachestatErrno != 0 ? -cachestatErrno : present;
        }
    };
    private final PageCacheProbe probe = new PageCacheProbe(posix);

    @Test
    void ofASmallRangeTheLastPageAloneIsAsked() {
        assertEquals(20 * KIB, probe.readablePrefix(FD, 0, 20 * KIB));
        assertEquals(List.of(4L), asked);
    }

    @Test
    void ofALargeRangeEveryEighthPageAndTheLastAreAsked() {
        assertEquals(100 * KIB, probe.readablePrefix(FD, 0, 100 * KIB));
        assertEquals(List.of(0L, 8L, 16L, 24L), asked);
    }

    @Test
    void aSmallRangeThatIsStillBeingReadIsNotReadable() {
        unreadFrom = 0;
        assertEquals(0, probe.readablePrefix(FD, 0, 20 * KIB));
    }

    @Test
    void absentPagesEndTheQuestionBeforeAReadIsStarted() {
        presentTo = 0;
        assertEquals(0, probe.readablePrefix(FD, 0, 20 * KIB));
        assertEquals(List.of(), asked);
    }

    @Test
    void aRangeIsReadableUpToThePagesBeforeTheOneThatIsNot() {
        unreadFrom = 64;
        assertEquals(56 * PAGE, probe.readablePrefix(FD, 0, 1024 * KIB));
    }

    @Test
    void withoutCachestatASmallRangePastTheEndIsAskedFromItsBeginning() {
        cachestatErrno = Errno.ENOSYS;
        probe.selfTest(FD);
        asked.clear();
        unreadFrom = FILE_PAGES - 1;
        assertEquals(0, probe.readablePrefix(FD, (FILE_PAGES - 1) * PAGE, 20 * KIB));
        assertEquals(FILE_PAGES - 1, asked.get(1), "the page past the end says nothing of those before it");
    }
}
