package io.readahead.transfer;

import io.readahead.observe.Counters;
import io.readahead.os.Errno;
import io.readahead.warmup.Budget;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The decision table: what is known, what is asked for, and what a stream answers. */
@Timeout(60)
class StreamTest {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long FILE_BYTES = 100 * MIB;
    private static final long FIRST_WINDOW = 256 * KIB;
    private static final long MAX_WINDOW = MIB;
    private static final long BUDGET = 4 * MIB;
    private static final int THREADS = 2;
    /** A reader that takes so many streams. */
    private static final int WINDOWS = 13;
    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    /** For a window. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MANY = 1000;

    @TempDir
    private Path folder;

    private final FakeDisk disk = new FakeDisk(FILE_BYTES);
    private final Counters counters = new Counters();
    private Budget budget = new Budget(BUDGET);
    private final AtomicInteger resumes = new AtomicInteger();
    private long nanos = System.nanoTime();
    private FileChannel file;
    private FileChannel otherFile;
    private Stream stream;

    private long mostAtOnce = Long.MAX_VALUE;

    /** Counts how often it is resumed. */
    private final class CountingTarget implements Target {

        @Override
        public long mostAtOnceBytes(boolean copied) {
            return mostAtOnce;
        }

        @Override
        public void park() {
            // Transfers parks; a stream alone only resumes.
        }

        @Override
        public boolean resume() {
            resumes.incrementAndGet();
            return true;
        }

