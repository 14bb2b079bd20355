package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StandingAnswersTest {

    private static final long DISK = 8L << 32 | 16;
    private static final long FUSE = 33;
    private static final long OVERLAY = 34;
    private static final long INODE = 12;
    private static final long BYTES = 20_000;
    private static final int ROUNDS = 100_000;

    @TempDir
    private Path folder;

    private final FileFacts facts = new FileFacts();
    private long nanos = System.nanoTime();
    private boolean lost;
    private long thrownOutFrom = Long.MAX_VALUE;
    private boolean seesMarks = true;
    private boolean closed;
    private final List<Long> pagesAskedAbout = new ArrayList<>();
    private final CacheWatch watch = new CacheWatch(() -> lost, () -> nanos);
    private final Residency others = new Residency() {

        @Override
        public long readablePrefix(int fd, long position, long length) {
            if (length == 1) {
                pagesAskedAbout.add(position);
                return closed ? UNKNOWN : position >= thrownOutFrom ? 0 : 1;
            }
            return length / 2;
        }

        @Override
        public boolean isOfTheFile(long device) {
            return device == OVERLAY;
        }

        @Override
        public long kernelReadahead(long device) {
            return seesMarks ? device : 0;
        }
    };
    private final StandingAnswers answers = new StandingAnswers(others, () -> nanos, watch, 64);
    /** All paths have the same four places. */
    private final StandingAnswers crowded = new StandingAnswers(others, () -> nanos, watch, 1);
    private FileChannel file;
    private FileChannel again;

    @BeforeEach
    void open() throws IOException {
        Path path = Files.write(folder.resolve("file"), new byte[1]);
        file = FileChannel.open(path);
        again = FileChannel.open(path);
        facts.set(true, BYTES, DISK, INODE);
        watch.look();
        passes(2000);
        watch.look();
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        again.close();
    }

    /** With the watch looking as it does. */
    private void passes(long millis) {
        for (long passed = 0; passed < millis; passed += CacheWatch.LOOK_MILLIS) {
            nanos += TimeUnit.MILLISECONDS.toNanos(Math.min(CacheWatch.LOOK_MILLIS, millis - passed));
            watch.look();
        }
    }

    private void loses() {
        lost = true;
        watch.look();
        lost = false;
    }

    private boolean stands(FileChannel channel) {
        return answers.stands(channel, 0, BYTES);
    }

    @Test
    void anAnswerStandsForEachChannelOfThePathAsLongAsNothingIsLost() {
        assertFalse(stands(file));
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(stands(again));
        passes(29_999);
        assertTrue(stands(again));
        passes(1);
        assertFalse(stands(again), "its time is over");
    }

    @Test
    void whereSomethingIsLostItStandsForAMomentOnly() {
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(49);
        loses();
        assertTrue(stands(file), "as long as it does below");
        passes(1);
        assertFalse(stands(file));
        passes(5000);
        assertFalse(stands(file), "what was lost is not had again by waiting");
    }

    @Test
    void whatTheOthersMayHaveFoundBeforeTheLossStandsForAMomentOnlyToo() {
        loses();
        passes(100);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(1000);
        assertFalse(stands(file));
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(1000);
        assertTrue(stands(file));
    }

    @Test
    void onOverlayTheOthersMayHaveFoundItASecondAgo() {
        facts.set(true, BYTES, OVERLAY, INODE);
        loses();
        passes(1100);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(100);
        assertFalse(stands(file));
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(100);
        assertTrue(stands(file));
    }

    @Test
    void nobodyIsBelievedWhoHasNotLooked() {
        answers.cachedToItsEnd(file, 0, facts, nanos);
        nanos += TimeUnit.MILLISECONDS.toNanos(200);
        assertFalse(stands(file));
        watch.look();
        assertTrue(stands(file));
    }

    @Test
    void itIsAnAnswerToWhoAsksForAllTheRestAndNoOther() {
        answers.cachedToItsEnd(file, 4096, facts, nanos);
        assertTrue(answers.stands(file, 4096, BYTES - 4096));
        assertTrue(answers.stands(file, 10_000, BYTES - 10_000));
        assertFalse(answers.stands(file, 0, BYTES), "what lies before was not asked about");
        assertFalse(answers.stands(file, 4096, BYTES - 4097));
        assertFalse(answers.stands(file, 4096, BYTES), "the file has another length now");
    }

    @Test
    void anotherPathHasAnotherAnswer() throws IOException {
        answers.cachedToItsEnd(file, 0, facts, nanos);
        try (FileChannel other = FileChannel.open(Files.write(folder.resolve("other"), new byte[1]))) {
            assertFalse(stands(other));
        }
    }

    @Test
    void aChannelWithoutAPathHasNone() throws IOException {
        try (FileInputStream opened = new FileInputStream(folder.resolve("file").toFile());
                FileInputStream in = new FileInputStream(opened.getFD())) {
            answers.cachedToItsEnd(in.getChannel(), 0, facts, nanos);
            assertFalse(stands(in.getChannel()));
        }
    }

    @Test
    void aPathThatIsAnotherFileTimeAndAgainIsNotTrusted() {
        for (int inode = 0; inode < 3; inode++) {
            facts.set(true, BYTES, DISK, INODE + inode);
            answers.cachedToItsEnd(file, 0, facts, nanos);
            assertTrue(stands(file));
        }
        facts.set(true, BYTES, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(stands(file));
        passes(29_500);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(stands(file));
        passes(1000);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(stands(file), "it has been the same for long");
    }

    @Test
    void nothingStandsWhereTheKernelDoesNotCountWhatItLoses() throws Exception {
        StandingAnswers blind = new StandingAnswers((fd, position, length) -> length, new CacheLosses(folder.resolve("none").toString()));
        blind.start();
        facts.set(true, BYTES, DISK, INODE);
        blind.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(blind.stands(file, 0, BYTES));
        assertEquals(0, blind.kept());
        blind.stop();
    }

    @Test
    void onlyFilesWhoseNumbersAreTheKernelsAreKept() {
        facts.set(true, BYTES, FUSE, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(stands(file));
        facts.set(true, BYTES, DISK);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(stands(file));
    }

    @Test
    void ofALargeFileTheFirstPageIsAskedAboutEachTime() {
        long small = 256 << 10;
        facts.set(true, small, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(answers.stands(file, 0, small));
        assertEquals(List.of(), pagesAskedAbout);
        long large = small + 1;
        facts.set(true, large, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(answers.stands(file, 0, large));
        assertTrue(answers.stands(file, small, 1));
        assertEquals(List.of(0L, small, small), pagesAskedAbout);
        thrownOutFrom = 0;
        assertFalse(answers.stands(file, 0, large));
        thrownOutFrom = Long.MAX_VALUE;
        assertFalse(answers.stands(file, 0, large), "its first page is there, and perhaps no other");
    }

    /** As somebody leaves it who looks what kind of file it is. */
    @Test
    void aLargeFileWhoseHeadWasReadInAgainStandsNoMore() {
        long large = 1 << 20;
        facts.set(true, large, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        thrownOutFrom = 128 << 10;
        assertFalse(answers.stands(file, 16_364, large - 16_364));
    }

    /** A server may ask for the head of a file, which is read ahead then, and for the rest in its next call. */
    @Test
    void whatIsFoundAbsentOfAPathEndsItsAnswerAndNoOther() throws IOException {
        facts.set(true, 1 << 20, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        try (FileChannel other = open(folder.resolve("other").toString())) {
            facts.set(true, BYTES, DISK, INODE + 1);
            answers.cachedToItsEnd(other, 0, facts, nanos);
            answers.wasAbsent(again);
            assertFalse(answers.stands(file, 4096, (1 << 20) - 4096));
            assertTrue(stands(other));
            assertEquals(1, answers.kept());
            passes(100);
            facts.set(true, 1 << 20, DISK, INODE);
            answers.cachedToItsEnd(file, 0, facts, nanos);
            assertTrue(answers.stands(file, 4096, (1 << 20) - 4096));
        }
    }

    /** What the others say may be older than they are asked, and of a large file the first piece is. */
    @Test
    void whatMayHaveBeenFoundBeforeSomethingWasAbsentIsNoAnswer() {
        answers.cachedToItsEnd(file, 0, facts, nanos);
        passes(1000);
        answers.wasAbsent(file);
        passes(99);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(stands(file));
        passes(1000);
        answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.SECONDS.toNanos(1));
        assertFalse(stands(file));
        answers.wasAbsent(file);
        passes(1000);
        answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.MILLISECONDS.toNanos(999));
        assertFalse(stands(file), "it was absent again meanwhile");
        answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.MILLISECONDS.toNanos(900));
        assertTrue(stands(file));
    }

    /** The beginning of the file may be what was absent before the later answer was given, of the rest of it. */
    @Test
    void anOlderAnswerDoesNotTakeThePlaceOfALaterOne() {
        answers.cachedToItsEnd(file, 4096, facts, nanos);
        answers.cachedToItsEnd(file, 0, facts, nanos - 1);
        assertFalse(stands(file));
        assertTrue(answers.stands(file, 4096, BYTES - 4096));
    }

    @Test
    void ofAChannelThatIsClosedMeanwhileNobodyCanSayAndTheOthersHaveTheirAnswer() {
        facts.set(true, 1 << 20, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        closed = true;
        assertFalse(answers.stands(again, 0, 1 << 20));
        closed = false;
        assertTrue(answers.stands(file, 0, 1 << 20));
    }

    /** By readers of whom each takes 15 s. */
    @Test
    void aPathThatIsAnotherFileEachTimeThatItWasReadIsNotTrusted() {
        for (int inode = 0; inode < 5; inode++) {
            passes(20_000);
            facts.set(true, BYTES, DISK, INODE + inode);
            answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.SECONDS.toNanos(15));
            assertEquals(inode < 3, stands(file), "file " + inode);
        }
    }

    @Test
    void aPathThatIsAnotherFileTimeAndAgainIsNotTrustedWhereOneOfThemWasAbsent() {
        for (int inode = 0; inode < 4; inode++) {
            answers.wasAbsent(file);
            passes(100);
            facts.set(true, BYTES, DISK, INODE + inode);
            answers.cachedToItsEnd(file, 0, facts, nanos);
            assertEquals(inode < 3, stands(file));
        }
    }

    @Test
    void ofALargerOneAllIsAskedForEachTime() {
        long bytes = 256L << 20;
        facts.set(true, bytes, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(answers.stands(file, 0, bytes));
        facts.set(true, bytes + 1, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(answers.stands(file, 0, bytes + 1));
        answers.cachedToItsEnd(file, bytes, facts, nanos);
        assertFalse(answers.stands(file, bytes, 1));
    }

    @Test
    void ofALargeOneWhosePagesCannotBeAskedAboutAllIs() {
        long large = 1 << 20;
        facts.set(true, large, OVERLAY, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(answers.stands(file, 0, large));
        seesMarks = false;
        facts.set(true, large, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertFalse(answers.stands(file, 0, large));
        facts.set(true, BYTES, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(stands(file));
    }

    @Test
    void anAnswerIsAsOldAsTheFirstOfWhatWasFound() {
        answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.SECONDS.toNanos(1));
        assertTrue(stands(file));
        passes(28_999);
        assertTrue(stands(file));
        passes(1);
        assertFalse(stands(file));
        loses();
        passes(500);
        answers.cachedToItsEnd(file, 0, facts, nanos - TimeUnit.SECONDS.toNanos(1));
        assertFalse(stands(file), "what was lost meanwhile may have been some of it");
    }

    @Test
    void anotherLengthOfAPathTakesThePlaceOfTheOneBefore() {
        answers.cachedToItsEnd(file, 0, facts, nanos);
        facts.set(true, BYTES + 1, DISK, INODE);
        answers.cachedToItsEnd(file, 0, facts, nanos);
        assertEquals(1, answers.kept());
        assertFalse(stands(file));
        assertTrue(answers.stands(file, 0, BYTES + 1));
    }

    @Test
    void anEmptyPlaceIsNoAnswerToWhoAsksForNothing() {
        assertFalse(crowded.stands(file, 0, 0));
        facts.set(true, 0, DISK, INODE);
        crowded.cachedToItsEnd(file, 0, facts, nanos);
        assertTrue(crowded.stands(file, 0, 0));
    }

    @Test
    void whatLiesBehindTheEndOfAFileIsNoAnswer() {
        facts.set(true, 1, DISK, INODE);
        answers.cachedToItsEnd(file, Long.MAX_VALUE - 1, facts, nanos);
        assertEquals(0, answers.kept());
    }

    @Test
    void pathsOfTheSameHashCodeAreTwo() throws IOException {
        String one = folder.resolve("Aa").toString();
        String other = folder.resolve("BB").toString();
        assertEquals(one.hashCode(), other.hashCode());
        try (FileChannel first = open(one); FileChannel second = open(other)) {
            answers.cachedToItsEnd(first, 0, facts, nanos);
            assertTrue(stands(first));
            assertFalse(stands(second));
            answers.cachedToItsEnd(second, 0, facts, nanos);
            assertTrue(stands(first));
            assertTrue(stands(second));
        }
    }

    private static FileChannel open(String path) throws IOException {
        return FileChannel.open(Files.write(Path.of(path), new byte[1]));
    }

    @Test
    void theOldestMakesRoom() throws IOException {
        List<FileChannel> five = several(5);
        for (FileChannel each : five) {
            crowded.cachedToItsEnd(each, 0, facts, nanos);
            passes(1);
        }
        assertEquals(4, crowded.kept());
        assertFalse(crowded.stands(five.get(0), 0, BYTES));
        for (FileChannel each : five.subList(1, 5)) {
            assertTrue(crowded.stands(each, 0, BYTES));
        }
        closeAll(five);
    }

    @Test
    void whatStandsNoMoreMakesRoomBeforeWhatDoes() throws IOException {
        List<FileChannel> seven = several(7);
        for (FileChannel each : seven.subList(0, 4)) {
            crowded.cachedToItsEnd(each, 0, facts, nanos);
        }
        passes(30_000);
        for (FileChannel each : seven.subList(3, 7)) {
            crowded.cachedToItsEnd(each, 0, facts, nanos);
            passes(1);
        }
        for (FileChannel each : seven) {
            assertEquals(seven.indexOf(each) >= 3, crowded.stands(each, 0, BYTES));
        }
        closeAll(seven);
    }

    private List<FileChannel> several(int count) throws IOException {
        List<FileChannel> opened = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            opened.add(open(folder.resolve("file" + each).toString()));
        }
        return opened;
    }

    private static void closeAll(List<FileChannel> opened) throws IOException {
        for (FileChannel each : opened) {
            each.close();
        }
    }

    /** Four threads write to the same four places, half of them what they found long ago; each path has its own beginning. */
    @Test
    @Timeout(60)
    void nobodyGetsAnAnswerThatWasNotGiven() throws Exception {
        long present = nanos;
        long bytes = beginning(8);
        ThreadLocal<Long> clock = ThreadLocal.withInitial(() -> present);
        StandingAnswers shared = new StandingAnswers(others, clock::get, watch, 1);
        List<FileChannel> opened = several(8);
        AtomicInteger stood = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            int own = number;
            threads.add(new Thread(() -> {
                FileFacts found = new FileFacts();
                for (int round = 0; round < ROUNDS; round++) {
                    int path = (round * 4 + own) % 8;
                    found.set(true, bytes, DISK, INODE + path);
                    clock.set(isOld(path) ? present - TimeUnit.SECONDS.toNanos(40) : present);
                    shared.cachedToItsEnd(opened.get(path), beginning(path), found, clock.get());
                    clock.set(present);
                    for (int asked = 0; asked < 8; asked++) {
                        long from = beginning(asked);
                        if (shared.stands(opened.get(asked), from, bytes - from)) {
                            (isOld(asked) ? wrong : stood).incrementAndGet();
                        }
                        if (shared.stands(opened.get(asked), from - 1, bytes - from + 1)) {
                            wrong.incrementAndGet();
                        }
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        closeAll(opened);
        assertEquals(0, wrong.get());
        assertTrue(stood.get() > 0);
    }

    private static boolean isOld(int path) {
        return path % 2 == 1;
    }

    private static long beginning(int path) {
        return Pages.BYTES * (1L + path);
    }

    @Test
    void everythingElseIsAskedOfTheOthers() {
        assertEquals(BYTES / 2, answers.sendablePrefix(5, 0, BYTES, facts));
        assertEquals(BYTES / 2, answers.readablePrefix(5, 0, BYTES, facts));
        assertEquals(BYTES / 2, answers.readablePrefix(5, 0, BYTES));
        assertEquals(DISK, answers.kernelReadahead(DISK));
        assertTrue(answers.isOfTheFile(OVERLAY));
    }
}
