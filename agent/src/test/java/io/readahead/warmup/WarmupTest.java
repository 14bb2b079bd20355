package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmupTest {

    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);

    private final AtomicInteger told = new AtomicInteger();
    private final Warmup warmup = new Warmup(null, Warmup.Range.announced(100, 50), false, System::nanoTime, told::incrementAndGet);

    @Test
    void theEndIsSeenByWhoeverIsTold() {
        List<Boolean> seen = new ArrayList<>();
        Warmup[] one = new Warmup[1];
        one[0] = new Warmup(null, Warmup.Range.announced(0, 1), false, System::nanoTime, () -> seen.add(one[0].isDone()));
        one[0].finish();
        assertEquals(List.of(true), seen);
    }

    @Test
    void theEndWakesEveryThreadThatWaits() throws Exception {
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread waiter = new Thread(() -> warmup.await(FOR_EVER));
            waiter.setDaemon(true);
            waiter.start();
            waiters.add(waiter);
        }
        for (Thread waiter : waiters) {
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
        }
        warmup.finish();
        for (Thread waiter : waiters) {
            waiter.join(TimeUnit.SECONDS.toMillis(20));
            assertFalse(waiter.isAlive(), "still waits");
        }
        assertEquals(1, told.get());
    }

    @Test
    void whoComesLateDoesNotWait() {
        warmup.finish();
        warmup.await(FOR_EVER);
        assertTrue(warmup.isDone());
    }

    @Test
    void anInterruptedThreadComesBackAtOnceAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        warmup.await(FOR_EVER);
        assertTrue(Thread.interrupted());
        assertFalse(warmup.isDone());
    }

    @Test
    void aRangeHoldsItsFirstByteAndNotTheOneAfterItsLast() {
        assertTrue(warmup.covers(100));
        assertTrue(warmup.covers(149));
        assertFalse(warmup.covers(99));
        assertFalse(warmup.covers(150));
    }

    @Test
    void onlyWhoIsWaitedForHasAWaitingTime() {
        assertTrue(warmup.waitedNanos() < 0);
        warmup.waitedFor();
        assertTrue(warmup.waitedNanos() >= 0);
    }
}
