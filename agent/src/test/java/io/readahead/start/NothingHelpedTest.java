package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NothingHelpedTest {

    private static final String SITE = "com.example.Server.send";

    private final Counters counters = new Counters();
    private final List<String> log = new ArrayList<>();
    private long nowNanos = -TimeUnit.HOURS.toNanos(1);    // System.nanoTime() may be negative
    private final NothingHelped nothingHelped = new NothingHelped(counters, "com.example", log::add, () -> nowNanos);

    @Test
    void aMinuteAfterTheFirstCallTheLogSaysOnceWhatItMet() {
        second(100);
        assertEquals(List.of(), log, "nothing was sent");
        passed(3);
        second(60);
        assertEquals(List.of(), log, "the minute is not over");
        passed(2);
        second(1);
        assertEquals(1, log.size(), log::toString);
        assertTrue(log.get(0).startsWith("every call passed through so far: com.example.Server.send writes to java.lang.StringBuilder,"
                + " which the agent doesn't know (5 of 5). They run as without the agent"), log::toString);
        passed(1000);
        second(1000);
        assertEquals(1, log.size(), log::toString);
    }

    @Test
    void itIsSilentWhereOneCallIsHelped() {
        passed(3);
        second(30);
        counters.transfers.increment();
        second(100);
        assertEquals(List.of(), log);
        assertEquals("", nothingHelped.sentence());
    }

    @Test
    void theStatusExplainsAtAnyTime() {
        assertTrue(nothingHelped.sentence().startsWith("no call was met so far"), nothingHelped.sentence());
        assertTrue(nothingHelped.sentence().contains("com.example"), nothingHelped.sentence());
        counters.passedThrough.notWoven("com.example.Odd", "com.example.Odd");
        assertTrue(nothingHelped.sentence().contains("com.example.Odd could not be woven"), nothingHelped.sentence());
    }

    private void passed(int times) {
        for (int call = 0; call < times; call++) {
            counters.passedThrough.called(SITE, Reason.TARGET, new StringBuilder());
        }
    }

    /** Looks each second, as the watchdog does. */
    private void second(int times) {
        for (int second = 0; second < times; second++) {
            nothingHelped.look();
            nowNanos += TimeUnit.SECONDS.toNanos(1);
        }
    }
}
