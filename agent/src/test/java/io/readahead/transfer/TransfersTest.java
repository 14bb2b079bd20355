package io.readahead.transfer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Adapters;
import io.readahead.gate.FakeChannel;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.observe.Counters;
import io.readahead.warmup.Budget;
import io.readahead.warmup.ByHand;
import io.readahead.warmup.WarmupPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge is answered: parks and their ends, threads that share a file or a socket, and the end of it all. */
@Timeout(30)
class TransfersTest {

    private static final int FILE_BYTES = 300_000;
    private static final int HALF = 150_000;
    private static final int CHUNK = 40_960;
    private static final long BUDGET = 4 << 20;
    private static final long WINDOW = 1 << 20;
    private static final int FIRST_WINDOW = 256 << 10;
    private static final String SITE = "test";

    @TempDir
    private Path folder;

    private final ModelDisk disk = new ModelDisk();
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
    private ByHand hand;
    private Transfers transfers;
    private FileChannel file;
    private FileChannel otherFile;
    private ModelDisk.ModelFile model;
    private ModelDisk.ModelFile otherModel;

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 257);
        }
        Path path = Files.write(folder.resolve("file"), content);
        file = FileChannel.open(path);
        otherFile = FileChannel.open(path);
        model = disk.attach(file, new ModelDisk.ModelFile(FILE_BYTES));
        otherModel = disk.attach(otherFile, new ModelDisk.ModelFile(FILE_BYTES));
        hand = new ByHand(disk, counters);
        transfers = transfers(hand.pool());
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        otherFile.close();
        assertEquals(List.of(), failures);
        assertEquals(0, counters.mendedWakeups.sum());
        assertEquals(0, gate.parkedNow());
    }

    private Transfers transfers(WarmupPool pool) {
        return new Transfers(new Transfers.Rooms(disk, disk, pool, budget, counters, gate,
                new Adapters(List.of(FakeOwnChannel.ADAPTER))), WINDOW, false, failures::add, disk::nowNanos);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("it never happened");    // by JUnit's @Timeout
            }
            Thread.onSpinWait();
        }
    }

    private CompletableFuture<byte[]> sendInThread(int position) {
        return sendInThread(transfers, position);
    }

    /** Sends half the file to a stream, as a servlet does, on a thread of its own. */
    private CompletableFuture<byte[]> sendInThread(Transfers over, int position) {
        CompletableFuture<byte[]> sent = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                over.transferTo(file, position, HALF, Channels.newChannel(out), SITE);
                sent.complete(out.toByteArray());
            } catch (Throwable failure) {
                sent.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return sent;
    }

    @Test
    void aColdFileParksANonBlockingTargetUntilItIsRead() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel ignored = pipe.source()) {
            sink.configureBlocking(false);
            assertEquals(0, transfers.transferTo(file, 0, CHUNK, sink, SITE));
            assertTrue(gate.isParked(sink));
            hand.performAll();
            assertFalse(gate.isParked(sink));
            assertTrue(transfers.transferTo(file, 0, CHUNK, sink, SITE) > 0);
            assertEquals(1, counters.parks.sum());
        }
        transfers.sweep();
    }

    /** The model says where the file ended when the agent looked; the real one has grown by then. */
    @Test
    void whatIsAppendedAfterTheLookIsNotSentUnseen() throws IOException {
        model.sizeBytes = HALF;
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel ignored = pipe.source()) {
            sink.configureBlocking(false);
            assertEquals(0, transfers.transferTo(file, HALF, CHUNK, sink, SITE));
            assertFalse(gate.isParked(sink));
            model.sizeBytes = FILE_BYTES;
            assertEquals(0, transfers.transferTo(file, HALF, CHUNK, sink, SITE));
            assertTrue(gate.isParked(sink));
            hand.performAll();
            assertTrue(transfers.transferTo(file, HALF, CHUNK, sink, SITE) > 0);
        }
        transfers.sweep();
    }

    @Test
    void whatIsKnownWithoutAQuestionIsSentWithoutAStream() throws IOException {
        disk.stands(file);
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel ignored = pipe.source()) {
            sink.configureBlocking(false);
            assertTrue(transfers.transferTo(file, 0, CHUNK, sink, SITE) > 0);
            assertNull(transfers.streams().known(sink));
        }
        FakeChannel channel = new FakeChannel();
        assertEquals(CHUNK, admit(channel, file, 0));
        assertNull(transfers.streams().known(channel));
        assertEquals(2, counters.transfers.sum());
        assertEquals(2, counters.resident.sum());
        assertEquals("{test=2 0}", counters.callSites.figures().toString());
        transfers.stop();
        assertEquals(CHUNK, admit(channel, file, 0));
        assertEquals(2, counters.transfers.sum());
    }

    @Test
    void whatIsKnownWithoutAQuestionWaitsForWhatIsWithheldAllTheSame() {
        FakeChannel channel = new FakeChannel();
        disk.stands(otherFile);
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(0, admit(channel, file, 0));
        assertEquals(0, admit(channel, otherFile, 0), "it is being read");
        hand.performAll();
        assertEquals(0, admit(channel, otherFile, CHUNK), "the sender has not come for it");
        assertEquals(CHUNK, admit(channel, file, 0));
        transfers.streams().of(channel, null).sent(file, 0, CHUNK);
        assertEquals(CHUNK, admit(channel, otherFile, 0));
        hand.performAll();
    }

    @Test
    void aStreamThatHasNothingToRememberIsDroppedByAHotCall() {
        FakeChannel channel = new FakeChannel();
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(CHUNK, admit(channel, otherFile, 0));
        assertTrue(transfers.streams().known(channel) != null);
        transfers.streams().of(channel, null).sent(otherFile, 0, CHUNK);
        disk.stands(otherFile);
        assertEquals(CHUNK, admit(channel, otherFile, CHUNK));
        assertNull(transfers.streams().known(channel));
        disk.stands(null);
        assertEquals(CHUNK, admit(channel, otherFile, 2 * CHUNK));
        assertTrue(transfers.streams().known(channel) != null);
    }

    @Test
    void aZeroIsLaterForTheCallThatWasAnsweredIt() throws Exception {
        FakeChannel channel = new FakeChannel();
        FakeChannel other = new FakeChannel();
        assertFalse(transfers.saidLater(file, CHUNK));
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, CHUNK, FILE_BYTES, SITE));
        assertTrue(transfers.saidLater(file, CHUNK));
        assertFalse(transfers.saidLater(otherFile, CHUNK));
        assertFalse(transfers.saidLater(file, CHUNK + 1));
        assertFalse(CompletableFuture.supplyAsync(() -> transfers.saidLater(file, CHUNK)).get(), "another thread was told nothing");
        assertEquals(0, transfers.admission().admitOrPark(other, null, otherFile, 0, CHUNK, SITE));
        assertTrue(transfers.saidLater(file, CHUNK), "another channel's answer");
        hand.performAll();
        assertTrue(transfers.saidLater(file, CHUNK), "what ends meanwhile makes the 0 no word of the file");
        assertEquals(FILE_BYTES - CHUNK, transfers.admission().admitOrPark(channel, null, file, CHUNK, FILE_BYTES, SITE));
        assertFalse(transfers.saidLater(file, CHUNK), "a 0 now is the file's own");
    }

    @Test
    void aZeroAtTheEndOfAFileIsTheFilesOwn() throws IOException {
        FakeChannel channel = new FakeChannel();
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, CHUNK, FILE_BYTES, SITE));
        hand.performAll();
        transfers.admission().admitOrPark(channel, null, file, CHUNK, FILE_BYTES, SITE);
        transfers.streams().of(channel, null).sent(file, CHUNK, FILE_BYTES - CHUNK);
        assertEquals(1, transfers.admission().admitOrPark(channel, null, file, FILE_BYTES, 1, SITE));
        assertFalse(transfers.saidLater(file, FILE_BYTES));
        assertEquals(1, counters.parks.sum());
    }

    @Test
    void aCallOnAChannelThatIsClosedIsTheOriginalsOwn() throws IOException {
        FakeChannel channel = new FakeChannel();
        channel.close();
        assertEquals(CHUNK, admit(channel, file, 0), "cold, but nobody would call again");
        assertEquals(CHUNK, transfers.admit(0, channel, file, 0, CHUNK));
        assertFalse(gate.isParked(channel));
        assertEquals(0, counters.parks.sum());
    }

    @Test
    void aDatagramKeepsItsBoundaries() throws IOException {
        try (DatagramChannel to = DatagramChannel.open(); DatagramChannel from = DatagramChannel.open()) {
            to.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            from.connect(to.getLocalAddress()).configureBlocking(false);
            assertEquals(CHUNK, transfers.transferTo(file, 0, CHUNK, from, SITE), "cold, and sent all the same");
            assertEquals(Set.of("1 TARGET sun.nio.ch.DatagramChannelImpl test"),
                    counters.passedThrough.rows().stream().map(Object::toString).collect(Collectors.toSet()));
        }
    }

    @Test
    void whatPassesThroughIsCountedBySiteAndReason() throws IOException {
        Path copy = folder.resolve("copy");
        try (FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                SocketChannel unconnected = SocketChannel.open()) {
            WritableByteChannel own = new OwnChannel();
            assertEquals(CHUNK, transfers.transferTo(file, 0, CHUNK, own, SITE));
            assertEquals(CHUNK, transfers.transferTo(file, 0, CHUNK, own, "other"));
            assertEquals(CHUNK, transfers.transferTo(file, 0, CHUNK, to, SITE));
            // JDK 17 asks the kernel first, an IOException; JDK 25 asks the channel, a NotYetConnectedException.
            Class<? extends Exception> refusal = assertThrows(Exception.class, () -> file.transferTo(0, CHUNK, unconnected)).getClass();
            assertThrows(refusal, () -> transfers.transferTo(file, 0, CHUNK, unconnected, SITE));
            assertEquals(CHUNK, transfers.admit(0, own, file, 0, CHUNK));
            assertEquals(CHUNK, transfers.admit(0, new FakeOwnChannel(), own, 0, CHUNK));
            transfers.transferTo(file, 0, 0, own, SITE);
            own.close();
            assertThrows(IOException.class, () -> transfers.transferTo(file, 0, CHUNK, own, SITE));
            String name = OwnChannel.class.getName();
            assertEquals(Set.of("1 TARGET " + name + " test", "1 TARGET " + name + " other", "1 TO_FILE sun.nio.ch.FileChannelImpl test",
                    "1 NOT_CONNECTED sun.nio.ch.SocketChannelImpl test", "2 SHAPE " + name + " "
                    + FakeOwnChannel.ADAPTER.site()),
                    counters.passedThrough.rows().stream().map(Object::toString).collect(Collectors.toSet()));
            assertEquals(0, counters.transfers.sum());
        }
    }

    /** As a server's own TLS channel. */
    private static final class OwnChannel implements WritableByteChannel {

        private boolean closed;

        @Override
        public int write(ByteBuffer source) {
            int bytes = source.remaining();
            source.position(source.limit());
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void theClosingOfAFileResumesWhoIsParkedForIt() throws IOException {
        FakeChannel channel = new FakeChannel();
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, 0, CHUNK, SITE));
        file.close();
        transfers.sweep();
        assertFalse(gate.isParked(channel), "at the first look, and not as something to be mended");
        assertEquals(0, budget.used());
    }

    @Test
    void theClosingOfATargetForgetsIt() throws IOException {
        FakeChannel channel = new FakeChannel();
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, 0, CHUNK, SITE));
        channel.close();
        transfers.sweep();
        assertFalse(gate.isParked(channel));
        assertEquals(0, budget.used());
    }

    private long admit(FakeChannel channel, FileChannel from, long position) {
        return transfers.admission().admitOrPark(channel, null, from, position, CHUNK, SITE);
    }

    @Test
    void whoGaveUpTheFileThatItIsParkedForMaySendAnother() {
        FakeChannel channel = new FakeChannel();
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(0, admit(channel, file, 0));
        assertEquals(0, admit(channel, otherFile, 0));
        assertTrue(gate.isParked(channel));
        assertEquals(1, counters.outOfOrder.sum());
        hand.performAll();
        assertFalse(gate.isParked(channel));
        assertEquals(CHUNK, admit(channel, otherFile, 0), "it did not come for the first again");
        assertFalse(gate.isParked(channel));
    }

    @Test
    void segmentsOfASenderThatDoesNotStopAtAShortCountGoOutInOrder() {
        FakeChannel channel = new FakeChannel();
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(0, admit(channel, file, 0));
        hand.performAll();
        assertEquals(0, admit(channel, otherFile, 0), "the window has come, but the sender has not come for it");
        assertEquals(0, admit(channel, otherFile, CHUNK));
        assertFalse(gate.isParked(channel), "nobody would wake it");
        assertEquals(CHUNK, admit(channel, file, 0));
        transfers.streams().of(channel, null).sent(file, 0, CHUNK);
        assertEquals(CHUNK, admit(channel, otherFile, 0), "all of the first was sent");
        assertEquals(2, counters.outOfOrder.sum());
    }

    @Test
    void whatIsLeftOfASegmentThatWasCutComesBeforeTheNext() {
        FakeChannel channel = new FakeChannel();
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, 0, FILE_BYTES, SITE));
        hand.performAll();
        long cut = transfers.admission().admitOrPark(channel, null, file, 0, FILE_BYTES, SITE);
        assertTrue(cut < FILE_BYTES, "the test needs a window that is smaller than the file");
        transfers.streams().of(channel, null).sent(file, 0, cut);
        assertEquals(0, admit(channel, otherFile, 0));
        hand.performAll();
        long next = transfers.admission().admitOrPark(channel, null, file, cut, FILE_BYTES - cut, SITE);
        assertTrue(next > 1);
        transfers.streams().of(channel, null).sent(file, cut, next - 1);
        assertEquals(CHUNK, admit(channel, otherFile, 0), "the socket was full, which is the sender's own affair");
        hand.performAll();
    }

    @Test
    void aFileThatWasClosedIsGivenUp() throws IOException {
        FakeChannel channel = new FakeChannel();
        otherModel.resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        assertEquals(0, admit(channel, file, 0));
        file.close();
        assertEquals(CHUNK, admit(channel, otherFile, 0));
        assertFalse(gate.isParked(channel), "what is left of it would wait for a file that nobody sends any more");
    }

    @Test
    void whoIsParkedAheadMaySendWhatIsKnownBeforeOnceItComesForThatAgain() {
        FakeChannel channel = new FakeChannel();
        assertEquals(0, admit(channel, file, 0));
        hand.performAll();
        assertEquals(CHUNK, admit(channel, file, 0));
        transfers.streams().of(channel, null).sent(file, 0, CHUNK / 2);
        assertEquals(CHUNK / 2, admit(channel, file, CHUNK / 2));
        transfers.streams().of(channel, null).sent(file, CHUNK / 2, 1);
        assertEquals(1, hand.pool().queued(), "it goes on, so the next window is read ahead");
        assertEquals(0, admit(channel, file, CHUNK));
        assertTrue(gate.isParked(channel));
        assertEquals(0, admit(channel, file, CHUNK / 2 + 1));
        assertTrue(gate.isParked(channel));
        hand.performAll();
        assertFalse(gate.isParked(channel));
        assertTrue(admit(channel, file, CHUNK / 2 + 1) >= CHUNK / 2 - 1);
    }

    @Test
    void aReadUnderWayForAnotherFileHoldsNobodyForLong() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        ModelDisk slow = new ModelDisk() {
            @Override
            public long sendfile(int outFd, int inFd, long offset, long count) {
                awaitQuietly(letGo);
                return count;
            }
        };
        slow.attach(file, new ModelDisk.ModelFile(FILE_BYTES));
        slow.attach(otherFile, new ModelDisk.ModelFile(FILE_BYTES)).resident.set(0, ModelDisk.page(FILE_BYTES) + 1);
        WarmupPool pool = new WarmupPool(slow, counters, 2, Long.MAX_VALUE, 0);
        AtomicLong later = new AtomicLong();
        Transfers over = new Transfers(new Transfers.Rooms(slow, slow, pool, budget, counters, gate,
                new Adapters(List.of())), WINDOW, false, failures::add, () -> System.nanoTime() + later.get());
        FakeChannel channel = new FakeChannel();
        try {
            assertEquals(0, over.admission().admitOrPark(channel, null, file, 0, CHUNK, SITE));
            until(() -> pool.queued() == 0);
            assertEquals(0, over.admission().admitOrPark(channel, null, otherFile, 0, CHUNK, SITE));
            later.set(TimeUnit.SECONDS.toNanos(1));
            over.sweep();
            assertFalse(gate.isParked(channel), "who is held up is woken");
            assertEquals(CHUNK, over.admission().admitOrPark(channel, null, otherFile, 0, CHUNK, SITE));
            assertFalse(gate.isParked(channel), "it has another file to send, and the disk may never answer for this one");
            FakeChannel second = new FakeChannel();
            assertEquals(0, over.admission().admitOrPark(second, null, file, CHUNK, CHUNK, SITE));
            until(() -> pool.queued() == 0);
            file.close();
            over.sweep();
            assertFalse(gate.isParked(second), "the file was closed while it is read");
        } finally {
            letGo.countDown();
            over.stop();
            pool.stop(TimeUnit.SECONDS.toMillis(20));
        }
    }

    @Test
    void twoThreadsMaySendOneFileToTwoStreams() throws Exception {
        CompletableFuture<byte[]> first = sendInThread(0);
        until(() -> hand.pool().queued() == 1);
        CompletableFuture<byte[]> second = sendInThread(HALF);
        until(() -> hand.pool().queued() == 2);
        until(() -> {
            hand.performAll();
            return first.isDone() && second.isDone();
        });
        assertEquals(-1, Arrays.mismatch(Arrays.copyOfRange(content, 0, HALF), first.get()));
        assertEquals(-1, Arrays.mismatch(Arrays.copyOfRange(content, HALF, FILE_BYTES), second.get()));
    }

    @Test
    void theStreamOfAThreadThatEndedIsDropped() throws Exception {
        CompletableFuture<byte[]> first = sendInThread(0);
        until(() -> {
            hand.performAll();
            return first.isDone();
        });
        until(() -> {
            transfers.sweep();
            hand.performAll();
            return budget.used() == 0;
        });
    }

    @Test
    void twoThreadsThatSendToOneBlockingSocketBothGetOn() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
            model.answers = false;    // so that nothing is known of what the other thread made the stream forget
            List<CompletableFuture<Long>> sent = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int position = i * HALF;
                CompletableFuture<Long> one = new CompletableFuture<>();
                sent.add(one);
                Thread thread = new Thread(() -> {
                    try {
                        one.complete(transfers.transferTo(file, position, 1000, sink, SITE));
                    } catch (Throwable failure) {
                        one.completeExceptionally(failure);
                    }
                });
                thread.setDaemon(true);
                thread.start();
                until(() -> counters.blockingWaits.sum() > position / HALF);
            }
            // The second took the first one's readahead away, and neither may take turns with the other for ever.
            until(() -> {
                hand.performAll();
                return sent.stream().allMatch(CompletableFuture::isDone);
            });
            assertEquals(2000, sent.get(0).get() + sent.get(1).get());
        }
        transfers.sweep();
    }

    @Test
    void whoeverWaitsForADeadDiskGoesOnWhenTheAgentIsTakenOff() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        ModelDisk dead = new ModelDisk() {
            @Override
            public long sendfile(int outFd, int inFd, long offset, long count) {
                awaitQuietly(letGo);
                return count;
            }
        };
        dead.attach(file, new ModelDisk.ModelFile(FILE_BYTES));
        WarmupPool pool = new WarmupPool(dead, counters, 1, Long.MAX_VALUE, 0);
        Transfers over = new Transfers(new Transfers.Rooms(dead, dead, pool, budget, counters, gate,
                new Adapters(List.of())), WINDOW, false, failures::add);
        try {
            CompletableFuture<byte[]> sent = sendInThread(over, 0);
            until(() -> counters.blockingWaits.sum() == 1 && pool.queued() == 0);
            over.stop();
            assertEquals(HALF, sent.get(20, TimeUnit.SECONDS).length, "by the original call, whatever that meets");
        } finally {
            letGo.countDown();
            pool.stop(TimeUnit.SECONDS.toMillis(20));
        }
    }

    @Test
    void afterTheEndEveryCallPassesAndNothingIsHeld() throws Exception {
        FakeChannel channel = new FakeChannel();
        assertEquals(0, transfers.admission().admitOrPark(channel, null, file, 0, CHUNK, SITE));
        transfers.stop();
        assertFalse(gate.isParked(channel));
        assertEquals(CHUNK, transfers.admission().admitOrPark(channel, null, file, 0, CHUNK, SITE));
        assertEquals(Stream.DROPPED, transfers.streams().of(new FakeChannel(), null).admit(file, 0, CHUNK), "by a call that came between");
        assertEquals(0, hand.pool().stop(0));
        assertEquals(0, budget.used());
        assertEquals(0, disk.openNow());
    }

    @Test
    void aFailureThatCannotEvenBeToldCostsTheServerNothing() {
        Transfers broken = new Transfers(new Transfers.Rooms(disk, (fd, position, length) -> {
            throw new IllegalStateException("broken on purpose");
        }, hand.pool(), budget, counters, gate, new Adapters(List.of())), WINDOW, false, failure -> {
                    throw new OutOfMemoryError("on purpose");
                });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertDoesNotThrow(() -> broken.transferTo(file, 0, CHUNK, Channels.newChannel(out), SITE));
        assertEquals(CHUNK, out.size());
        assertEquals(1, counters.failures.sum());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
