package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.FakePosix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class WarmupPoolTest {

    private static final long STOP_MILLIS = 20_000;
    private static final int EIO = 5;

    private final FakePosix posix = new FakePosix();
    private final Counters counters = new Counters();
    private final ByHand hand = new ByHand(posix, counters);
    private final AtomicInteger told = new AtomicInteger();
    @TempDir
    private Path folder;
    private FileChannel channel;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private Warmup warmup(long device) {
        return new Warmup(new SourceFile(channel, device), Warmup.Range.announced(0, 100), false, System::nanoTime, told::incrementAndGet);
    }

    @Test
    void aReadaheadIsReadCountedAndTold() {
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        assertEquals(1, hand.pool().queued());
        assertTrue(hand.performNext());
        assertTrue(warmup.isDone());
        assertEquals(1, told.get());
        assertEquals(1, counters.warmups.sum());
        assertEquals(100, counters.warmupBytes.sum());
        assertFalse(hand.performNext());
    }

    @Test
    void whatFailsEndsAllTheSame() {
        posix.sendfileAnswer = asked -> -EIO;
        hand.pool().submit(warmup(1));
        hand.performAll();
        assertEquals(1, told.get());
        assertEquals(0, counters.warmupBytes.sum());
    }

    @Test
    void whatBreaksEndsAllTheSameAndIsCounted() {
        posix.sendfileAnswer = asked -> {
            throw new IllegalStateException("broken on purpose");
        };
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        hand.performAll();
        assertTrue(warmup.isDone());
        assertEquals(1, told.get());
        assertEquals(1, counters.failures.sum());
    }

    @Test
    void whatIsTakenBackEndsUnreadAndIsTold() {
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        hand.pool().cancel(warmup);
        assertTrue(warmup.isDone(), "somebody may wait for it");
        assertEquals(1, told.get());
        assertFalse(hand.performNext());
        assertEquals(0, counters.warmups.sum());
    }

    @Test
    void whatHasEndedIsNotToldAgain() {
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        hand.performAll();
        hand.pool().cancel(warmup);
        assertEquals(1, told.get());
    }

    @Test
    void aReleasedFileIsReadNoMore() {
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        hand.pool().release(warmup.file);
        hand.performAll();
        assertEquals(1, told.get());
        assertEquals(0, counters.warmups.sum());
    }

    @Test
    void aFileThatTheServerHasClosedIsReadNoMore() throws IOException {
        hand.pool().submit(warmup(1));
        channel.close();
        hand.performAll();
        assertEquals(1, told.get());
        assertEquals(0, counters.warmups.sum());
    }

    /** A server's POSIX locks go with any descriptor of the file that its process closes. */
    @ParameterizedTest
    @EnumSource
    void howeverAFileIsReadNothingOfItIsOpenedAndNothingClosed(Warmup.Way way) {
        List<Integer> numbers = new ArrayList<>();
        FakePosix watched = new FakePosix() {
            @Override
            public long sendfile(int outFd, int inFd, long offset, long count) {
                numbers.add(inFd);
                return super.sendfile(outFd, inFd, offset, count);
            }

            @Override
            public int close(int fd) {
                throw new AssertionError("descriptor " + fd + " is closed");
            }
        };
        watched.cachedAnswer = (offset, pages) -> pages / 2;
        ByHand reader = new ByHand(watched, counters);
        SourceFile file = new SourceFile(channel, 1);
        for (int window = 0; window < 3; window++) {
            reader.pool().submit(new Warmup(file, new Warmup.Range(window << 20, 1 << 20, way), false, System::nanoTime,
                    told::incrementAndGet));
        }
        reader.performAll();
        assertEquals(3, counters.warmups.sum());
        assertEquals(Set.of(JdkInternals.descriptorOf(channel)), Set.copyOf(numbers), "the server's own descriptor");
        assertEquals(1, watched.openNow(), "/dev/null");
        assertEquals(0, counters.openDescriptors.get());
    }

    @Test
    void manyFileStoresShareAFewLanes() {
        for (int device = 0; device < 1000; device++) {
            hand.pool().submit(warmup(device << 8));
        }
        assertTrue(hand.pool().figures().size() <= 65, hand.pool().figures().size() + " lanes");
        hand.performAll();
        assertEquals(1000, told.get());
    }

    @Test
    void aStoreThatHangsHoldsNoOther() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        posix.sendfileAnswer = asked -> {
            if (Thread.currentThread().getName().startsWith("readahead-1-")) {
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return asked;
        };
        WarmupPool pool = new WarmupPool(posix, counters, 2, Long.MAX_VALUE, 0);
        for (int i = 0; i < 5; i++) {
            pool.submit(warmup(1));
        }
        pool.submit(new Warmup(new SourceFile(channel, 2), Warmup.Range.announced(0, 100), false, System::nanoTime, answered::countDown));
        assertTrue(answered.await(20, TimeUnit.SECONDS));
        assertEquals(0, told.get());
        letGo.countDown();
        assertEquals(0, pool.stop(STOP_MILLIS));
    }

    @Test
    void stoppingEndsWhatNobodyBeganAndTellsIt() throws Exception {
        Warmup warmup = warmup(1);
        hand.pool().submit(warmup);
        assertEquals(0, hand.pool().stop(STOP_MILLIS));
        assertTrue(warmup.isDone());
        assertEquals(1, told.get());
        assertEquals(0, posix.openNow(), "and /dev/null is closed");
    }

    @Test
    void afterTheStopNothingIsAcceptedOnAnyStore() throws Exception {
        hand.pool().submit(warmup(1));
        hand.pool().stop(STOP_MILLIS);
        assertThrows(IllegalStateException.class, () -> hand.pool().submit(warmup(1)));
        assertThrows(IllegalStateException.class, () -> hand.pool().submit(warmup(2)), "a store that nobody had read from");
    }

    @Test
    void workersEndWithThePool() throws Exception {
        WarmupPool pool = new WarmupPool(posix, counters, 2, Long.MAX_VALUE, 0);
        pool.submit(warmup(1));
        assertEquals(0, pool.stop(STOP_MILLIS));
        assertEquals(0, pool.workers());
        assertEquals(1, told.get());
    }
}
