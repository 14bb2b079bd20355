package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How fast a store is known to be. */
class StoreRateTest {

    private static final long MIB = 1 << 20;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final StoreRate rate = new StoreRate();

    private void read(long bytes, long fromNanos, long toNanos) {
        rate.began(fromNanos);
        rate.ended(bytes, toNanos);
    }

    @Test
    void nothingIsKnownBeforeASecondOfReading() {
        read(MIB, 0, SECOND / 2);
        assertEquals(Long.MAX_VALUE, rate.bytesIn(SECOND, 1));
        read(MIB, 10 * SECOND, 10 * SECOND + SECOND / 2);
        assertEquals(2 * MIB, rate.bytesIn(SECOND, 1), "the time between counts for nothing");
    }

    @Test
    void theMoreReadersWaitTheLessIsForEach() {
        read(100 * MIB, 0, SECOND);
        assertEquals(50 * MIB, rate.bytesIn(5 * SECOND, 10));
        assertEquals(MIB / 2, rate.bytesIn(5 * SECOND, 1000));
    }

    @Test
    void whatIsReadAtATimeIsOneRate() {
        rate.began(0);
        rate.began(0);
        rate.ended(MIB, SECOND / 2);
        rate.ended(3 * MIB, SECOND);
        assertEquals(4 * MIB, rate.bytesIn(SECOND, 1));
    }

    @Test
    void aStoreThatBecomesSlowIsSeenSoon() {
        read(40 * MIB, 0, SECOND);
        read(4 * MIB, SECOND, 2 * SECOND);
        read(4 * MIB, 2 * SECOND, 3 * SECOND);
        assertEquals(13 * MIB, rate.bytesIn(SECOND, 1), MIB / 100.0);
    }
}
