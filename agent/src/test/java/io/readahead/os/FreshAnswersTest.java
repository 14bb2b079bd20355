package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FreshAnswersTest {

    private static final long DISK = 8L << 32 | 16;
    private static final long WITHOUT_A_DISK = 33;
    private static final long INODE = 12;
    private static final long LENGTH = 20_000;
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
        public long kernelReadahead(long device) {
            return device;
        }
    }, () -> nanos);

    @BeforeEach
    void aFileOnADisk() {
        facts.set(true, LENGTH, DISK, INODE);
    }

    private long ask(int fd, long position, long length) {
        return answers.sendablePrefix(fd, position, length, facts);
    }

    @Test
    void anAnswerStandsForTheFileWhateverItsDescriptor() {
        assertEquals(LENGTH, ask(FD, 0, LENGTH));
        nanos += TimeUnit.MILLISECONDS.toNanos(49);
        assertEquals(LENGTH, ask(FD + 1, 0, LENGTH));
        assertEquals(LENGTH / 2, ask(FD + 2, 0, LENGTH / 2), "part of it");
        assertEquals(1, asked);
    }

    @Test
    void anOldAnswerIsAskedAgain() {
        ask(FD, 0, LENGTH);
        nanos += TimeUnit.MILLISECONDS.toNanos(51);
        sendable = 0;
        assertEquals(0, ask(FD, 0, LENGTH));
        assertEquals(2, asked);
    }

    @Test
    void theSameAnswerOnceMoreStandsAsLongAgain() {
        for (int time = 0; time < 3; time++) {
            ask(FD, 0, LENGTH);
            nanos += TimeUnit.MILLISECONDS.toNanos(51);
        }
        assertEquals(3, asked);
        nanos -= TimeUnit.MILLISECONDS.toNanos(2);
        ask(FD, 0, LENGTH);
        assertEquals(3, asked);
    }

    @Test
    void aPartThatWasFoundSaysNothingOfTheRest() {
        ask(FD, 0, LENGTH);
        nanos += TimeUnit.MILLISECONDS.toNanos(51);
        sendable = LENGTH / 2;
        ask(FD, 0, LENGTH / 2);
        assertEquals(LENGTH / 2, ask(FD, 0, LENGTH), "asked again");
        assertEquals(3, asked);
    }

    @Test
    void anAnswerIsNotOfAnotherFileOrPlaceOrOfMore() {
        sendable = LENGTH;
        ask(FD, 0, LENGTH);
        sendable = 0;
        assertEquals(0, ask(FD, 0, LENGTH + 1), "it has grown");
        assertEquals(0, ask(FD, 4096, LENGTH));
        facts.set(true, LENGTH, DISK, INODE + 1);
        assertEquals(0, ask(FD, 0, LENGTH));
        facts.set(true, LENGTH, DISK + 1, INODE);
        assertEquals(0, ask(FD, 0, LENGTH));
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
    void aFileWithoutADeviceOfItsOwnIsAskedEachTime() {
        facts.set(true, LENGTH, WITHOUT_A_DISK, INODE);
        ask(FD, 0, LENGTH);
        ask(FD, 0, LENGTH);
        facts.set(true, LENGTH, DISK);
        ask(FD, 0, LENGTH);
        ask(FD, 0, LENGTH);
        assertEquals(4, asked);
    }

    @Test
    void whoGoesOnWhereNoMarksMatterIsAnsweredByTheKernel() {
        ask(FD, 0, LENGTH);
        assertEquals(LENGTH, answers.readablePrefix(FD, 0, LENGTH));
        assertEquals(2, asked);
        assertEquals(DISK, answers.kernelReadahead(DISK));
    }
}
