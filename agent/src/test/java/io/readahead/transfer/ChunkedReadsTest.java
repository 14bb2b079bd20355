package io.readahead.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.CalleeAdapter;
import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Retry;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.observe.Counters;
import io.readahead.warmup.Budget;
import io.readahead.warmup.ByHand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An object that reads a file chunk by chunk: never a byte that is cold, and seldom a question. */
@Timeout(30)
class ChunkedReadsTest {

    private static final int FILE_BYTES = 3_000_000;
    /** Crosses the end of each window. */
    private static final int CHUNK = 7_001;
    private static final String LATER = "later";
    private static final String STRANGER = "reads no file";

    @TempDir
    private Path folder;

    private final ModelDisk disk = new ModelDisk();
    private final Counters counters = new Counters();
    private final List<Throwable> failures = new ArrayList<>();
    private final ByHand hand = new ByHand(disk, counters);
    private final Budget budget = new Budget(16 << 20);
    private final Driver driver = new Driver();
    private final Transfers transfers = new Transfers(new Transfers.Rooms(disk, disk, hand.pool(), budget, counters,
            new Gate(new KeyQueue() {
                @Override
                public SelectionKey[] keysOf(SelectableChannel channel) {
                    return null;
                }

                @Override
                public void queue(SelectionKey key) {
                    throw new IllegalStateException("there is no key");
                }
            }), new Adapters(List.of(driver))), 1 << 20, false, failures::add, disk::nowNanos);
    private FileChannel file;
    private ModelDisk.ModelFile model;
    private Input input;
    /** By the class of such inputs. */
    private boolean seenToRead;

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.write(folder.resolve("file"), new byte[FILE_BYTES]));
        model = disk.attach(file, new ModelDisk.ModelFile(FILE_BYTES));
        input = new Input(FILE_BYTES, false);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        assertEquals(List.of(), failures);
        assertEquals(0, counters.mendedWakeups.sum());
    }

    /** Takes itself for the channel. */
    private static final class Driver implements CalleeAdapter, Retry {

        private int resumed;
        private Runnable turn;
        /** Another thread takes the turn before it was given. */
        private boolean atOnce;
        private int turns;

        @Override
        public String site() {
            return "fake.Driver.flush";
        }

        @Override
        public Object channelOf(Object receiver) {
            return receiver;
        }

        @Override
        public FileChunks open(Object source) {
            return source instanceof FileChunks chunks ? chunks : null;
        }

        @Override
        public Object readerOf(Object source) {
            return source;
        }

        @Override
        public Object later(Object receiver) {
            return LATER;
        }

        @Override
        public boolean askAgain(Object receiver, Runnable first) {
            assertNull(turn, "asked for once");
            turns++;
            turn = first;
            if (atOnce) {
                first.run();
                turn = () -> { };
            }
            return true;
        }

        private boolean takeTurn() {
            Runnable first = turn;
            turn = null;
            if (first != null) {
                first.run();
            }
            return first != null;
        }

        @Override
        public Retry retry() {
            return this;
        }

        @Override
        public void park(Object channel, BooleanSupplier stillParked) {
            // It waits by itself.
        }

        @Override
        public void reenter(Object channel) {
            resumed++;
        }

        @Override
        public boolean isOpen(Object channel) {
            return true;
        }

        @Override
        public void forget() {
            // It holds nothing.
        }
    }

    /** Fails where it reads what is not in the page cache. */
    private final class Input implements FileChunks {

        private final long end;
        private final boolean looks;
        private boolean mayReadElsewhere;
        private long position;

        Input(long end, boolean looks) {
            this.end = end;
            this.looks = looks;
        }

        @Override
        public FileChannel file() {
            return file;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long end() {
            return end;
        }

        @Override
        public long reachBytes() {
            return looks ? 2 * CHUNK : CHUNK;
        }

        @Override
        public boolean readsToLook() {
            return looks;
        }

        @Override
        public boolean mayReadElsewhere() {
            return mayReadElsewhere;
        }

        @Override
        public boolean wasSeenToRead() {
            return seenToRead;
        }

        @Override
        public void seenToRead() {
            seenToRead = true;
        }

        void readChunk() {
            long to = Math.min(Math.min(position + reachBytes(), end), FILE_BYTES);
            int absent = model.resident.nextClearBit(ModelDisk.page(position));
            assertTrue(absent > ModelDisk.page(to - 1), () -> "read at " + position + " with page " + absent + " cold");
            position = Math.min(position + CHUNK, FILE_BYTES);
        }
    }

    private Object ask(Object source, boolean reads) {
        Object callee = transfers.callee(0, driver, source, reads);
        transfers.note(0, driver, source, ReadaheadHooks.OWN_POSITION, 1);
        return callee;
    }

    /** Reads to the end, window by window. @return how many chunks there were */
    private int readAll() {
        int chunks = 0;
        while (input.position < Math.min(input.end, FILE_BYTES)) {
            if (ask(input, true) == input) {
                input.readChunk();
                chunks++;
            } else {
                assertTrue(driver.takeTurn() || hand.performNext(), "it waits for something");
            }
        }
        return chunks;
    }

    @Test
    void aColdFileIsReadWindowByWindowAndAskedAboutSeldom() {
        int chunks = readAll();
        assertEquals(counters.parks.sum(), driver.resumed);
        assertTrue(driver.resumed > 0);
        long pieces = FILE_BYTES / (128 * 1024) + 1;
        assertTrue(counters.transfers.sum() <= pieces + 2 * counters.warmups.sum(), () -> chunks + " chunks: " + counters.line());
    }

    @Test
    void aHotFileIsAskedAboutInLargerPieces() {
        model.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        readAll();
        assertEquals(0, counters.parks.sum());
        long smallest = FILE_BYTES / (128 * 1024);
        assertTrue(counters.transfers.sum() <= smallest / 2, () -> smallest + " smallest pieces: " + counters.line());
    }

    @Test
    void whatWasWaitedForIsReadInTurns() {
        long turns = 0;
        long begin = 0;
        while (input.position < FILE_BYTES) {
            if (ask(input, true) == input) {
                input.readChunk();
                long read = input.position - begin;
                assertTrue(counters.parks.sum() == 0 || read <= 128 * 1024 + CHUNK || input.position > 1 << 20, () -> read + " at once");
            } else {
                begin = input.position;
                assertSame(LATER, ask(input, true), "whatever else its connection asks for meanwhile");
                boolean turn = driver.takeTurn();
                turns += turn ? 1 : 0;
                assertTrue(turn || hand.performNext(), "it waits for something");
            }
        }
        assertTrue(turns > 0);
    }

    @Test
    void whoIsQuickHasTheNextWindowReadFromTheFirstTurnOn() {
        assertEquals(1, queuedWithinTheThirdWindow(0));
    }

    @Test
    void whoIsSlowHasItReadFromHalfOfTheWindowOn() {
        assertEquals(0, queuedWithinTheThirdWindow(TimeUnit.MILLISECONDS.toNanos(2)));
    }

    /** What waits to be read when the second turn of the third window, of 1 MB, begins. */
    private int queuedWithinTheThirdWindow(long nanosEachChunk) {
        long begin = -1;
        while (true) {
            if (ask(input, true) == input) {
                if (begin > 0 && input.position > begin + 128 * 1024) {
                    return hand.pool().queued();
                }
                disk.advance(nanosEachChunk);
                input.readChunk();
            } else if (!driver.takeTurn()) {
                begin = driver.resumed > 1 ? input.position : -1;
                assertTrue(hand.performNext(), "it waits for something");
            }
        }
    }

    @Test
    void behindTheNewEndOfAFileThatIsCutNothingIsWaitedFor() throws IOException {
        model.resident.set(0, 400);
        assertSame(input, ask(input, true));
        model.sizeBytes = 400 * ModelDisk.PAGE_BYTES;
        Files.write(folder.resolve("file"), new byte[400 * ModelDisk.PAGE_BYTES]);
        for (input.position = CHUNK; input.position < FILE_BYTES; input.position += CHUNK) {
            assertSame(input, ask(input, true));
        }
        assertEquals(0, counters.parks.sum());
    }

    @Test
    void aStreamIsReadTheSameAndSaysThatThereIsMore() {
        input = new Input(Long.MAX_VALUE, true);
        assertSame(LATER, ask(input, false), "not read, it is not over");
        assertEquals(0, counters.parks.sum(), "which is known from its length");
        readAll();
        assertSame(input, ask(input, false), "at its end it says so itself");
        assertTrue(counters.parks.sum() > 0);
    }

    @Test
    void askedAgainWhileItWaitsItGoesOnWaiting() {
        for (int time = 0; time < 1000; time++) {
            assertSame(LATER, ask(input, true));
        }
        assertEquals(1, counters.transfers.sum());
        assertEquals(1, counters.parks.sum());
        hand.performAll();
        assertEquals(1, driver.resumed);
        assertSame(input, ask(input, true));
    }

    @Test
    void whatIsEvictedIsAskedAboutAgainAfterASecond() {
        model.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertSame(input, ask(input, true));
        input.readChunk();
        model.resident.clear();
        disk.advance(1_000_000_000);
        transfers.sweep();
        assertSame(LATER, ask(input, true));
    }

    @Test
    void whatKnowsItsEndIsNotAskedToLook() {
        assertSame(input, ask(input, false));
        assertEquals(0, counters.transfers.sum());
    }

    @Test
    void whoMayReadElsewhereIsKeptWaitingOnceItsClassWasSeenToReadHere() {
        input.mayReadElsewhere = true;
        assertSame(input, ask(input, true), "nobody knows");
        input.position = CHUNK;
        assertSame(LATER, ask(input, true), "it has read here");
        hand.performAll();
        readAll();
        input = new Input(FILE_BYTES, true);
        input.mayReadElsewhere = true;
        model.resident.clear();
        assertSame(LATER, ask(input, true), "one of its class has");
        assertSame(LATER, ask(input, false), "nothing was read, so it is not over");
        hand.performAll();
        assertSame(input, ask(input, true));
        input.readChunk();
        assertSame(input, ask(input, false), "it may know an end of its own");
        assertEquals(List.of(), counters.passedThrough.rows());
    }

    @Test
    void whoReadsElsewherePassesThroughAndIsCountedOnceAStream() {
        for (int stream = 1; stream <= 2; stream++) {
            input = new Input(FILE_BYTES, stream == 2);
            input.mayReadElsewhere = true;
            for (int chunk = 0; chunk < 100; chunk++) {
                assertSame(input, ask(input, true));
                assertSame(input, ask(input, false));
            }
            assertEquals(stream + " FILE " + Input.class.getName() + " fake.Driver.flush",
                    counters.passedThrough.rows().get(0).toString());
        }
        assertEquals(0, counters.parks.sum());
        assertEquals(0, counters.transfers.sum());
    }

    @Test
    void whoStopsReadingHerePassesThroughUntilItDoesAgain() {
        seenToRead = true;
        input.mayReadElsewhere = true;
        assertSame(LATER, ask(input, true));
        hand.performAll();
        assertSame(input, ask(input, true));
        model.resident.clear();
        disk.advance(1_000_000_000);
        transfers.sweep();
        assertSame(input, ask(input, true), "it was let read, and has not moved");
        input.position = CHUNK;
        assertSame(LATER, ask(input, true));
        hand.performAll();
        assertEquals(1, counters.passedThrough.rows().get(0).calls());
    }

    @Test
    void anotherInputOfTheSameDriverIsAnotherRead() {
        model.resident.set(0, 400);
        assertSame(input, ask(input, true));
        Input behind = new Input(FILE_BYTES, false);
        behind.position = 2_000_000;
        assertSame(LATER, ask(behind, true));
    }

    @Test
    void whoReadsForItselfIsToldLaterAndThenThatItIsTime() {
        while (input.position < FILE_BYTES) {
            if (!transfers.later(0, input, file, FILE_BYTES - input.position)) {
                input.readChunk();
            } else {
                assertTrue(driver.takeTurn() || hand.performNext(), "it waits for something");
            }
        }
        assertTrue(counters.parks.sum() > 0);
        assertEquals(counters.parks.sum(), driver.resumed);
        assertTrue(counters.transfers.sum() <= FILE_BYTES / (128 * 1024) + 1 + 2 * counters.warmups.sum(), counters::line);
        assertEquals(false, transfers.later(0, input, file, 0));
        assertEquals(0, budget.used(), "it is through");
        assertNull(transfers.streams().known(input), "and forgotten");
    }

    @Test
    void whoTakesItsTurnAtOnceGoesOn() {
        driver.atOnce = true;
        while (input.position < FILE_BYTES) {
            if (!transfers.later(0, input, file, FILE_BYTES - input.position)) {
                input.readChunk();
            } else {
                assertTrue(driver.takeTurn() || hand.performNext(), "it waits for something");
            }
        }
        assertTrue(driver.turns > 0);
    }

    @Test
    void whoCanNotBeToldLaterGoesOn() throws IOException {
        assertEquals(false, transfers.later(0, STRANGER, file, CHUNK));
        assertEquals(1, counters.passedThrough.sum());
        assertEquals(false, transfers.later(0, input, file, 0), "nothing is to come");
        Thread.currentThread().interrupt();
        assertEquals(false, transfers.later(0, input, file, CHUNK));
        assertTrue(Thread.interrupted());
        file.close();
        assertEquals(false, transfers.later(0, input, file, CHUNK));
        transfers.stop();
        assertEquals(false, transfers.later(0, input, file, CHUNK));
        assertEquals(0, counters.parks.sum());
    }

    @Test
    void aClosedFileAndAStrangerPassThrough() throws IOException {
        file.close();
        assertSame(input, ask(input, true));
        assertSame(STRANGER, ask(STRANGER, true));
        transfers.sweep();
        assertSame(STRANGER, ask(STRANGER, true));
        assertEquals("1 FILE java.lang.String fake.Driver.flush", counters.passedThrough.rows().get(0).toString());
    }

    @Test
    void takenOffItResumesAndLetsEverythingThrough() {
        assertSame(LATER, ask(input, true));
        transfers.stop();
        assertEquals(1, driver.resumed);
        assertSame(input, ask(input, true));
        hand.performAll();
    }
}
