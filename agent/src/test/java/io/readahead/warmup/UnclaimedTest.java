package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
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

    private static Warmup read(long bytes) {
        Warmup window = new Warmup(null, new Warmup.Range(0, bytes, false), false, System::nanoTime, () -> { });
        window.read(bytes);
        return window;
    }

    private Warmup added(long bytes) {
        Warmup window = read(bytes);
        unclaimed.add(window);
        return window;
    }

    /** A worker that has come to wait. */
    private Thread waiting(CountDownLatch letIn) throws InterruptedException {
        Thread worker = new Thread(() -> {
            try {
                unclaimed.awaitRoom();
                letIn.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return worker;
    }

    @Test
    void aWorkerWaitsUntilAReaderHasComeForEnough() throws Exception {
        Warmup first = added(600);
        Warmup second = added(600);
        CountDownLatch letIn = new CountDownLatch(1);
        Thread worker = waiting(letIn);
        worker.join(Duration.ofMillis(300).toMillis());
        assertEquals(1, letIn.getCount(), "the clock stands still, so nothing has lain there for long");
        unclaimed.claim(second);
        letIn.await();
        unclaimed.claim(first);
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void oneWindowMayAlwaysBeRead() throws Exception {
        new Unclaimed(0, now::get).awaitRoom();
        added(LIMIT - 1);
        unclaimed.awaitRoom();
    }

    @Test
    void whatNobodyComesForCountsForAWhileOnly() throws Exception {
        added(LIMIT);
        CountDownLatch letIn = new CountDownLatch(1);
        waiting(letIn);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        letIn.await();
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void theOldestThatNobodyComesForDoesNotKeepTheOthers() {
        added(100);
        unclaimed.claim(added(200));
        assertEquals(100, unclaimed.bytes());
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        added(300);
        assertEquals(300, unclaimed.bytes());
    }

    @Test
    void whatWasGivenUpWhileItWasReadDoesNotCount() {
        Warmup window = read(LIMIT);
        unclaimed.claim(window);
        unclaimed.add(window);
        assertEquals(0, unclaimed.bytes());
    }

    @Test
    void whatWasClaimedTwiceIsTakenOffOnce() {
        Warmup window = added(500);
        added(300);
        unclaimed.claim(window);
        unclaimed.claim(window);
        assertEquals(300, unclaimed.bytes());
    }

    @Test
    void whenTheAgentStopsNobodyWaits() throws Exception {
        added(LIMIT);
        CountDownLatch letIn = new CountDownLatch(1);
        waiting(letIn);
        unclaimed.stop();
        letIn.await();
        added(LIMIT);
        unclaimed.awaitRoom();
    }
}
