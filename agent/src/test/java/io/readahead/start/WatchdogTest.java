package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {

    @Test
    void itGoesOnWhateverBreaksAndEndsWhenItIsStopped() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        CountDownLatch told = new CountDownLatch(1);
        Watchdog watchdog = new Watchdog(() -> {
            throw new IllegalStateException("broken at once");
        }, () -> {
            twice.countDown();
            throw new IllegalStateException("broken on purpose");
        }, failure -> {
            told.countDown();
            throw new OutOfMemoryError("on purpose");
        });
        watchdog.start();
        assertTrue(twice.await(30, TimeUnit.SECONDS), "it died of what it could not say");
        assertTrue(told.await(30, TimeUnit.SECONDS));
        watchdog.stop();
    }

    @Test
    void oneThatNeverBeganCanBeStopped() throws InterruptedException {
        new Watchdog(() -> { }, () -> { }, failure -> { }).stop();
    }
}
