package io.readahead.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.FlushAdapter;
import io.readahead.adapter.Retry;
import io.readahead.bridge.BridgeHooks;
import io.readahead.bridge.ReadaheadBridge;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.Errno;
import io.readahead.os.Mapping;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.ByHand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written of a mapped file, and in which order with what is written beside it. */
@Timeout(60)
class MappedWritesTest {

    private static final int KIB = 1024;
    private static final int FILE_BYTES = 512 * KIB;
    private static final int FRAME = 16 * KIB;
    private static final int FIRST_WINDOW = 256 * KIB;
    private static final int WINDOW = 64 * KIB;
    private static final long BUDGET = 1 << 20;
    private static final String SITE = "com.example.Connection.flush";
    private static final byte[] HEAD = "head".getBytes();

    @TempDir
    private Path folder;

    private final MappedDisk disk = new MappedDisk();
    private final Counters counters = new Counters();
    private final Budget budget = new Budget(BUDGET);
    private final Gate gate = new Gate(new KeyQueue() {
        @Override
        public SelectionKey[] keysOf(SelectableChannel channel) {
            return null;
        }

        @Override
        public void queue(SelectionKey key) {
            throw new IllegalStateException("there is no key");
        }
    });
    private final List<Throwable> failures = new ArrayList<>();
    private final byte[] content = new byte[FILE_BYTES];
    private final ByHand hand = new ByHand(disk, counters);
    private final Transfers transfers = transfers(WINDOW);
    private final Layer layer = new Layer();
    private MappedByteBuffer mapped;
    private ServerSocketChannel listening;
    private SocketChannel socket;
    private SocketChannel client;

    /** A mapped file of which the beginning is in memory, up to a place that a test moves and reading moves. */
    private static final class MappedDisk extends ModelDisk {

        private final List<String> read = new ArrayList<>();
        private long residentTo;
        private boolean populates = true;
        private boolean broken;
        private long address;
        /** Where each file's read part ends, by the file's address; null where there is one file. */
        private TreeMap<Long, Long> readTo;

        @Override
        public long mappedPrefix(Mapping mapping, long offset, long length, boolean goneOver) {
            address = mapping.address(0);
            if (readTo == null) {
                return Math.max(0, Math.min(length, residentTo - offset));
            }
            long there = Math.max(0, Math.min(length, readTo.computeIfAbsent(address, none -> 0L) - offset));
            return there == 0 || goneOver ? there : Residency.toBeGoneOver(there);
        }

        @Override
        public boolean canPopulate() {
            return populates;
        }

        @Override
        public int populate(long from, long length) {
            read.add(from - address + "+" + length);
            if (broken) {
                return -Errno.EFAULT;
            }
            residentTo = Math.max(residentTo, from - address + length);
            if (readTo != null) {
                readTo.merge(readTo.floorKey(from), from - readTo.floorKey(from) + length, Math::max);
            }
            return 0;
        }
    }

    /** A layer of a server's own that is handed buffers. */
    private static final class Layer {

        private boolean known = true;
        private boolean flushing;
        private int retries;
    }

    /** Knows that layer. */
    private static final class LayerAdapter implements FlushAdapter, Retry {

        @Override
        public String site() {
            return SITE;
        }

        @Override
        public Object channelOf(Object receiver) {
            return ((Layer) receiver).known ? receiver : null;
        }

        @Override
        public boolean isFlushing(Object channel) {
            return ((Layer) channel).flushing;
        }

        @Override
        public Retry retry() {
            return this;
        }

        @Override
        public void park(Object channel, BooleanSupplier stillParked) {
            // Nobody tries it before it is told to.
        }