        @Override
        public boolean isParked() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    }

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.createFile(folder.resolve("file")));
        otherFile = FileChannel.open(Files.createFile(folder.resolve("other")));
        stream = stream(false);
    }

    @AfterEach
    void close() throws IOException {
        disk.letGo(MANY);
        file.close();
        otherFile.close();
    }

    private Stream stream(boolean debugCold) {
        return new Stream(shared(debugCold), new CountingTarget());
    }

    private Stream.Shared shared(boolean debugCold) {
        WarmupPool pool = new WarmupPool(disk, counters, THREADS, Long.MAX_VALUE, 0);
        return new Stream.Shared(disk, disk, pool, budget, counters, MAX_WINDOW, debugCold, () -> nanos);
    }

    private void letReadaheadEnd() throws InterruptedException {
        Warmup warmup = stream.inFlight();
        disk.letGo(1);
        while (!warmup.isDone()) {
            warmup.await(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void aResidentRangeIsSentAtOnceCutAtTheLargestWindow() {
        disk.residentTo(FILE_BYTES);
        assertEquals(20 * KIB, stream.admit(file, 0, 20 * KIB));
        assertEquals(MAX_WINDOW, stream.admit(otherFile, 0, FILE_BYTES));
        assertEquals(List.of(), disk.requested());
    }

    @Test
    void whatIsCachedIsAskedAboutInStretchesAsLongAsTheKernelReadsAhead() throws Exception {
        disk.residentTo(FILE_BYTES);
        disk.kernelReadsAhead(8 * MIB);
        long first = stream.admit(file, 0, FILE_BYTES);
        assertEquals(MAX_WINDOW, first);
        stream.sent(file, 0, first);
        assertEquals(8 * MIB, stream.admit(file, first, FILE_BYTES));
        disk.kernelReadsAhead(MIB << 10);
        stream.sent(file, first, 8 * MIB);
        assertEquals(8 * MIB, stream.admit(file, 9 * MIB, FILE_BYTES), "no longer than that");
    }

    @Test
    void whatWasWaitedForIsGivenInTurnsWhereALoopEncryptsIt() throws Exception {
        mostAtOnce = 64 * KIB;
        stream = stream(false);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        long end = stream.inFlight().end();
        letReadaheadEnd();
        for (long position = 0; position < end; position += 64 * KIB) {
            assertEquals(64 * KIB, stream.admit(file, position, FILE_BYTES - position));
            stream.sent(file, position, 64 * KIB);
        }
        assertTrue(stream.inFlight().offset() == end, "the next one is read meanwhile");
        disk.residentTo(FILE_BYTES);
        assertEquals(MAX_WINDOW, stream(false).admit(file, 0, FILE_BYTES), "what nobody waited for is given as it is");
    }

    @Test
    void whereTheKernelMayHaveMarkedAPageAReadaheadThreadGoesFirst() throws Exception {
        disk.residentTo(128 * KIB);
        disk.markedFrom(64 * KIB);
        assertEquals(64 * KIB, stream.admit(file, 0, FILE_BYTES));
        stream.sent(file, 0, 64 * KIB);
        assertEquals(Stream.WAIT, stream.admit(file, 64 * KIB, FILE_BYTES - 64 * KIB));
        letReadaheadEnd();
        assertEquals(64 * KIB, stream.admit(file, 64 * KIB, FILE_BYTES - 64 * KIB), "what is in the page cache, and not a window");
        assertEquals(List.of(), disk.requested(), "nothing is asked of the disk");
    }

    @Test
    void whatTheProbeHadSaidIsLookedAtForMarksAgainWhenItIsOld() throws Exception {
        disk.residentTo(FILE_BYTES);
        assertEquals(MAX_WINDOW, stream.admit(file, 0, FILE_BYTES));
        stream.sent(file, 0, 64 * KIB);
        disk.residentTo(128 * KIB);
        disk.markedFrom(0);
        nanos += STALE_NANOS;
        assertEquals(Stream.WAIT, stream.admit(file, 64 * KIB, FILE_BYTES), "what lay behind it was reclaimed: a mark counts now");
        letReadaheadEnd();
        nanos += STALE_NANOS;
        assertEquals(64 * KIB, stream.admit(file, 64 * KIB, FILE_BYTES));
        stream.sent(file, 64 * KIB, 32 * KIB);
        nanos += STALE_NANOS;
        assertEquals(32 * KIB, stream.admit(file, 96 * KIB, FILE_BYTES), "a readahead thread has been over it");
        assertEquals(0, budget.used(), "and what is in memory takes none of the budget");
    }

    /** Sends a window, reads what was asked for meanwhile, and goes on: windows of 256, 512 and 1024 KB. */
    private long sendWindows(int windows) throws Exception {
        return sendWindows(0, windows);
    }

    private long sendWindows(long from, int windows) throws Exception {
        long position = from;
        for (int window = 0; window < windows; window++) {
            while (stream.admit(file, position, FILE_BYTES) == Stream.WAIT) {
                letReadaheadEnd();
            }
            long sent = stream.admit(file, position, FILE_BYTES);
            stream.sent(file, position, sent);
            position += sent;
        }
        return position;
    }

    @Test
    void aFastReaderIsReadAheadInOrder() throws Exception {
        disk.kernelReadsAhead(MAX_WINDOW);
        budget = new Budget(32 * MIB);
        stream = stream(false);
        long position = sendWindows(WINDOWS);
        assertTrue(disk.requested().size() < WINDOWS, () -> "in the end nothing is announced: " + disk.requested());
        assertTrue(counters.inOrder.sum() > 0);
        disk.residentTo(FILE_BYTES);
        letReadaheadEnd();
        long sent = stream.admit(file, position, FILE_BYTES);
        stream.sent(file, position, sent);
        assertEquals(position + sent, stream.inFlight().offset(), "what the kernel has read too far is gone over, as marks may be there");
        stream.drop();
        assertEquals(0, budget.used());
    }

    @Test
    void inOrderByLessThanAWindowIsForAsLongAsItIsFast() throws Exception {
        disk.kernelReadsAhead(128 * KIB);
        budget = new Budget(32 * MIB);
        stream = stream(false);
        long position = sendWindows(WINDOWS);
        long inOrder = counters.inOrder.sum();
        assertTrue(inOrder > 0);
        int announced = disk.requested().size();
        nanos += SLOW_NANOS;
        sendWindows(position, 4);
        assertTrue(counters.inOrder.sum() <= inOrder + 1, "none but the window that had begun before");
        assertTrue(disk.requested().size() > announced, "windows are announced again");
    }

    /** Gives up what it is kept waiting for, in favor of something else. */
    private long jump(FileChannel to, long position, long count) {
        assertEquals(Stream.WAIT, stream.admit(to, position, count), "before its turn");
        assertEquals(false, stream.holdsUpAnother(nanos));
        nanos += HOLD_NANOS;
        assertEquals(true, stream.holdsUpAnother(nanos));
        return stream.admit(to, position, count);
    }

    @Test
    void whoJumpsIsNotReadInOrderAnyMore() throws Exception {
        disk.kernelReadsAhead(MAX_WINDOW);
        budget = new Budget(32 * MIB);
        stream = stream(false);
        sendWindows(WINDOWS);
        jump(file, FILE_BYTES / 2, FILE_BYTES);
        assertEquals(FIRST_WINDOW, budget.used(), "what was held for the kernel's readahead is given back");
        disk.letGo(MANY);    // the one before the jump ends too
        letReadaheadEnd();
        assertEquals(FILE_BYTES / 2 + "+" + FIRST_WINDOW, disk.requested().get(disk.requested().size() - 1));
    }

    @Test
    void aReaderOfADiskWhoseMarksNobodySeesIsToldOfEachWindow() throws Exception {
        budget = new Budget(32 * MIB);
        stream = stream(false);
        sendWindows(WINDOWS);
        assertEquals(0, counters.inOrder.sum());
    }

    @Test
    void aThreadThatMayWaitComesToMarksByItself() {
        disk.residentTo(128 * KIB);
        disk.markedFrom(0);
        assertEquals(128 * KIB, stream.admit(file, 0, FILE_BYTES, true));
    }

    @Test
    void aPartlyResidentRangeIsSentAsFarAsItIs() {
        disk.residentTo(128 * KIB);
        assertEquals(128 * KIB, stream.admit(file, 0, MIB));
    }

    @Test
    void aColdRangeWaitsForAFirstWindowAndIsThenSentResidentOrNot() throws Exception {
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES), "a server that asks again waits for the same readahead");
        letReadaheadEnd();
        assertEquals(FIRST_WINDOW, stream.admit(file, 0, FILE_BYTES), "evicted meanwhile, and sent all the same");
        assertEquals(List.of("0+" + FIRST_WINDOW), disk.requested());
        while (resumes.get() == 0) {
            Thread.onSpinWait();    // the readahead is done a moment before its target is told
        }
    }

    @Test
    void windowsDoubleAndAreReadAheadOfAReaderThatGoesOn() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        stream.sent(file, 0, FIRST_WINDOW);    // it had to wait, and took all: the next window is wanted at once
        letReadaheadEnd();
        assertEquals(2 * FIRST_WINDOW, stream.admit(file, FIRST_WINDOW, FILE_BYTES - FIRST_WINDOW));
        stream.sent(file, FIRST_WINDOW, 400 * KIB);
        letReadaheadEnd();
        assertEquals(List.of("0+" + FIRST_WINDOW, FIRST_WINDOW + "+" + 2 * FIRST_WINDOW, 3 * FIRST_WINDOW + "+" + MAX_WINDOW),
                disk.requested());
    }

    @Test
    void whileAWindowIsSentTheNextIsReadIfTheReaderHadToWait() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        stream.sent(file, 0, FIRST_WINDOW);
        assertEquals(Stream.WAIT, stream.admit(file, FIRST_WINDOW, FILE_BYTES), "the disk is slower than the reader");
        letReadaheadEnd();
        assertEquals(2 * FIRST_WINDOW, stream.admit(file, FIRST_WINDOW, FILE_BYTES));
        assertEquals(3 * FIRST_WINDOW, stream.inFlight().offset(), "before anything of this one is sent");
    }

    @Test
    void nothingIsReadPastWhatWasAskedForUnlessTheReaderGoesOnThere() throws Exception {
        fetchFirst();
        assertEquals(Stream.WAIT, stream.admit(file, 64 * KIB, 64 * KIB), "the second in a row");
        letReadaheadEnd();
        assertEquals(List.of("0+" + 64 * KIB, 64 * KIB + "+" + 512 * KIB), disk.requested(), "a whole window now");
    }

    /** As consumers of a log do: a fetch ends anywhere in a record, and the next one begins with that. */
    @Test
    void whoAsksAgainForTheLastOfWhatItHadGoesOn() throws Exception {
        fetchFirst();
        disk.residentTo(64 * KIB);
        assertEquals(4 * KIB, stream.admit(file, 60 * KIB, 64 * KIB), "what it had is there");
        stream.sent(file, 60 * KIB, 4 * KIB);
        assertEquals(Stream.WAIT, stream.admit(file, 64 * KIB, 60 * KIB));
        letReadaheadEnd();
        assertEquals(List.of("0+" + 64 * KIB, 64 * KIB + "+" + 512 * KIB), disk.requested(), "a whole window now");
        assertEquals(60 * KIB, stream.admit(file, 64 * KIB, 60 * KIB));
        stream.sent(file, 64 * KIB, 60 * KIB);
        letReadaheadEnd();
        disk.residentTo(576 * KIB);
        assertEquals(100 * KIB, stream.admit(file, 100 * KIB, 100 * KIB), "of which the rest was read ahead");
        assertEquals(List.of("0+" + 64 * KIB, 64 * KIB + "+" + 512 * KIB, 576 * KIB + "+" + MAX_WINDOW), disk.requested());
    }

    @Test
    void whoAsksAgainForWhatHasGoneMeanwhileStartsAgain() throws Exception {
        fetchFirst();
        assertEquals(Stream.WAIT, stream.admit(file, 60 * KIB, 64 * KIB));
        letReadaheadEnd();
        assertEquals(List.of("0+" + 64 * KIB, 60 * KIB + "+" + 64 * KIB), disk.requested(), "as far as it asked for");
        assertEquals(64 * KIB, stream.admit(file, 60 * KIB, 64 * KIB));
    }

    @Test
    void whoGoesBackFurtherThanAWindowStartsAgain() throws Exception {
        disk.residentTo(10 * MIB);
        stream.admit(file, 8 * MIB, FILE_BYTES);
        stream.sent(file, 8 * MIB, MAX_WINDOW);
        disk.residentTo(8 * MIB - 64 * KIB);
        assertEquals(Stream.WAIT, jump(file, 8 * MIB - 64 * KIB, FILE_BYTES));
        letReadaheadEnd();
        assertEquals(List.of(8 * MIB - 64 * KIB + "+" + FIRST_WINDOW), disk.requested());
    }

    private void fetchFirst() throws Exception {
        stream.admit(file, 0, 64 * KIB);
        letReadaheadEnd();
        assertEquals(64 * KIB, stream.admit(file, 0, 64 * KIB));
        stream.sent(file, 0, 64 * KIB);
        assertEquals(null, stream.inFlight(), "nobody asked for more");
    }

    @Test
    void aJumpStartsAgainWithAFirstWindowAndForgetsWhatWasInFlight() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        stream.sent(file, 0, FIRST_WINDOW);
        assertEquals(Stream.WAIT, jump(file, 50 * MIB, MIB));
        assertEquals(FIRST_WINDOW, budget.used(), "only the new window is reserved");
        disk.letGo(1);
        letReadaheadEnd();
        assertEquals(FIRST_WINDOW, stream.admit(file, 50 * MIB, MIB));
    }

    @Test
    void anotherFileOnTheSameTargetKnowsNothingOfTheFirst() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        assertEquals(Stream.WAIT, stream.admit(otherFile, 0, FILE_BYTES));
    }

    @Test
    void whatCannotBeReadAheadPasses() {
        assertEquals(Stream.AT_END, stream.admit(file, FILE_BYTES, KIB), "at the end");
        assertEquals(Stream.AT_END, stream.admit(file, FILE_BYTES + 1, KIB), "past the end");
        disk.size(0);
        assertEquals(Stream.PASS, stream.admit(file, 0, KIB), "a file that says no size");
        disk.isNoFile();
        assertEquals(Stream.PASS, stream.admit(otherFile, 0, KIB), "no regular file");
    }

    /** So that the next one who asks for it, however much later, need not wait for a thread to look again. */
    @Test
    void aSmallFileThatAReadaheadThreadFoundInMemoryIsKnownToBeThere() throws Exception {
        disk.saysNothing();
        disk.size(20 * KIB);
        disk.readsCounted(0);
        assertEquals(Stream.WAIT, stream.admit(file, 4 * KIB, 16 * KIB));
        letReadaheadEnd();
        assertEquals(16 * KIB, stream.admit(file, 4 * KIB, 16 * KIB));
        assertEquals(List.of(4 * KIB), disk.cachedToTheEnd());
        assertEquals(Stream.WAIT, stream.admit(otherFile, 0, 20 * KIB));
        letReadaheadEnd();
        nanos += STALE_NANOS;
        assertEquals(20 * KIB, stream.admit(otherFile, 0, 20 * KIB));
        assertEquals(List.of(4 * KIB), disk.cachedToTheEnd(), "what is old is no news");
    }

    @Test
    void aSmallFileThatWasReadFromTheDiskIsNot() throws Exception {
        disk.saysNothing();
        disk.size(20 * KIB);
        disk.readsCounted(8);
        assertEquals(Stream.WAIT, stream.admit(file, 0, 20 * KIB));
        letReadaheadEnd();
        assertEquals(20 * KIB, stream.admit(file, 0, 20 * KIB));
        assertEquals(List.of(), disk.cachedToTheEnd());
    }

    @Test
    void aLargeFileThatIsFoundPieceByPieceIsKnownToBeThereFromItsBeginning() {
        disk.size(3 * MIB);
        disk.residentTo(3 * MIB);
        for (int time = 1; time <= 2; time++) {
            long first = nanos;
            for (long position = 0; position < 3 * MIB; position += MIB) {
                assertEquals(MIB, stream.admit(file, position, 3 * MIB - position));
                nanos += TimeUnit.MILLISECONDS.toNanos(10);
                stream.sent(file, position, MIB);
            }
            assertEquals(Collections.nCopies(time, 0L), disk.cachedToTheEnd());
            assertEquals(first, disk.foundNanos(), "that it was there before is no news");
        }
    }

    /** Whose other pages an answer may stand for that was given before. */
    @Test
    void aFileOfWhichSomethingIsAbsentIsNotKnownToBeThere() throws Exception {
        disk.size(3 * MIB);
        assertEquals(Stream.WAIT, stream.admit(file, 0, 16_364), "the head");
        assertEquals(1, disk.foundAbsent());
        letReadaheadEnd();
        assertEquals(16_364, stream.admit(file, 0, 16_364));
        disk.foundAbsent();
        disk.residentTo(MIB + MIB / 2);
        stream.admit(otherFile, 0, 3 * MIB);
        assertEquals(0, disk.foundAbsent(), "as far as it was asked about");
        stream.admit(otherFile, MIB + 1, MIB);
        assertEquals(1, disk.foundAbsent(), "less is there than was asked about");
        nanos += STALE_NANOS;
        disk.residentTo(MIB + MIB / 4);
        assertEquals(4 * KIB, stream.admit(otherFile, MIB + 1, 4 * KIB));
        assertEquals(1, disk.foundAbsent(), "what was there is asked about again");
    }

    @Test
    void ofAFileThatMayBeMarkedSomethingIsAbsentFurtherOn() {
        disk.size(3 * MIB);
        disk.residentTo(2 * MIB);
        disk.markedFrom(0);
        assertEquals(Stream.WAIT, stream.admit(file, 0, 16_364));
        assertEquals(1, disk.foundAbsent());
    }

    @Test
    void whatWasFoundBeforeSomethingWasAbsentIsNoPartOfAnAnswer() {
        disk.size(2 * MIB);
        disk.residentTo(2 * MIB);
        SentFile sent = new SentFile(shared(false));
        sent.take(file);
        sent.look();
        sent.probe(0, MIB, true);
        sent.probe(MIB, MIB, true);
        assertEquals(List.of(0L), disk.cachedToTheEnd(), "control");
        sent.take(file);
        sent.look();
        sent.probe(0, MIB, true);
        sent.wasAbsent();
        sent.probe(MIB, MIB, true);
        assertEquals(List.of(0L, (long) MIB), disk.cachedToTheEnd());
    }

    /** Where the kernel may have left marks nobody asks before a readahead thread has been there. */
    @Test
    void whatAReadaheadThreadHasReadMayHaveBeenAbsent() throws Exception {
        disk.size(3 * MIB);
        stream.admit(file, 0, MIB);
        letReadaheadEnd();
        disk.foundAbsent();
        stream.admit(file, 0, MIB);
        assertEquals(1, disk.foundAbsent());
    }

    @Test
    void aCountPastTheEndOfAResidentFileDoesNotMakeItCold() {
        disk.size(20 * KIB);
        disk.residentTo(20 * KIB);
        assertEquals(20 * KIB, stream.admit(file, 0, MIB));
        assertEquals(List.of(), disk.requested());
    }

    @Test
    void whereNobodyCanSayARangeIsReadAheadOnceAndSent() throws Exception {
        disk.saysNothing();
        assertEquals(Stream.WAIT, stream.admit(file, 0, KIB));
        letReadaheadEnd();
        assertEquals(KIB, stream.admit(file, 0, KIB));
    }

    @Test
    void whereTheBudgetIsFullAParkedReaderGetsTheSmallestWindowAndNothingIsSpeculated() throws Exception {
        budget.tryTake(BUDGET);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        letReadaheadEnd();
        assertEquals(64 * KIB, stream.admit(file, 0, FILE_BYTES));
        stream.sent(file, 0, 32 * KIB);
        assertEquals(null, stream.inFlight());
        assertEquals(1, counters.dropped.sum());
    }

    @Test
    void everyReservedByteIsGivenBack() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        assertEquals(FIRST_WINDOW, budget.used());
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        stream.sent(file, 0, 64 * KIB);
        assertEquals(FIRST_WINDOW - 64 * KIB + 2 * FIRST_WINDOW, budget.used());
        stream.drop();
        assertEquals(0, budget.used());
        assertEquals(Stream.DROPPED, stream.admit(file, 64 * KIB, KIB));
    }

    @Test
    void aClosedFileAndAnIdleStreamGiveBackWhatTheyHold() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        stream.tidy(nanos + TimeUnit.HOURS.toNanos(1), 1);
        assertEquals(0, budget.used(), "idle");
        stream.admit(otherFile, 0, FILE_BYTES);
        otherFile.close();
        stream.tidy(nanos, TimeUnit.HOURS.toNanos(1));
        assertEquals(0, budget.used(), "closed");
    }

    @Test
    void anOldAnswerIsAskedAgainForAllThatIsKnown() {
        disk.residentTo(MIB);
        assertEquals(MIB, stream.admit(file, 0, MIB));
        nanos += STALE_NANOS;
        disk.residentTo(128 * KIB);
        assertEquals(64 * KIB, stream.admit(file, 0, 64 * KIB), "a part of what is left");
        stream.sent(file, 0, 64 * KIB);
        assertEquals(64 * KIB, stream.admit(file, 64 * KIB, MIB), "the rest was evicted, and no answer to the part made it fresh");
    }

    @Test
    void aWindowThatNobodyWaitedForIsKnownAsFarAsItWasRead() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        disk.size(FIRST_WINDOW + 100 * KIB);    // the disk gives no more than that
        disk.letGo(MANY);    // it is tried once more, and then it is the end
        stream.sent(file, 0, 64 * KIB);
        letReadaheadEnd();
        assertEquals(FIRST_WINDOW + 100 * KIB - 64 * KIB, stream.admit(file, 64 * KIB, FILE_BYTES));
    }

    @Test
    void whoIsParkedForAWindowThatIsGivenUpIsResumed() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        file.close();
        stream.tidy(nanos, TimeUnit.HOURS.toNanos(1));
        assertEquals(true, resumes.get() > 0, "by the closing of its file");
        int before = resumes.get();
        stream.admit(otherFile, 0, FILE_BYTES);
        jump(otherFile, 50 * MIB, FILE_BYTES);
        assertEquals(true, resumes.get() > before, "by a jump");
    }

    @Test
    void whatTheDiskSaidIsToldOnceAndThenItIsAskedAgain() throws Exception {
        disk.fails(Errno.EIO);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        assertEquals(null, stream.failureAt(otherFile, 0));
        assertEquals(Stream.WAIT, stream.admit(otherFile, 0, FILE_BYTES));
        letReadaheadEnd();
        stream.admit(otherFile, 0, FILE_BYTES);
        assertEquals("errno 5", stream.failureAt(otherFile, 0));
        assertEquals(null, stream.failureAt(otherFile, 0));
        disk.fails(0);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES), "asked again");
        letReadaheadEnd();
        assertEquals(FIRST_WINDOW, stream.admit(file, 0, FILE_BYTES));
        assertEquals(2, counters.readErrors.sum());
    }

    @Test
    void anErrorThatIsNotOfTheDiskMakesNoFailure() throws Exception {
        disk.fails(Errno.EINVAL);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        letReadaheadEnd();
        assertEquals(FIRST_WINDOW, stream.admit(file, 0, FILE_BYTES), "a file system without sendfile: sent all the same");
        assertEquals(null, stream.failureAt(file, 0));
    }

    @Test
    void whatLiesBeforeABadBlockIsSentAndTheReaderHearsOfTheBlockThere() throws Exception {
        disk.readableTo(128 * KIB);
        assertEquals(Stream.WAIT, stream.admit(file, 0, FILE_BYTES));
        disk.letGo(1);
        letReadaheadEnd();
        assertEquals(128 * KIB, stream.admit(file, 0, FILE_BYTES));
        stream.sent(file, 0, 128 * KIB);
        disk.letGo(1);
        Warmup speculative = stream.inFlight();
        while (!speculative.isDone()) {
            speculative.await(TimeUnit.SECONDS.toNanos(1));
        }
        assertEquals(Stream.WAIT, stream.admit(file, 128 * KIB, FILE_BYTES), "nobody had waited for that one");
        letReadaheadEnd();
        stream.admit(file, 128 * KIB, FILE_BYTES);
        assertEquals("errno 5", stream.failureAt(file, 128 * KIB));
    }

    @Test
    void whatIsReadFromAStalledStoreDoesNotCountUntilItIsThere() throws Exception {
        stream.admit(file, 0, FILE_BYTES);
        while (disk.requested().isEmpty()) {
            Thread.onSpinWait();
        }
        stream.tidy(System.nanoTime(), TimeUnit.HOURS.toNanos(1));
        assertEquals(FIRST_WINDOW, budget.used(), "it may answer yet");
        while (budget.used() > 0) {
            TimeUnit.MILLISECONDS.sleep(50);
            stream.tidy(System.nanoTime(), TimeUnit.HOURS.toNanos(1));
        }
        letReadaheadEnd();
        stream.admit(file, 0, FILE_BYTES);
        assertEquals(FIRST_WINDOW, budget.used(), "now it is in memory");
        stream.drop();
        assertEquals(0, budget.used());
    }

    @Test
    void underDebugColdAPositionIsColdTheFirstTimeAndNoMore() throws Exception {
        stream = stream(true);
        disk.residentTo(FILE_BYTES);
        assertEquals(Stream.WAIT, stream.admit(file, 0, 20 * KIB));
        letReadaheadEnd();
        assertEquals(20 * KIB, stream.admit(file, 0, 20 * KIB));
        stream.sent(file, 0, 20 * KIB);
        assertEquals(20 * KIB, stream.admit(file, 0, 20 * KIB), "the second time");
    }

    @Test
    void aTargetIsStrandedOnlyWhenItWasTwice() {
        stream.admit(file, 0, KIB);
        assertEquals(false, stream.target().isStrandedAgain(true, stream.isReading()), "something is in flight");
        stream.drop();
        assertEquals(false, stream.target().isStrandedAgain(true, stream.isReading()));
        assertEquals(true, stream.target().isStrandedAgain(true, stream.isReading()));
        assertEquals(false, stream.target().isStrandedAgain(false, stream.isReading()));
    }
}
