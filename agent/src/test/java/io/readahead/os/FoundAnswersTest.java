package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long what a readahead thread found in memory stands, of files of which nobody else can say. */
class FoundAnswersTest {

    private static final long DEVICE = 33;
    private static final long INODE = 12;
    private static final long STAMP = 5;
    private static final long KIB = 1024;
    private static final long LENGTH = 20 * KIB;
    private static final long FILE_BYTES = 4096 * KIB;
    private static final int FD = 5;

    private final FileFacts facts = new FileFacts();
    private final List<String> told = new ArrayList<>();
    private long nanos = System.nanoTime();
    private long others = Residency.UNKNOWN;
    private int asked;
    private final FoundAnswers answers = new FoundAnswers(new Residency() {

        @Override
        public long readablePrefix(int fd, long position, long length) {
            asked++;
            return others;
        }

        @Override
        public long kernelReadahead(long device) {
            return device;
        }

        @Override
        public void fileSystem(long device, long kind) {
            told.add(device + " is " + kind);
        }
    }, () -> nanos);

    @BeforeEach
    void aFile() {
        facts.set(true, FILE_BYTES, DEVICE, INODE, STAMP);
    }

    private void passes(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void found(long position, long length) {
        answers.wasRead(facts, position, length, true);
    }

    private void foundAbsent() {
        answers.wasRead(facts, 0, LENGTH, false);
    }

    private void assertStands(long position, long length) {
        assertEquals(length, answers.sendablePrefix(FD, position, length, facts));
        assertEquals(length, answers.readablePrefix(FD, position, length, facts));
    }

    private void assertUnknown(long position, long length) {
        assertEquals(Residency.UNKNOWN, answers.sendablePrefix(FD, position, length, facts));
        assertEquals(Residency.UNKNOWN, answers.readablePrefix(FD, position, length, facts));
    }

    private boolean stands() {
        return answers.sendablePrefix(FD, 0, LENGTH, facts) == LENGTH;
    }

    /** For how long the answer stands now, whoever has it found again. */
    private long standsMillis() {
        long millis = 0;
        while (stands() || stands()) {
            passes(1);
            millis++;
        }
        return millis;
    }

    @Test
    void whatWasFoundStandsForLongerEachTimeAndNeverForMoreThanASecond() {
        assertUnknown(0, LENGTH);
        for (long millis : new long[] {50, 100, 200, 400, 800, 1000, 1000}) {
            found(0, LENGTH);
            assertEquals(millis, standsMillis());
        }
    }

    @Test
    void whatIsFoundAgainWhileItStandsStandsNoLonger() {
        found(0, LENGTH);
        passes(30);
        found(0, LENGTH);
        assertStands(0, LENGTH);
        passes(20);
        assertUnknown(0, LENGTH);
    }

    @Test
    void inTheLastQuarterOneCallHasItFoundAgainAndTheOthersGoOn() {
        found(0, LENGTH);
        passes(37);
        assertStands(0, LENGTH);
        passes(1);
        assertEquals(Residency.UNKNOWN, answers.sendablePrefix(FD, 0, LENGTH, facts));
        assertStands(0, LENGTH);
        passes(5);
        found(0, LENGTH);
        assertEquals(100, standsMillis());
    }

    @Test
    void whoNeedNotBeAskedAgainIsNot() {
        found(0, LENGTH);
        assertStands(0, LENGTH);
        assertStands(0, LENGTH);
        assertEquals(1, asked);
        passes(50);
        assertUnknown(0, LENGTH);
        assertEquals(3, asked);
    }

    @Test
    void ofADiskTheOthersMayKnowNextTime() {
        facts.set(true, FILE_BYTES, 8L << 32, INODE, 0);
        found(0, LENGTH);
        assertStands(0, LENGTH);
        assertEquals(2, asked);
    }

    @Test
    void foundAbsentOnceNothingCountsForASecondAndThenItBeginsAnew() {
        found(0, LENGTH);
        passes(50);
        found(0, LENGTH);
        foundAbsent();
        assertUnknown(0, LENGTH);
        passes(999);
        found(0, LENGTH);
        assertUnknown(0, LENGTH);
        passes(1);
        found(0, LENGTH);
        assertEquals(50, standsMillis());
    }

    @Test
    void windowsThatLieSideBySideAreOneRangeAsOldAsItsOldest() {
        found(0, 256 * KIB);
        passes(30);
        found(256 * KIB, 256 * KIB);
        assertStands(0, 512 * KIB);
        assertEquals(412 * KIB, answers.sendablePrefix(FD, 100 * KIB, FILE_BYTES - 100 * KIB, facts), "to the end of what was found");
        assertUnknown(512 * KIB, LENGTH);
        assertUnknown(500 * KIB, LENGTH);
        passes(20);
        assertUnknown(256 * KIB, LENGTH);
    }

    @Test
    void anotherPlaceOfTheFileTakesThePlace() {
        found(0, LENGTH);
        found(1024 * KIB, LENGTH);
        assertUnknown(0, LENGTH);
        assertStands(1024 * KIB, LENGTH);
    }

    @Test
    void itIsOfThatFileOnly() {
        found(0, LENGTH);
        facts.set(true, FILE_BYTES, DEVICE, INODE, STAMP + 1);
        assertUnknown(0, LENGTH);
        facts.set(true, FILE_BYTES, DEVICE, INODE + 1, STAMP);
        assertUnknown(0, LENGTH);
        facts.set(true, FILE_BYTES, DEVICE + 1, INODE, STAMP);
        assertUnknown(0, LENGTH);
        facts.set(true, FILE_BYTES + 1, DEVICE, INODE, STAMP);
        assertUnknown(0, LENGTH);
        facts.set(true, FILE_BYTES, DEVICE);
        found(0, LENGTH);
        assertUnknown(0, LENGTH);
        aFile();
        assertStands(0, LENGTH);
    }

    @Test
    void whoCanSayIsBelieved() {
        found(0, LENGTH);
        others = 0;
        assertEquals(0, answers.sendablePrefix(FD, 0, LENGTH, facts));
        others = Residency.toBeGoneOver(LENGTH);
        assertEquals(others, answers.sendablePrefix(FD, 0, LENGTH, facts));
        assertEquals(others, answers.readablePrefix(FD, 0, LENGTH));
        assertEquals(DEVICE, answers.kernelReadahead(DEVICE));
        answers.fileSystem(DEVICE, 7);
        assertEquals(List.of(DEVICE + " is 7"), told);
    }
}
