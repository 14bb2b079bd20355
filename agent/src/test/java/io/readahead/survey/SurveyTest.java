package io.readahead.survey;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.ServerAdapter;
import io.readahead.bridge.BridgeHooks;
import io.readahead.bridge.ReadaheadBridge;
import io.readahead.jdk.Safepoints;
import io.readahead.observe.Counters;
import io.readahead.os.Errno;
import io.readahead.os.FakePosix;
import io.readahead.os.FileFacts;
import io.readahead.os.ThreadUsage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What counts as a wait for the disk, from what the kernel says before and after a call. The calls themselves are real ones. */
class SurveyTest {

    private static final int BYTES = 4096;
    /** A block device, and what has none below it. */
    private static final long DISK = 8L << Integer.SIZE;
    private static final long FUSE = 50;
    private static final String SITE = "com.example.Sender.send";
    private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(6);

    @TempDir
    private Path folder;

    private final Kernel kernel = new Kernel();
    private final Counters counters = new Counters();
    private long nowNanos;
    private Throwable failure;
    private final Survey survey = new Survey(kernel, counters, new Adapters(List.of(new Stranger(), new Layer())),
            thrown -> failure = thrown, new Safepoints(() -> kernel.safepoints, () -> kernel.safepointNanos), () -> nowNanos += CALL_NANOS);
    private FileChannel file;
    private Pipe pipe;

    /** Says what it is told to; asked before a call and after it. */
    private static final class Kernel extends FakePosix {

        private long cached = 1;
        private long inode = 1;
        private boolean knowsThreads = true;
        private boolean sleepsInCalls;
        private boolean readsInCalls;
        private boolean inCall;
        private long readBlocks;
        private long sleeps;
        private boolean faultsInCalls;
        private long faults;
        private long cpuNanosInCalls;
        private long cpuNanos;
        private long device = DISK;
        private long stopNanosInCalls;
        private boolean stopIsCounted = true;
        private long safepoints;
        private long safepointNanos;

        @Override
        public long cachedPages(int fd, long offset, long length) {
            return cached;
        }

        @Override
        public long residentPages(long address, long length) {
            return cached;
        }

        @Override
        public boolean canPopulate() {
            return true;
        }

        @Override
        public int getrusage(ThreadUsage result) {
            // Between calls a thread sleeps and reads what it likes.
            sleeps += inCall && !sleepsInCalls ? 0 : 1;
            readBlocks += inCall && !readsInCalls ? 0 : 1;
            inCall = !inCall;
            faults += inCall || !faultsInCalls ? 0 : 1;
            cpuNanos += inCall ? CALL_NANOS : cpuNanosInCalls;
            safepoints += inCall || stopNanosInCalls == 0 ? 0 : 1;
            safepointNanos += inCall || !stopIsCounted ? 0 : stopNanosInCalls;
            result.set(readBlocks, sleeps, faults, cpuNanos);
            return knowsThreads ? 0 : -Errno.ENOSYS;
        }