        @Override
        public void reenter(Object channel) {
            ((Layer) channel).retries++;
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

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 257);
        }
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), content))) {
            mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
        }
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listening.getLocalAddress());
        socket = listening.accept();
        socket.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        socket.close();
        listening.close();
        transfers.stop();
        assertEquals(List.of(), failures);
        assertEquals(0, budget.used());
        assertEquals(0, gate.parkedNow());
    }

    private Transfers transfers(int largestWindow) {
        return new Transfers(new Transfers.Rooms(disk, disk, hand.pool(), budget, counters, gate,
                new Adapters(List.of(new LayerAdapter()))), largestWindow, false, failures::add, disk::nowNanos);
    }

    private long write(ByteBuffer... buffers) throws IOException {
        return transfers.write(socket, buffers, 0, buffers.length, SITE);
    }

    private byte[] received(int bytes) throws IOException {
        ByteBuffer got = ByteBuffer.allocate(bytes);
        while (got.hasRemaining()) {
            client.read(got);
        }
        return got.array();
    }

    private byte[] content(int from, int to) {
        return Arrays.copyOfRange(content, from, to);
    }

    /** A disk that takes longer for a window than an idle stream keeps a mapping. */
    @Test
    void whoWaitedForLongIsGivenWhatWasReadForIt() throws Exception {
        assertEquals(0, write(mapped));
        disk.advance(TimeUnit.SECONDS.toNanos(4));
        hand.performAll();
        transfers.sweep();
        assertTrue(write(mapped) > 0, "it was read ahead, and is owed");
        assertEquals(0, counters.outOfOrder.sum());
        assertEquals(1, counters.parks.sum());
        hand.performAll();
    }

    @Test
    void anotherFileIsWrittenOnceItIsAskedForAgain() throws Exception {
        MappedByteBuffer other;
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("other"), content))) {
            other = file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
        }
        assertEquals(0, write(mapped));
        hand.performAll();
        assertEquals(0, write(other), "before its turn");
        assertTrue(write(other) > 0, "it did not come for the first again");
        assertEquals(1, counters.outOfOrder.sum());
        hand.performAll();
    }

    @Test
    void filesThatTakeTurnsAreWaitedForOnceAWindow() throws Exception {
        disk.readTo = new TreeMap<>();
        MappedByteBuffer other;
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("other"), content))) {
            other = file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
        }
        Transfers large = transfers(FIRST_WINDOW);
        int frames = FILE_BYTES / FRAME;
        for (int frame = 0; frame < frames; frame++) {
            for (ByteBuffer file : List.of(mapped, other)) {
                ByteBuffer part = file.slice(frame * FRAME, FRAME);
                while (part.hasRemaining()) {
                    large.write(socket, new ByteBuffer[] {part}, 0, 1, SITE);
                    hand.performAll();
                }
                assertEquals(-1, Arrays.mismatch(content(frame * FRAME, (frame + 1) * FRAME), received(FRAME)));
            }
        }
        assertEquals(2 * 3, counters.parks.sum(), "64 KB, 256 KB, and the rest, and not once a frame");
        assertEquals(2 * 3, counters.warmups.sum());
        large.stop();
    }

    @Test
    void whatComesBeforeColdBytesIsWrittenAndTheyComeWhenTheyWereRead() throws Exception {
        ByteBuffer head = ByteBuffer.wrap(HEAD);
        assertEquals(HEAD.length, write(head, mapped));
        assertEquals("head", new String(received(HEAD.length)));
        assertTrue(gate.isParked(socket));
        assertEquals(0, write(head, mapped), "asked again too early");
        assertEquals(0, mapped.position());
        assertEquals(FILE_BYTES, mapped.limit());
        assertEquals(1, counters.parks.sum());
        hand.performAll();
        assertFalse(gate.isParked(socket));
        assertEquals(WINDOW, write(head, mapped));
        assertEquals(WINDOW, mapped.position());
        assertEquals(FILE_BYTES, mapped.limit());
        assertEquals(-1, Arrays.mismatch(content(0, WINDOW), received(WINDOW)));
        assertEquals("0+" + WINDOW, disk.read.get(0));
    }

    @Test
    void whileAWindowIsWrittenTheNextOneIsRead() throws Exception {
        write(mapped);
        hand.performAll();
        write(mapped);
        hand.performAll();
        assertEquals(List.of("0+" + WINDOW, WINDOW + "+" + WINDOW), disk.read);
        assertEquals(WINDOW, write(mapped));
        assertEquals(-1, Arrays.mismatch(content(0, 2 * WINDOW), received(2 * WINDOW)));
    }

    /** Other connections of its event loop come between; who finds all in memory copies what the socket takes. */
    @Test
    void aWindowThatWasWaitedForIsWrittenInTurns() throws Exception {
        assertEquals(256 * KIB, mostWrittenAtATime(2 * FILE_BYTES));
        disk.residentTo = 2 * FILE_BYTES;
        assertTrue(mostWrittenAtATime(2 * FILE_BYTES) > 256 * KIB, "control");
    }

    private int mostWrittenAtATime(int bytes) throws Exception {
        Transfers large = transfers(FILE_BYTES);
        int most = 0;
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("large"), new byte[bytes]))) {
            MappedByteBuffer whole = file.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
            while (whole.hasRemaining()) {
                int written = large.write(socket, whole, SITE);
                most = Math.max(most, written);
                received(written);
                if (written == 0) {
                    hand.performAll();
                }
            }
        }
        large.stop();
        return most;
    }

    @Test
    void whatComesBehindColdBytesWaitsForThem() throws Exception {
        disk.residentTo = WINDOW;
        ByteBuffer first = mapped.slice(0, WINDOW);
        ByteBuffer between = ByteBuffer.wrap(HEAD);
        ByteBuffer second = mapped.slice(WINDOW, WINDOW);
        ByteBuffer tail = ByteBuffer.wrap("tail".getBytes());
        assertEquals(WINDOW + HEAD.length, write(first, between, second, tail), "a second part of a file is for the next call");
        assertEquals(0, write(first, between, second, tail));
        assertEquals(0, second.position());
        assertEquals(0, tail.position());
        hand.performAll();
        assertEquals(WINDOW + 4, write(first, between, second, tail));
        received(WINDOW + HEAD.length);
        assertEquals(-1, Arrays.mismatch(content(WINDOW, 2 * WINDOW), received(WINDOW)));
        assertEquals("tail", new String(received(4)));
    }

    @Test
    void ofAPartThatIsPartlyThereThatMuchIsWrittenAndNothingBehindIt() throws Exception {
        disk.residentTo = 10 * KIB;
        ByteBuffer tail = ByteBuffer.wrap(HEAD);
        assertEquals(10 * KIB, write(mapped.slice(0, 20 * KIB), tail));
        assertEquals(0, tail.position());
    }

    @Test
    void whatIsThereIsWrittenByOneCallAndAsManyQuestions() throws Exception {
        disk.residentTo = FILE_BYTES;
        assertEquals(20 * KIB, write(mapped.slice(0, 20 * KIB)));
        assertEquals(List.of(), disk.read);
        assertEquals(0, counters.parks.sum());
        assertEquals(1, counters.resident.sum());
    }

    @Test
    void anotherBufferOfTheSameFileGoesOnWhereTheFirstOneWas() throws Exception {
        assertEquals(0, write(mapped.duplicate()));
        hand.performAll();
        disk.residentTo = 0;    // it is gone again, and was waited for
        assertEquals(WINDOW, write(mapped.slice(0, WINDOW).asReadOnlyBuffer()));
        assertEquals(List.of("0+" + WINDOW), disk.read.subList(0, 1));
    }

    @Test
    void whatCanNotBeReadIsMetByTheOriginalCall() throws Exception {
        disk.broken = true;
        assertEquals(0, write(mapped));
        hand.performAll();
        assertFalse(gate.isParked(socket));
        assertEquals(WINDOW, write(mapped), "and so it says what it would have said");
    }

    @Test
    void buffersOfNoFileAreNotLookedAt() throws Exception {
        assertEquals(2 * HEAD.length, write(ByteBuffer.wrap(HEAD), ByteBuffer.allocateDirect(HEAD.length)));
        assertEquals(0, counters.transfers.sum());
        assertEquals(0, counters.passedThrough.sum());
    }

    @Test
    void whereNothingCanBeReadAheadEveryCallPassesAndIsCounted() throws Exception {
        disk.populates = false;
        assertEquals(20 * KIB, write(mapped.slice(0, 20 * KIB)));
        assertEquals(Reason.MAPPED, counters.passedThrough.rows().get(0).reason());
        assertEquals(SITE, counters.passedThrough.rows().get(0).site());
    }

    @Test
    void aSocketThatBlocksWaitsAsItDid() throws Exception {
        socket.configureBlocking(true);
        assertEquals(20 * KIB, write(mapped.slice(0, 20 * KIB)));
        assertEquals(Reason.BLOCKING, counters.passedThrough.rows().get(0).reason());
    }

    /** What the layer takes of buffers, all that it is handed, in bytes; -1 where it is to come back. */
    private int flush(ByteBuffer... buffers) {
        BridgeHooks.install(transfers);
        ByteBuffer[] part = ReadaheadBridge.part(0, layer, buffers);
        int taken = 0;
        for (ByteBuffer buffer : part == null ? new ByteBuffer[0] : part) {
            taken += buffer.remaining();
            buffer.position(buffer.limit());
        }
        boolean all = part != null && ReadaheadBridge.flushed(true, 0, layer, part);
        assertEquals(all, Arrays.stream(buffers).noneMatch(ByteBuffer::hasRemaining), "whether all was taken");
        BridgeHooks.install(null);
        return part == null ? -1 : taken;
    }

    @Test
    void aLayerIsHandedWhatComesBeforeColdBytesAndThenWhatWasReadAhead() {
        ByteBuffer head = ByteBuffer.wrap(HEAD);
        ByteBuffer tail = ByteBuffer.wrap(HEAD);
        ByteBuffer part = mapped.slice(0, WINDOW + KIB);
        assertEquals(HEAD.length, flush(head, part, tail));
        assertTrue(transfers.parked(0, layer));
        assertEquals(-1, flush(head, part, tail), "asked again too early");
        hand.performAll();
        assertFalse(transfers.parked(0, layer));
        assertEquals(1, layer.retries);
        assertEquals(WINDOW, flush(part, tail));
        assertEquals(WINDOW, part.position());
        assertEquals(WINDOW + KIB, part.limit());
        assertEquals(-1, flush(part, tail), "the next window was asked for when that one was handed on, and is read");
        hand.performAll();
        assertEquals(KIB, flush(part, tail));
        assertEquals(HEAD.length, flush(part, tail), "what comes behind it, by itself");
        assertEquals(List.of("0+" + WINDOW, WINDOW + "+" + WINDOW), disk.read, "no less than what is worth a readahead");
    }

    @Test
    void aSmallPartOfAMappedFileBringsWhatIsWorthAReadahead() {
        assertEquals(-1, flush(mapped.slice(0, KIB)));
        hand.performAll();
        assertEquals(KIB, flush(mapped.slice(0, KIB)));
        assertEquals(List.of("0+" + WINDOW), disk.read);
    }

    @Test
    void noRestIsLeftThatIsNotWorthAReadahead() {
        int begin = FILE_BYTES - 2 * WINDOW + KIB;
        assertEquals(-1, flush(mapped.slice(begin, KIB)));
        hand.performAll();
        assertEquals(KIB, flush(mapped.slice(begin, KIB)));
        assertEquals(begin + 2 * WINDOW - KIB, disk.residentTo, "to the end");
    }

    @Test
    void aLayerWithSomethingOnItsWayIsNotParked() {
        layer.flushing = true;
        assertEquals(-1, flush(mapped));
        assertFalse(transfers.parked(0, layer), "it is called back by its server");
        assertEquals(List.of(), disk.read);
        layer.flushing = false;
        disk.residentTo = FILE_BYTES;
        assertEquals(20 * KIB, flush(mapped.slice(0, 20 * KIB)));
    }

    @Test
    void aLayerOfAnotherShapeIsHandedAll() {
        layer.known = false;
        assertEquals(FILE_BYTES, flush(mapped));
        assertEquals(Reason.SHAPE, counters.passedThrough.rows().get(0).reason());
        layer.known = true;
        disk.populates = false;
        assertEquals(FILE_BYTES, flush(mapped.slice(0, FILE_BYTES)));
        assertEquals(2, counters.passedThrough.sum());
    }

    @Test
    void aLayerThatIsHandedNoMappedFileIsNotAsked() {
        assertEquals(2 * HEAD.length, flush(ByteBuffer.wrap(HEAD), ByteBuffer.allocateDirect(HEAD.length)));
        assertEquals(0, counters.transfers.sum());
        assertEquals(0, counters.passedThrough.sum());
    }

    @Test
    void whoTakesTheAgentOffWakesALayerThatWaits() {
        assertEquals(-1, flush(mapped));
        transfers.stop();
        assertEquals(1, layer.retries);
        assertEquals(FILE_BYTES, flush(mapped));
    }

    @Test
    void whoTakesTheAgentOffWakesWhoWaits() throws Exception {
        assertEquals(0, write(mapped));
        transfers.stop();
        assertFalse(gate.isParked(socket));
        assertEquals(20 * KIB, write(mapped.slice(0, 20 * KIB)));
    }
}
