package io.readahead.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Adapters;
import io.readahead.Seed;
import io.readahead.gate.FakeChannel;
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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of a few connections and files, on one thread with a clock and a disk of the test's own, against what must hold
 * at every step whatever happened before.
 *
 * <p>A history is repeated by {@code -Dreadahead.test.seed}; how many are tried is {@code readahead.test.histories}.
 */
@Timeout(300)
class TransferModelTest {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long MAX_WINDOW = MIB;
    private static final long BUDGET = 2 * MIB;
    private static final long SMALLEST_WINDOW = 64 * KIB;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LARGEST_FILE = 6 * MIB;
    private static final int CHANNELS = 4;
    private static final int FILES = 3;
    private static final int STEPS = 400;
    private static final int HISTORIES = Integer.getInteger("readahead.test.histories", 300);
    private static final long NOWHERE = -1;

    @TempDir
    private Path folder;

    /** One connection, as a server sees it. */
    private static final class Connection {
        private FakeChannel channel = new FakeChannel();
        private int file;
        private long position;
        /** What a parked call was promised: this file from here at the next call. */
        private FileChannel owedFile;
        private long owedFrom = NOWHERE;
        /** Whether it may still be owed something: it waited, and nothing was sent since. */
        private boolean waited;
        /** The first that it was held up for, since it was answered anything else. */
        private FileChannel heldUpFile;
        private long heldUpAt;
    }

    /** All that one history is about. */
    private final class History {
        private final Random random;
        private final ModelDisk disk = new ModelDisk();
        private final Counters counters = new Counters();
        private final Budget budget = new Budget(BUDGET);
        private final ByHand hand = new ByHand(disk, counters);
        private final List<Throwable> failures = new ArrayList<>();
        private final Gate gate = new Gate(new NoKeys());
        private final Transfers transfers;
        private final FileChannel[] channels = new FileChannel[FILES];
        private final ModelDisk.ModelFile[] files = new ModelDisk.ModelFile[FILES];
        private final Connection[] connections = new Connection[CHANNELS];
        private int parks;
        private int sends;

        History(long seed) throws IOException {
            random = new Random(seed);
            transfers = new Transfers(new Transfers.Rooms(disk, disk, hand.pool(), budget, counters, gate,
                    new Adapters(List.of())), MAX_WINDOW, false, failures::add, disk::nowNanos);
            for (int i = 0; i < FILES; i++) {
                openFile(i);
            }
            for (int i = 0; i < CHANNELS; i++) {
                connections[i] = new Connection();
            }
        }

        private void openFile(int i) throws IOException {
            channels[i] = FileChannel.open(folder.resolve("file"));
            files[i] = disk.attach(channels[i], new ModelDisk.ModelFile(1 + random.nextInt((int) LARGEST_FILE)));
            files[i].answers = random.nextInt(4) > 0;
        }

        private void step() throws IOException {
            Connection connection = connections[random.nextInt(CHANNELS)];
            ModelDisk.ModelFile file = files[random.nextInt(FILES)];
            switch (random.nextInt(20)) {
                case 0 -> drain();
                case 1, 2, 3, 4 -> hand.performNext();
                case 5 -> file.resident.clear();
                case 6 -> file.resident.clear(random.nextInt(1 + ModelDisk.page(LARGEST_FILE)));
                case 7 -> file.resident.set(0, 1 + random.nextInt(1 + ModelDisk.page(LARGEST_FILE)));
                case 8 -> resize(file);
                case 9 -> file.broken = random.nextInt(4) == 0;
                case 10 -> pause();
                case 11 -> jump(connection);
                case 12 -> leave(connection);
                default -> call(connection);
            }
            if (random.nextInt(50) == 0) {
                replaceFile(random.nextInt(FILES));
            }
            assertTrue(budget.used() >= 0, "more was given back than taken: " + budget.used());
            assertTrue(budget.used() <= BUDGET + CHANNELS * SMALLEST_WINDOW, "over budget: " + budget.used());
        }

        private void resize(ModelDisk.ModelFile file) {
            file.sizeBytes = 1 + random.nextInt((int) LARGEST_FILE);
            file.resident.clear(1 + ModelDisk.page(file.sizeBytes - 1), 1 + ModelDisk.page(LARGEST_FILE));
        }

        private void replaceFile(int i) throws IOException {
            channels[i].close();
            if (random.nextBoolean()) {
                sweep();
            }
            openFile(i);
            for (Connection connection : connections) {
                if (connection.file == i) {
                    connection.position = 0;
                }
            }
        }

        /** A while goes by; the watchdog comes, or not yet. */
        private void pause() {
            long[] millis = {10, 150, 3000, 40_000};
            disk.advance(TimeUnit.MILLISECONDS.toNanos(millis[random.nextInt(millis.length)]));
            if (random.nextBoolean()) {
                sweep();
            }
        }

        private void sweep() {
            transfers.sweep();
            for (Connection connection : connections) {
                connection.owedFrom = NOWHERE;    // a stream that was idle for too long may have been dropped
            }
        }

        private void jump(Connection connection) {
            connection.file = random.nextInt(FILES);
            connection.position = random.nextInt((int) LARGEST_FILE);
        }

        private void leave(Connection connection) throws IOException {
            connection.channel.close();
            sweep();
            assertTrue(!gate.isParked(connection.channel), "a closed channel is still parked");
            connection.channel = new FakeChannel();
            connection.waited = false;
            connection.position = 0;
            connection.owedFrom = NOWHERE;
        }

