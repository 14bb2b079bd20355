package io.readahead.survey;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MinuteTest {

    private static final long ORIGIN = -seconds(7);    // System.nanoTime() may be negative

    private final Minute minute = new Minute(ORIGIN);

    @Test
    void aWaitIsCountedForAMinute() {
        waited(3, 5);
        assertEquals(seconds(2), last(5));
        assertEquals(seconds(2), last(62));
        assertEquals(seconds(1), last(63), "its first second is over a minute old");
        assertEquals(0, last(70));
    }

    @Test
    void theWorstMinuteStays() {
        waited(0, 10);
        waited(20, 25);
        last(25);
        waited(200, 203);
        assertEquals(seconds(3), last(203));
        assertEquals(seconds(15), minute.worst());
    }

    @Test
    void ofALongWaitNoMoreThanAMinuteIsCounted() {
        waited(10, 500);
        assertEquals(seconds(Minute.SECONDS), last(499));
    }

    @Test
    void partsOfASecondAddUp() {
        minute.add(ORIGIN + 100, ORIGIN + 300);
        minute.add(ORIGIN + 400, ORIGIN + 500);
        assertEquals(300, last(0));
    }

    private void waited(long fromSecond, long toSecond) {
        minute.add(ORIGIN + seconds(fromSecond), ORIGIN + seconds(toSecond));
    }

    private long last(long atSecond) {
        return minute.last(ORIGIN + seconds(atSecond));
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
