package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CacheWatchTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong nanos = new AtomicLong(System.nanoTime());
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean lost;
    private final CacheWatch watch = new CacheWatch(this::look, nanos::get);

    private boolean look() {
        looks.incrementAndGet();
        return lost;
    }

    private boolean nothingLostSince(long moment) {
        return watch.nothingLostSince(moment, nanos.get());
    }

    private void passes(long millis) {
        nanos.addAndGet(millis * MILLI);
    }

    @Test
    void whatWasBeforeTheFirstLookIsNotKnown() {
        long before = nanos.get();
        assertFalse(nothingLostSince(before));
        passes(1);
        long after = nanos.get();
        watch.look();
        assertFalse(nothingLostSince(before));
        assertTrue(nothingLostSince(after));
    }

    @Test
    void aLossCountsForAllThatWasBeforeTheEndOfTheLook() {
        watch.look();
        passes(1);
        long before = nanos.get();
        passes(1);
        assertTrue(nothingLostSince(before));
        lost = true;
        watch.look();
        assertFalse(nothingLostSince(before));
        assertFalse(nothingLostSince(nanos.get()));
        lost = false;
        passes(1);
        assertTrue(nothingLostSince(nanos.get()));
        watch.look();
        assertTrue(nothingLostSince(nanos.get()));
        assertFalse(nothingLostSince(before));
    }

    @Test
    void whoHasNotLookedForLongIsNotBelieved() {
        passes(1);
        long moment = nanos.get();
        watch.look();
        passes(199);
        assertTrue(nothingLostSince(moment));
        passes(1);
        assertFalse(nothingLostSince(moment));
        watch.look();
        assertTrue(nothingLostSince(moment), "and the next look speaks of all that time");
    }

    @Test
    @Timeout(30)
    void theThreadSleepsWhereNobodyWantsToKnowAndIsWokenByWhoDoes() throws InterruptedException {
        watch.start();
        while (!watch.isAsleep()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertEquals(1, looks.get());
        passes(1000);
        assertFalse(nothingLostSince(nanos.get()));
        while (looks.get() < 3) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertFalse(watch.isAsleep());
        passes(TimeUnit.SECONDS.toMillis(CacheWatch.AWAKE_SECONDS));
        while (!watch.isAsleep()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        watch.stop();
    }
}