        private void drain() {
            hand.performAll();
            assertEquals(0, gate.parkedNow(), "nothing is in flight, and a channel is still parked");
        }

        private void call(Connection connection) {
            if (gate.isParked(connection.channel) && random.nextInt(8) > 0) {
                return;    // a server waits for its selector, most of the time
            }
            FileChannel channel = channels[connection.file];
            ModelDisk.ModelFile file = files[connection.file];
            long position = connection.position;
            long count = 1 + random.nextInt(random.nextBoolean() ? (int) (64 * KIB) : (int) (3 * MIB));
            boolean owed = connection.owedFile == channel && connection.owedFrom == position && !gate.isParked(connection.channel);
            boolean inFlight = transfers.streams().of(connection.channel, null).inFlight() != null;
            long outOfOrder = counters.outOfOrder.sum();
            long admitted = transfers.admission().admitOrPark(connection.channel, null, channel, position, count, "model");
            if (admitted == Stream.WAIT && counters.outOfOrder.sum() > outOfOrder) {
                heldUp(connection, channel, position);
                return;
            }
            connection.heldUpFile = null;
            if (admitted == Stream.WAIT) {
                assertTrue(inFlight || position < file.sizeBytes, "parked at the end of a file");
                waits(connection, channel, position, owed);
                return;
            }
            sends++;
            assertTrue(admitted > 0 && admitted <= count, admitted + " of " + count);
            assertTrue(!gate.isParked(connection.channel), "it may send, and is parked");
            if (!connection.waited || connection.owedFile != channel) {
                checkEvidence(file, position, Math.min(position + admitted, file.sizeBytes));
            }
            connection.owedFrom = NOWHERE;
            long inFile = Math.min(admitted, file.sizeBytes - position);
            long sent = inFile <= 0 ? 0 : 1 + random.nextInt((int) inFile);
            transfers.streams().of(connection.channel, null).sent(channel, position, sent);
            connection.waited &= sent == 0;
            connection.position += sent;
        }

        /** Held up once for each thing that it asks for, but while what it was kept waiting for is being read. */
        private void heldUp(Connection connection, FileChannel channel, long position) {
            boolean reading = transfers.streams().of(connection.channel, null).isReading();
            boolean again = connection.heldUpFile == channel && connection.heldUpAt == position;
            assertTrue(reading || !again, "held up again, and nothing is read");
            assertTrue(reading || !gate.isParked(connection.channel), "held up, and nobody will wake it");
            if (connection.heldUpFile == null) {
                connection.heldUpFile = channel;
                connection.heldUpAt = position;
            }
        }

        private void waits(Connection connection, FileChannel channel, long position, boolean owed) {
            parks++;
            assertTrue(!owed, "parked a second time for a range that was read ahead");
            if (gate.isParked(connection.channel)) {
                assertTrue(transfers.streams().of(connection.channel, null).isReading(), "parked, and nothing is in flight");
                assertTrue(transfers.streams().of(connection.channel, null).inFlight().covers(position), "parked for another range");
            }
            connection.waited = true;
            connection.owedFile = channel;
            connection.owedFrom = position;
        }

        /** Each page that may be sent was seen to be readable: a moment ago, or once where nobody can say. */
        private void checkEvidence(ModelDisk.ModelFile file, long from, long to) {
            for (int page = ModelDisk.page(from); from < to && page <= ModelDisk.page(to - 1); page++) {
                Long since = file.evidence.get(page);
                if (!file.answers && since == null && file.broken) {
                    continue;
                }
                assertTrue(since != null, "page " + page + " was neither probed nor read");
                boolean fresh = disk.nowNanos() - since < FRESH_NANOS;
                assertTrue(fresh || !file.answers, "page " + page + " was readable " + (disk.nowNanos() - since) / 1_000_000 + " ms ago");
            }
        }

        private void end() throws IOException {
            drain();
            for (Connection connection : connections) {
                connection.channel.close();
            }
            transfers.sweep();
            hand.performAll();
            assertEquals(List.of(), failures);
            assertEquals(0, counters.failures.sum());
            assertEquals(0, counters.mendedWakeups.sum(), "wake-ups that the watchdog had to mend");
            assertEquals(0, budget.used(), "bytes still taken");
            assertEquals(0, counters.openDescriptors.get(), "descriptors open by count");
            assertEquals(1, disk.openNow(), "descriptors open, /dev/null being one");
            assertEquals(0, disk.wrongCloses());
            assertEquals(0, gate.parkedNow());
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    /** No channel is registered anywhere. */
    private static final class NoKeys implements KeyQueue {

        @Override
        public SelectionKey[] keysOf(SelectableChannel channel) {
            return null;
        }

        @Override
        public void queue(SelectionKey key) {
            throw new IllegalStateException("there is no key");
        }
    }

    @Test
    void whateverHappenedBeforeThePromisesHold() throws IOException {
        Files.createFile(folder.resolve("file"));
        long first = Seed.get();
        int parks = 0;
        int sends = 0;
        for (int i = 0; i < (Seed.repeats() ? 1 : HISTORIES); i++) {
            History history = new History(first + i);
            int step = 0;
            try {
                for (; step < STEPS; step++) {
                    history.step();
                }
                history.end();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("history of -Dreadahead.test.seed=" + (first + i) + ", step " + step + ": " + broken.getMessage(),
                        broken);
            }
            parks += history.parks;
            sends += history.sends;
        }
        System.out.println("transfer model: seed " + first + ", " + parks + " parks, " + sends + " sends");
        assertTrue(parks > 0 && sends > 0, "nothing was tried");
    }
}
