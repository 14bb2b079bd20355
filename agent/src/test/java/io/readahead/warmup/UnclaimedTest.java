package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnclaimedTest {

    private static final long LIMIT = 1000;

    private static final SourceFile FILE = new SourceFile(null, 7);

    private static final SourceFile FILE_OF_ANOTHER_STORE = new SourceFile(null, 8);

    private final AtomicLong now = new AtomicLong();
    /** Those of which pages have gone. */
    private final Set<Warmup> gone = ConcurrentHashMap.newKeySet();
    private final List<Warmup> lookedAt = new CopyOnWriteArrayList<>();
    private final Unclaimed unclaimed = new Unclaimed(LIMIT, window -> {
        lookedAt.add(window);
        return gone.contains(window);
    }, now::get);

    private static Warmup window(long bytes) {
        return window(FILE, bytes);
    }

    private static Warmup window(SourceFile file, long bytes) {
        return new Warmup(file, Warmup.Range.announced(0, bytes), false, System::nanoTime, () -> { });
    }

    private Warmup begun(long bytes) throws InterruptedException {
        Warmup window = window(bytes);
        unclaimed.begin(window);
        return window;
    }

    /** Read, and somebody waits for it. */
    private Warmup read(long bytes) throws InterruptedException {
        Warmup window = begun(bytes);
        window.waitedFor();
        window.read(bytes);
        unclaimed.end(window);
        return window;
    }

    /** A worker comes, and waits. @return is counted down when it is let in */
    private CountDownLatch waiting() throws InterruptedException {
        CountDownLatch letIn = new CountDownLatch(1);
        Thread worker = new Thread(() -> {
            try {
                unclaimed.begin(window(1));
                letIn.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return letIn;
    }

    @Test
    void aWorkerWaitsUntilAReaderHasComeForEnough() throws Exception {
        Warmup first = read(600);
        Warmup second = read(600);
        CountDownLatch letIn = waiting();
        letIn.await(300, TimeUnit.MILLISECONDS);
        assertEquals(1, letIn.getCount(), "the clock stands still, so nothing has lain there for long");
        unclaimed.claim(second);
        letIn.await();
        unclaimed.claim(first);
        assertEquals(1, unclaimed.bytes());
    }

    @Test
    void whatIsBeingReadCountsToo() throws Exception {
        Warmup reading = begun(LIMIT);
        CountDownLatch letIn = waiting();
        unclaimed.end(reading);
        letIn.await();
        assertEquals(1, unclaimed.bytes(), "nobody waited for it, so it does not count any more");
    }

    @Test
    void oneWindowMayAlwaysBeRead() throws Exception {
        new Unclaimed(0, window -> false, now::get).begin(window(LIMIT));
        begun(LIMIT - 1);
        begun(LIMIT);
        assertEquals(2 * LIMIT - 1, unclaimed.bytes());
    }

    @Test
    void whatNobodyComesForCountsForAWhileOnly() throws Exception {
        read(LIMIT);
        letsInAfterAWhile();
    }

    @Test
    void whatTheDiskDoesNotBringCountsForAWhileOnly() throws Exception {
        begun(LIMIT);
        letsInAfterAWhile();
    }

    private void letsInAfterAWhile() throws InterruptedException {
        CountDownLatch letIn = waiting();
        pass(100);
        letIn.await();
        assertEquals(1, unclaimed.bytes());
    }

    @Test
    void theTimeBeginsAnewWhenItIsRead() throws Exception {
        Warmup window = begun(100);
        pass(60);
        window.waitedFor();
        window.read(100);
        unclaimed.end(window);
        pass(60);
        unclaimed.tidy();
        assertEquals(100, unclaimed.bytes());
    }

    @Test
    void whatWasGivenUpWhileItWasReadCountsToItsEnd() throws Exception {
        Warmup window = begun(500);
        window.waitedFor();
        window.read(500);
        unclaimed.claim(window);
        assertEquals(500, unclaimed.bytes());
        unclaimed.end(window);
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void whatCouldNotBeReadDoesNotCount() throws Exception {
        Warmup window = begun(500);
        window.waitedFor();
        unclaimed.end(window);
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void whatIsCachedAlreadyNeitherCountsNorWaits() throws Exception {
        read(LIMIT);
        Warmup cached = new Warmup(FILE, new Warmup.Range(0, 500, Warmup.Way.CACHED), false, System::nanoTime, () -> { });
        unclaimed.begin(cached);
        cached.waitedFor();
        cached.read(500);
        unclaimed.end(cached);
        assertEquals(LIMIT, unclaimed.bytes());
    }

    @Test
    void whatWasClaimedTwiceIsTakenOffOnce() throws Exception {
        Warmup window = read(500);
        read(300);
        unclaimed.claim(window);
        unclaimed.claim(window);
        assertEquals(300, unclaimed.bytes());
    }

    /** A window is read, pages of it go, and another worker comes a while later. */
    private void oneGoes() throws InterruptedException {
        Warmup window = read(1);
        gone.add(window);
        pass(5);
        unclaimed.claim(begunAndRead(1));
        unclaimed.claim(window);
    }

    private Warmup begunAndRead(long bytes) throws InterruptedException {
        Warmup window = begun(bytes);
        unclaimed.end(window);
        return window;
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** So many bytes may lie there, and no more. */
    private void assertAllowed(long bytes) throws Exception {
        Warmup less = read(bytes - 1);
        Warmup more = read(1);
        CountDownLatch letIn = waiting();
        assertEquals(1, letIn.getCount());
        unclaimed.claim(less);
        unclaimed.claim(more);
        letIn.await();
        pass(100);
        unclaimed.tidy();
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void wherePagesHaveGoneHalfAsMuchMayLieThere() throws Exception {
        oneGoes();
        assertAllowed(LIMIT / 2);
        oneGoes();
        assertAllowed(LIMIT / 4);
    }

    @Test
    void anEighthMayAlwaysLieThere() throws Exception {
        for (int times = 0; times < 10; times++) {
            oneGoes();
        }
        assertAllowed(LIMIT / 8);
    }

    @Test
    void whereNoneHaveGoneForAWhileTwiceAsMuchMayLieThereAgain() throws Exception {
        oneGoes();
        oneGoes();
        pass(TimeUnit.SECONDS.toMillis(10));
        unclaimed.tidy();
        assertAllowed(LIMIT / 2);
        pass(TimeUnit.SECONDS.toMillis(10));
        unclaimed.tidy();
        assertAllowed(LIMIT);
        pass(TimeUnit.SECONDS.toMillis(10));
        unclaimed.tidy();
        assertAllowed(LIMIT);
    }

    @Test
    void whatWasReadBeforeLessWasAllowedIsNoNews() throws Exception {
        Warmup first = read(1);
        Warmup second = read(1);
        gone.addAll(List.of(first, second));
        pass(5);
        begunAndRead(1);
        unclaimed.claim(first);
        pass(5);
        begunAndRead(1);
        assertEquals(List.of(first), lookedAt);
    }

    @Test
    void whatHasLainThereForAMomentOnlyIsNotLookedAt() throws Exception {
        read(1);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(5) - 1);
        begunAndRead(1);
        assertEquals(List.of(), lookedAt);
    }

    @Test
    void itIsLookedAtNoMoreOftenThanThat() throws Exception {
        Warmup first = read(1);
        pass(5);
        begunAndRead(1);
        begunAndRead(1);
        pass(1);
        begunAndRead(1);
        assertEquals(List.of(first), lookedAt);
    }

    @Test
    void aStoreIsOnlyLookedAtByWhoReadsFromIt() throws Exception {
        read(1);
        pass(5);
        unclaimed.begin(window(FILE_OF_ANOTHER_STORE, 1));
        assertEquals(List.of(), lookedAt);
    }

    @Test
    void whatItsReaderCameForMeanwhileMayGo() throws Exception {
        Unclaimed[] one = new Unclaimed[1];
        one[0] = new Unclaimed(2, window -> {
            one[0].claim(window);
            return true;
        }, now::get);
        Warmup window = window(1);
        one[0].begin(window);
        window.waitedFor();
        window.read(1);
        one[0].end(window);
        pass(5);
        one[0].begin(window(1));
        one[0].begin(window(1));
        assertEquals(2, one[0].bytes(), "two bytes are allowed as before");
    }

    @Test
    void whenTheAgentStopsNobodyWaits() throws Exception {
        read(LIMIT);
        CountDownLatch letIn = waiting();
        unclaimed.stop();
        letIn.await();
        begun(LIMIT);
        begun(LIMIT);
    }
}