        @Override
        public int stat(int fd, FileFacts result) {
            result.set(true, BYTES, device, inode);
            return 0;
        }
    }

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.write(folder.resolve("file"), new byte[BYTES]), StandardOpenOption.READ);
        pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        pipe.sink().close();
        pipe.source().close();
        assertNull(failure);
    }

    @Test
    void hotCallsAreHotHoweverLongTheyTake() throws IOException {
        call();
        assertFound(1, 0, 0);
        assertEquals(1, counters.resident.sum());
    }

    @Test
    void sleepAloneIsNoWait() throws IOException {
        kernel.sleepsInCalls = true;    // a garbage collection, say
        call();
        assertFound(1, 0, 0);
    }

    @Test
    void absentPagesAndSleepAreAWaitOfTheWholeCall() throws IOException {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        call();
        assertFound(1, 1, 1);
        assertEquals(CALL_NANOS, survey.findings().sum().longestNanos());
    }

    @Test
    void readsOfItsOwnAndSleepAreAWaitWhereverTheyWere() throws IOException {
        kernel.readsInCalls = true;
        call();
        assertFound(1, 1, 0);
        kernel.sleepsInCalls = true;
        call();
        assertFound(2, 2, 1);
    }

    @Test
    void readsOfCodeThatTheCallFirstRunsAreNotTheFiles() throws IOException {
        kernel.readsInCalls = true;
        kernel.sleepsInCalls = true;
        kernel.faultsInCalls = true;
        call();
        assertFound(1, 0, 0);
    }

    @Test
    void absentPagesWithoutSleepAreColdAndNoWait() throws IOException {
        kernel.cached = 0;    // a hole of a sparse file, say
        call();
        assertFound(1, 1, 0);
    }

    @Test
    void whoSleepsSoonAfterTheDiskWasAskedForTheSameFileWaitsForIt() throws IOException {
        kernel.cached = 0;
        call();
        kernel.cached = 1;
        kernel.sleepsInCalls = true;
        call();
        assertFound(2, 2, 1);
        kernel.inode = 2;
        call();
        assertFound(3, 2, 1);
        kernel.inode = 1;
        nowNanos += LATER_NANOS;
        call();
        assertFound(4, 2, 1);
    }

    @Test
    void whereTheKernelTellsNothingOfThreadsAbsentPagesAreAWait() throws IOException {
        kernel.knowsThreads = false;
        call();
        assertFound(1, 0, 0);
        kernel.cached = 0;
        call();
        assertFound(2, 1, 1);
    }

    @Test
    void aSleepWhereNobodySaysWhatIsInThePageCacheIsAWaitThatIsNotProven() throws IOException {
        kernel.cached = -Errno.EPERM;
        call();
        assertFound(1, 0, 0);
        kernel.sleepsInCalls = true;
        call();
        assertFound(2, 1, 1);
        assertEquals(CALL_NANOS, survey.findings().sum().unprovenNanos());
        kernel.readsInCalls = true;
        call();
        assertFound(3, 2, 2);
        assertEquals(CALL_NANOS, survey.findings().sum().unprovenNanos(), "reads of its own prove it");
    }

    @Test
    void aSleepInAFaultIsAWaitToo() throws IOException {
        kernel.cached = -Errno.EPERM;
        kernel.sleepsInCalls = true;
        kernel.readsInCalls = true;
        kernel.faultsInCalls = true;
        call();
        assertFound(1, 1, 1);
        assertEquals(CALL_NANOS, survey.findings().sum().unprovenNanos());
    }

    @Test
    void aSleepWhereNoDeviceCountsReadsIsAWaitThatIsNotProven() throws IOException {
        kernel.device = FUSE;
        call();
        assertFound(1, 0, 0);
        kernel.sleepsInCalls = true;
        call();    // of pages further on
        assertFound(2, 1, 1);
        kernel.cached = 0;
        kernel.sleepsInCalls = false;
        call();
        assertFound(3, 1, 1);    // an overlay says so of hot files too
        assertEquals(CALL_NANOS, survey.findings().sum().unprovenNanos());
    }

    @Test
    void aStopOfAllThreadsIsNoWait() throws IOException {
        kernel.cached = -Errno.EPERM;
        kernel.sleepsInCalls = true;
        kernel.stopNanosInCalls = CALL_NANOS - 1;
        call();
        assertFound(1, 0, 0);
        kernel.stopIsCounted = false;
        call();
        assertFound(2, 0, 0);
        kernel.stopIsCounted = true;
        kernel.stopNanosInCalls = CALL_NANOS / 3;
        call();
        assertFound(3, 1, 1);
        assertEquals(CALL_NANOS - CALL_NANOS / 3, survey.findings().sum().nanos());
    }

    @Test
    void whatTheCallCostsIsNotPartOfTheWait() throws IOException {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        kernel.cpuNanosInCalls = CALL_NANOS / 3;
        call();
        assertEquals(CALL_NANOS - CALL_NANOS / 3, survey.findings().sum().nanos());
    }

    @Test
    void whoSendsForAnothersSelectorIsOneOfAPool() throws Exception {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        try (Selector selector = Selector.open()) {
            SelectionKey key = pipe.sink().register(selector, SelectionKey.OP_WRITE);
            call();
            assertFalse(survey.findings().loops().get(0).pool(), "nobody was seen to select");
            assertEquals(SelectionKey.OP_WRITE, survey.interestEvents(key, SelectionKey.OP_WRITE));
            call();
            assertFalse(survey.findings().loops().get(0).pool(), "it selects itself");
            Thread worker = new Thread(() -> {
                try (Selector ownSelector = Selector.open()) {
                    // As XNIO's workers wait for room in a socket.
                    SelectionKey own = pipe.sink().register(ownSelector, SelectionKey.OP_WRITE);
                    survey.interestEvents(own, SelectionKey.OP_WRITE);
                    own.cancel();
                    call();
                } catch (IOException e) {
                    failure = e;
                }
            }, "task-1");
            worker.start();
            worker.join();
            assertEquals(List.of("task-1"),
                    survey.findings().loops().stream().filter(Findings.Loop::pool).map(Findings.Loop::name).toList());
        }
    }

    @Test
    void callsThatPassThroughAreCountedAndKeptApart() throws IOException {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        WritableByteChannel own = new OwnChannel();
        assertEquals(BYTES, survey.transferTo(file, 0, BYTES, own, SITE));
        assertEquals(BYTES, survey.admit(0, own, own, 0, BYTES));
        assertFound(0, 0, 0);
        assertEquals(0, counters.transfers.sum());
        assertEquals(1, survey.passingFindings().sum().waits());
        assertEquals(Set.of("1 TARGET " + own.getClass().getName() + " " + SITE, "1 SHAPE " + own.getClass().getName() + " "
                + "stranger.send"), counters.passedThrough.rows().stream().map(Object::toString).collect(Collectors.toSet()));
    }

    /** Knows no channel. */
    private static final class Stranger implements ServerAdapter {

        @Override
        public String site() {
            return "stranger.send";
        }

        @Override
        public Object channelOf(Object receiver) {
            return null;
        }

        @Override
        public FileChannel fileOf(Object source) {
            return null;
        }

        @Override
        public void forget() {
            // It holds nothing.
        }
    }

    /** One that is handed buffers, and knows itself. */
    private static final class Layer implements ServerAdapter {

        @Override
        public String site() {
            return SITE;
        }

        @Override
        public Object channelOf(Object receiver) {
            return receiver;
        }

        @Override
        public void forget() {
            // It holds nothing.
        }
    }

    /** Writes a mapped page in one of the ways in which servers do. */
    private void mapped(boolean byLayer) throws IOException {
        ByteBuffer page = file.map(FileChannel.MapMode.READ_ONLY, 0, BYTES);
        if (byLayer) {
            BridgeHooks.install(survey);
            ByteBuffer[] handed = ReadaheadBridge.part(1, this, new ByteBuffer[] {ByteBuffer.allocate(3), page});
            assertEquals(3 + BYTES, Arrays.stream(handed).mapToInt(ByteBuffer::remaining).sum());
            page.position(page.limit());
            assertTrue(ReadaheadBridge.flushed(true, 1, this, handed));
            BridgeHooks.install(null);
            return;
        }
        try (ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel socket = SocketChannel.open(listening.getLocalAddress())) {
            socket.configureBlocking(false);
            assertEquals(BYTES, survey.write(socket, page, SITE));
            assertEquals(3, survey.write(socket, new ByteBuffer[] {ByteBuffer.allocate(3)}, 0, 1, SITE), "of no file");
        }
    }

    @Test
    void aMappedPageThatIsAbsentAndSleepAreAWait() throws IOException {
        for (boolean byLayer : new boolean[] {false, true}) {
            mapped(byLayer);
        }
        assertFound(2, 0, 0);
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        for (boolean byLayer : new boolean[] {false, true}) {
            mapped(byLayer);
        }
        assertFound(4, 2, 2);
        assertEquals(CALL_NANOS, survey.findings().sum().longestNanos());
        assertEquals(0, survey.findings().sum().unprovenNanos());
    }

    @Test
    void aFaultOfACallThatSleptIsAWaitThatIsNotProven() throws IOException {
        kernel.sleepsInCalls = true;
        kernel.faultsInCalls = true;
        mapped(false);
        assertFound(1, 1, 1);
        assertEquals(CALL_NANOS, survey.findings().sum().unprovenNanos());
    }

    @Test
    void whoIsAskedToGoOnLaterGoesOnAndIsLookedAt() throws IOException {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        assertFalse(survey.later(1, this, file, -1));
        survey.note(1, this, file, -1, 0);
        assertFalse(survey.later(1, this, file, 0), "it has nothing more to send");
        survey.note(1, this, file, -1, 0);
        assertFound(1, 1, 1);
    }

    /** As a server's own TLS channel. */
    private static final class OwnChannel implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int bytes = source.remaining();
            source.position(source.limit());
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    @Test
    void aCountPastTheEndOfTheFileIsNotCold() throws IOException {
        survey.transferTo(file, 0, 100 * BYTES, pipe.sink(), SITE);
        assertFound(1, 0, 0);
    }

    @Test
    void blockingTargetsAndFilesAreNotLookedAt() throws IOException {
        pipe.sink().configureBlocking(true);
        call();
        try (FileChannel other = FileChannel.open(folder.resolve("other"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertEquals(BYTES, survey.transferTo(file, 0, BYTES, other, SITE));
        }
        assertFound(0, 0, 0);
    }

    @Test
    void theServersExceptionsPass() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> survey.transferTo(file, -1, BYTES, pipe.sink(), SITE));
        assertThrows(NullPointerException.class, () -> survey.transferTo(file, 0, BYTES, null, SITE));
        file.close();
        assertThrows(IOException.class, () -> survey.transferTo(file, 0, BYTES, pipe.sink(), SITE));
        assertFound(0, 0, 0);
    }

    @Test
    void whatAThreadDidIsKeptWhenItHasEnded() throws Exception {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        Thread loop = new Thread(() -> {
            try {
                call();
            } catch (IOException e) {
                failure = e;
            }
        }, "loop-7");
        loop.start();
        loop.join();
        survey.sweep();
        assertFound(1, 1, 1);
        assertEquals("loop-7", survey.findings().loops().get(0).name());
        assertEquals(SITE, survey.findings().loops().get(0).site());
    }

    private void call() throws IOException {
        assertEquals(BYTES, survey.transferTo(file, 0, BYTES, pipe.sink(), SITE));
    }

    private void assertFound(long calls, long cold, long waits) {
        Waits sum = survey.findings().sum();
        assertEquals(new Waits(calls, cold, waits, sum.nanos(), sum.longestNanos(), sum.unprovenNanos()), sum);
    }
}
