package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FreshAnswersTest {

    private static final long DISK = 8L << 32 | 16;
    private static final long WITHOUT_A_DISK = 33;
    private static final long OVERLAY = 34;
    private static final long INODE = 12;
    private static final long STAMP = 5;
    private static final long LENGTH = 20_000;
    private static final long FILE_BYTES = 5 * LENGTH;
    private static final int FD = 5;

    private final FileFacts facts = new FileFacts();
    private long nanos = System.nanoTime();
    private long sendable = LENGTH;
    private int asked;
    private final FreshAnswers answers = new FreshAnswers(new Residency() {

        @Override
        public long readablePrefix(int fd, long position, long length) {
            asked++;
            return sendable;
        }

        @Override
        public boolean isOfTheFile(long device) {
            return device == OVERLAY;
        }

        @Override
        public long kernelReadahead(long device) {
            return device;
        }
    }, () -> nanos);

    @BeforeEach
    void aFileOnADisk() {
        facts.set(true, FILE_BYTES, DISK, INODE);
    }

    private long ask(int fd, long position, long length) {
        return answers.sendablePrefix(fd, position, length, facts);
    }

    @Test
    void anAnswerThatWasGivenTwiceStandsForTheFileWhateverItsDescriptor() {
        assertEquals(LENGTH, ask(FD, 0, LENGTH));
        passes(49);
        assertEquals(LENGTH, ask(FD + 1, 0, LENGTH));
        assertEquals(2, asked);
        passes(49);
        assertEquals(LENGTH, ask(FD + 2, 0, LENGTH));
        assertEquals(LENGTH / 2, ask(FD + 3, 0, LENGTH / 2), "part of it");
        assertEquals(2, asked);
    }

    @Test
    void anOldAnswerIsAskedAgainAndTwice() {
        giveTwice();
        passes(51);
        ask(FD, 0, LENGTH);
        assertEquals(3, asked);
        sendable = 0;
        assertEquals(0, ask(FD, 0, LENGTH));
        assertEquals(4, asked);
    }

    @Test
    void aFileThatIsAskedForNowAndThenIsAskedForEachTime() {
        for (int time = 0; time < 4; time++) {
            ask(FD, 0, LENGTH);
            passes(51);
        }
        assertEquals(4, asked);
    }

    @Test
    void aPartThatWasFoundSaysNothingOfTheRest() {
        giveTwice();
        passes(51);
        sendable = LENGTH / 2;
        ask(FD, 0, LENGTH / 2);
        ask(FD, 0, LENGTH / 2);
        assertEquals(LENGTH / 2, ask(FD, 0, LENGTH), "asked again");
        assertEquals(5, asked);
    }

    @Test
    void anAnswerIsNotOfAnotherFileOrPlaceOrOfMore() {
        giveTwice();
        sendable = 0;
        assertEquals(0, ask(FD, 0, LENGTH + 1));
        assertEquals(0, ask(FD, 4096, LENGTH));
        facts.set(true, FILE_BYTES, DISK, INODE + 1);
        assertEquals(0, ask(FD, 0, LENGTH));
        facts.set(true, FILE_BYTES, DISK + 1, INODE);
        assertEquals(0, ask(FD, 0, LENGTH));
        facts.set(true, FILE_BYTES + 1, DISK, INODE);
        assertEquals(0, ask(FD, 0, LENGTH), "the file has grown, and a mark may matter now");
        facts.set(true, FILE_BYTES, DISK, INODE);
        assertEquals(LENGTH, ask(FD, 0, LENGTH));
    }

    private void giveTwice() {
        ask(FD, 0, LENGTH);
        ask(FD, 0, LENGTH);
    }

    private void passes(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void whatIsNotAllThereIsAskedForEachTime() {
        sendable = LENGTH - 1;
        assertEquals(LENGTH - 1, ask(FD, 0, LENGTH));
        sendable = Residency.toBeGoneOver(LENGTH);
        assertEquals(Residency.toBeGoneOver(LENGTH), ask(FD, 0, LENGTH));
        sendable = Residency.UNKNOWN;
        assertEquals(Residency.UNKNOWN, ask(FD, 0, LENGTH));
        assertEquals(3, asked);
    }

    @Test
    void onOverlayTheNumbersAreTheKernelsToo() {
        facts.set(true, FILE_BYTES, OVERLAY, INODE);
        giveTwice();
        assertEquals(LENGTH, ask(FD, 0, LENGTH));
        assertEquals(2, asked);
    }

    @Test
    void whereADaemonNumbersThemTheTimesTellFilesApart() {
        facts.set(true, FILE_BYTES, WITHOUT_A_DISK, INODE, STAMP);
        giveTwice();
        assertEquals(LENGTH, ask(FD, 0, LENGTH));
        assertEquals(2, asked);
        facts.set(true, FILE_BYTES, WITHOUT_A_DISK, INODE, STAMP + 1);
        ask(FD, 0, LENGTH);
        assertEquals(3, asked);
    }

    @Test
    void whereADaemonMayHaveThemDroppedNothingCountsForASecondAfterAFileWasAbsent() {
        facts.set(true, FILE_BYTES, WITHOUT_A_DISK, INODE, STAMP);
        sendable = 0;
        ask(FD, 0, LENGTH);
        sendable = LENGTH;
        giveTwice();
        ask(FD, 0, LENGTH);
        passes(999);
        ask(FD, 0, LENGTH);
        assertEquals(5, asked);
        passes(1);
        giveTwice();
        ask(FD, 0, LENGTH);
        assertEquals(7, asked);
    }

    @Test
    void aFileWithoutADeviceOfItsOwnIsAskedEachTime() {
        facts.set(true, FILE_BYTES, WITHOUT_A_DISK, INODE);
        giveTwice();
        ask(FD, 0, LENGTH);
        facts.set(true, FILE_BYTES, DISK);
        giveTwice();
        ask(FD, 0, LENGTH);
        assertEquals(6, asked);
    }

    @Test
    void whoGoesOnWhereNoMarksMatterIsAnsweredByTheKernel() {
        giveTwice();
        assertEquals(LENGTH, answers.readablePrefix(FD, 0, LENGTH));
        assertEquals(3, asked);
        assertEquals(DISK, answers.kernelReadahead(DISK));
    }
}
