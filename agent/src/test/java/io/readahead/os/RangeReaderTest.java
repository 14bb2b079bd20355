package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RangeReaderTest {

    private static final int FD = 5;
    private static final int EIO = 5;

    private final FakePosix posix = new FakePosix();
    private final RangeReader reader = new RangeReader(posix);

    @Test
    void theWholeRangeIsAskedForAtOnceAndAwaitedPieceByPiece() {
        posix.sendfileAnswer = asked -> Math.min(asked, 60);
        assertEquals(100, reader.read(FD, 1000, 100));
        assertEquals(List.of("willneed 1000+100", "sendfile 1000+100", "sendfile 1060+40"), posix.calls());
    }

    @Test
    void aReadThatIsInterruptedGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() == 0 ? -Errno.EINTR : asked;
        assertEquals(100, reader.read(FD, 0, 100));
    }

    @Test
    void theEndOfTheFileEndsIt() {
        posix.fileBytes = 1070;
        assertEquals(70, reader.read(FD, 1000, 100));
    }

    @Test
    void whatFailsIsSaidAndWhatWasReadBeforeCounts() {
        posix.sendfileAnswer = asked -> -EIO;
        assertEquals(-EIO, reader.read(FD, 0, 100));
        AtomicInteger calls = new AtomicInteger();
        posix.sendfileAnswer = asked -> calls.getAndIncrement() == 0 ? 30 : -EIO;
        assertEquals(30, reader.read(FD, 0, 100));
    }

    @Test
    void aClosedDescriptorIsNotWaitedFor() {
        posix.fadviseAnswer = -Errno.EBADF;
        assertEquals(-Errno.EBADF, reader.read(FD, 0, 100));
        assertEquals(List.of("willneed 0+100"), posix.calls());
    }

    @Test
    void adviceThatIsRefusedIsReadAllTheSame() {
        posix.fadviseAnswer = -Errno.EINVAL;
        assertEquals(100, reader.read(FD, 0, 100));
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
