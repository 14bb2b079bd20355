package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnclaimedTest {

    private static final long LIMIT = 1000;

    private final AtomicLong now = new AtomicLong();
    private final Unclaimed unclaimed = new Unclaimed(LIMIT, now::get);

    private static Warmup window(long bytes) {
        return new Warmup(null, Warmup.Range.announced(0, bytes), false, System::nanoTime, () -> { });
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
        new Unclaimed(0, now::get).begin(window(LIMIT));
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
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        letIn.await();
        assertEquals(1, unclaimed.bytes());
    }

    @Test
    void theTimeBeginsAnewWhenItIsRead() throws Exception {
        Warmup window = begun(100);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(60));
        window.waitedFor();
        window.read(100);
        unclaimed.end(window);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(60));
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
        Warmup cached = new Warmup(null, new Warmup.Range(0, 500, Warmup.Way.CACHED), false, System::nanoTime, () -> { });
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
