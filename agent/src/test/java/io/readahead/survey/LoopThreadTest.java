package io.readahead.survey;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LoopThreadTest {

    private static final String SITE = "com.example.Sender.send";
    private static final long HALF_A_SECOND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LoopThread loop = new LoopThread("loop-1", "", 0, true);

    @Test
    void aCallThatMeetsColdDataShowsWhileItLasts() {
        loop.coldCallBegins(SITE, true);
        assertEquals(new Waits(1, 1, 1, HALF_A_SECOND_NANOS, HALF_A_SECOND_NANOS, 0), loop.find(HALF_A_SECOND_NANOS).waits());
        loop.coldCallEnded(SITE, 0, true, HALF_A_SECOND_NANOS);
        assertEquals(new Waits(1, 1, 0, 0, 0, 0), loop.find(HALF_A_SECOND_NANOS).waits());
    }

    @Test
    void oneOfWhichNobodyCanTellShowsWhenItLastsTooLongForAnythingElse() {
        loop.coldCallBegins(SITE, false);
        assertEquals(Waits.NONE, loop.find(HALF_A_SECOND_NANOS).waits());
        long hungNanos = 4 * HALF_A_SECOND_NANOS;
        assertEquals(new Waits(1, 1, 1, hungNanos, hungNanos, hungNanos), loop.find(hungNanos).waits());
        assertEquals(SITE, loop.find(hungNanos).site());
        loop.hotCall(SITE);
        assertEquals(new Waits(1, 0, 0, 0, 0, 0), loop.find(hungNanos).waits());
    }
}
