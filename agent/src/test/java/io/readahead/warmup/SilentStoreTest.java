package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.observe.Counters;
import io.readahead.os.PosixLibrary;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which stores share threads, and what a store keeps that does not answer. Offsets below {@link #DEAD} are answered at once. */
@Timeout(60)
class SilentStoreTest {

    private static final int THREADS = 2;
    private static final long DEAD = 1 << 20;
    private static final long BYTES = 4096;
    private static final int LANES = 64;
    private static final int DISKS = 36;
    private static final int STORES_WITH_ALL_THREADS = 16;

    @TempDir
    private Path folder;

    private final CountDownLatch diskAnswers = new CountDownLatch(1);
    private final AtomicInteger stuck = new AtomicInteger();
    private final AtomicInteger announced = new AtomicInteger();
    private final Counters counters = new Counters();
    private final List<String> reports = new ArrayList<>();
    private FileChannel channel;
    private WarmupPool pool;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
        PosixLibrary posix = (PosixLibrary) Proxy.newProxyInstance(PosixLibrary.class.getClassLoader(), new Class<?>[] {PosixLibrary.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "sendfile" -> read((long) arguments[2], (long) arguments[3]);
                    case "posix_fadvise" -> advised((int) arguments[3]);
                    case "strerror" -> "error";
                    default -> method.getReturnType() == long.class ? (Object) 0L : (Object) 0;
                });
        pool = new WarmupPool(posix, counters, THREADS, Long.MAX_VALUE, 0);
        pool.reportTo(reports::add);
    }

    @AfterEach
    void close() throws Exception {
        diskAnswers.countDown();
        pool.stop(TimeUnit.SECONDS.toMillis(10));
        channel.close();
    }

    private int advised(int advice) {
        if (advice == PosixLibrary.POSIX_FADV_WILLNEED) {
            announced.incrementAndGet();
        }
        return 0;
    }

    private long read(long offset, long count) throws InterruptedException {
        if (offset >= DEAD) {
            stuck.incrementAndGet();
            diskAnswers.await();
        }
        return count;
    }

    private Warmup submit(SourceFile file, long offset) {
        return submit(file, Warmup.Range.announced(offset, BYTES));
    }

    private Warmup submitCached(SourceFile file, long offset) {
        return submit(file, new Warmup.Range(offset, BYTES, Warmup.Way.CACHED));
    }

    private Warmup submit(SourceFile file, Warmup.Range range) {
        Warmup warmup = new Warmup(file, range, false, System::nanoTime, () -> { });
        pool.submit(warmup);
        return warmup;
    }

    private Warmup warmupOfStore1() {
        return new Warmup(new SourceFile(channel, 1), Warmup.Range.announced(0, BYTES), false, System::nanoTime, () -> { });
    }

    private static void awaitEndOf(Warmup warmup) {
        while (!warmup.isDone()) {
            warmup.await(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private void awaitStuck(int count) {
        spinWhile(() -> stuck.get() < count);
    }

    private static void spinWhile(BooleanSupplier notYet) {
        while (notYet.getAsBoolean()) {
            assertFalse(Thread.interrupted(), "it takes for ever");
            Thread.onSpinWait();
        }
    }

    @Test
    void aStoreThatDoesNotAnswerKeepsItsOwnThreads() {
        List<Warmup> waiting = new ArrayList<>();
        for (int number = 0; number < 3 * THREADS; number++) {
            waiting.add(submit(new SourceFile(channel, 1), DEAD));
        }
        awaitStuck(THREADS);
        Warmup elsewhere = submit(new SourceFile(channel, 2), 0);
        awaitEndOf(elsewhere);
        spinWhile(() -> isStalledByTheClock(elsewhere));    // its worker tells the reader first, and the lane after that
        pool.keepHouse(0);
        assertEquals(THREADS, stuck.get(), "no more threads than there may be");
        assertEquals(2 * THREADS, pool.queued());
        pool.cancel(waiting.get(waiting.size() - 1));
        assertTrue(waiting.get(waiting.size() - 1).isDone(), "what no worker has begun can be taken back");
        assertTrue(isStalledByTheClock(waiting.get(0)));
        assertEquals(1, reports.size(), reports::toString);
    }

    @Test
    void whatIsCachedDoesNotWaitBehindWhatHasToCome() {
        for (int number = 0; number < 3 * THREADS; number++) {
            submit(new SourceFile(channel, 1), DEAD);
        }
        awaitStuck(THREADS);
        int before = announced.get();
        Warmup cached = submitCached(new SourceFile(channel, 1), 0);
        awaitEndOf(cached);
        assertEquals(BYTES, cached.readTo());
        assertEquals(before, announced.get(), "nothing is asked of the disk for it");
        assertEquals(0, counters.warmupBytes.sum(), "and it has brought nothing");
        assertEquals(THREADS + 1, pool.figures().get("0:1").threads());
    }

    @Test
    void whatIsCachedAndWaitsAllTheSameIsLetGo() throws Exception {
        Warmup stuckOne = submitCached(new SourceFile(channel, 1), DEAD);
        awaitStuck(1);
        Warmup behind = submitCached(new SourceFile(channel, 1), 0);
        assertEquals(1, pool.queued());
        spinWhile(() -> !pool.isStalled(stuckOne, System.nanoTime(), TimeUnit.SECONDS.toNanos(1)));
        pool.keepHouse(TimeUnit.SECONDS.toNanos(10));
        assertTrue(behind.isDone(), "unread, and its reader sends it as it is");
        assertEquals(0, behind.readTo());
        awaitEndOf(submitCached(new SourceFile(channel, 1), 0));
        assertFalse(stuckOne.isDone());
        submitCached(new SourceFile(channel, 2), DEAD);
        awaitStuck(2);
        submitCached(new SourceFile(channel, 2), 0);
        assertEquals(2, pool.stop(TimeUnit.SECONDS.toMillis(1)), "threads that wait for a disk");
        assertEquals(0, pool.queued());
    }

    /** Whether its lane would be found stalled if nothing came to an end for a minute. */
    private boolean isStalledByTheClock(Warmup warmup) {
        return pool.isStalled(warmup, System.nanoTime() + TimeUnit.MINUTES.toNanos(1), TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void ofManyDisksTheDeadOnesKeepTheirOwnThreadsAndTheOthersGoOn() {
        for (int device = 1; device < DISKS; device++) {
            for (int number = 0; number < 2 * THREADS; number++) {
                submit(new SourceFile(channel, device), DEAD);
            }
        }
        awaitEndOf(submit(new SourceFile(channel, DISKS), 0));
        assertEquals(DISKS, pool.figures().size(), () -> pool.figures().toString());
        pool.figures().forEach((store, figures) -> assertTrue(figures.threads() >= 1, store));
        assertTrue(pool.workers() <= STORES_WITH_ALL_THREADS * (THREADS - 1) + DISKS, () -> pool.workers() + " threads");
    }

    @Test
    void furtherStoresThatDoNotAnswerMoveAside() {
        occupyAllLanes();
        Warmup dead = submit(new SourceFile(channel, LANES + 1), DEAD);
        Warmup another = submit(new SourceFile(channel, LANES + 2), DEAD);
        awaitStuck(LANES + 1);
        Warmup behind = submit(new SourceFile(channel, LANES + 3), 0);
        Warmup deadToo = submit(new SourceFile(channel, LANES + 1), DEAD);
        keepHouseUntilEndOf(behind);
        assertEquals(BYTES, behind.readTo());
        keepHouseUntilEndOf(submit(new SourceFile(channel, LANES + 3), 0));
        pool.cancel(deadToo);
        assertTrue(deadToo.isDone(), "it can be taken back from the lane that it was in");
        assertFalse(dead.isDone() || another.isDone());
        diskAnswers.countDown();
        awaitEndOf(dead);
        awaitEndOf(another);
    }

    private void keepHouseUntilEndOf(Warmup warmup) {
        spinWhile(() -> {
            pool.keepHouse(TimeUnit.SECONDS.toNanos(10));
            return !warmup.isDone();
        });
    }

    private void occupyAllLanes() {
        for (int device = 1; device <= LANES; device++) {
            submit(new SourceFile(channel, device), DEAD);
        }
        awaitStuck(LANES);
    }

    @Test
    void furtherStoresShareALaneThatIsNobodyElses() {
        occupyAllLanes();
        // The devices that the remainder of a division by the number of lanes would have sent to a dead one.
        awaitEndOf(submit(new SourceFile(channel, LANES + 1), 0));
        awaitEndOf(submit(new SourceFile(channel, 2 * LANES + 1), 0));
        assertEquals(LANES + 1, pool.figures().size());
        assertTrue(pool.figures().containsKey("others"), () -> pool.figures().toString());
    }

    @Test
    void anIdleLaneCanGiveWayAndABusyOneCannot() throws Exception {
        Lane lane = new Lane("lane", 1, warmup -> { });
        assertTrue(lane.retireIfIdle());
        assertFalse(lane.submit(warmupOfStore1()), "it takes nothing any more");
        CountDownLatch end = new CountDownLatch(1);
        Lane busy = new Lane("busy", 1, warmup -> awaitQuietly(end));
        assertTrue(busy.submit(warmupOfStore1()));
        assertFalse(busy.retireIfIdle());
        end.countDown();
        busy.stop();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
