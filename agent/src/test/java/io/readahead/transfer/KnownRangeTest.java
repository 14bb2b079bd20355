package io.readahead.transfer;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KnownRangeTest {

    private static final long NOW = 1_000_000_000L;
    private static final long SOON = NOW + TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LATER = NOW + TimeUnit.MILLISECONDS.toNanos(150);

    private final KnownRange known = new KnownRange();

    @Test
    void anAnswerOfTheProbeStandsForATenthOfASecond() {
        known.set(100, 200, NOW);
        assertTrue(known.stands(SOON));
        assertFalse(known.stands(LATER));
    }

    @Test
    void whatAReaderWaitedForIsOwedHoweverOldUntilItIsSent() {
        known.forget(100);
        known.add(100, 200, 200, true, NOW);
        assertTrue(known.stands(LATER));
        known.sentTo(150);
        assertFalse(known.stands(LATER));
        assertEquals(50, known.knownFrom(150));
    }

    @Test
    void aReadaheadThatAdjoinsExtendsWhatIsKnown() {
        known.set(100, 200, NOW);
        known.add(200, 300, 300, false, LATER);
        assertEquals(200, known.knownFrom(100));
        assertFalse(known.stands(LATER), "the first half is as old as it was");
    }

    @Test
    void aReadaheadThatDoesNotAdjoinReplacesWhatIsKnown() {
        known.set(100, 200, NOW);
        known.add(250, 300, 300, false, LATER);
        assertEquals(0, known.knownFrom(100));
        assertEquals(50, known.knownFrom(250));
        assertTrue(known.stands(LATER));
    }

    @Test
    void theOriginalCallMayHaveSentMoreThanWasKnown() {
        known.set(100, 200, NOW);
        known.sentTo(250);
        assertTrue(known.continuesAt(250));
        assertEquals(0, known.knownFrom(250));
    }

    @Test
    void whatWasWaitedForAndNotReadIsOwedForOneCall() {
        known.forget(100);
        known.add(100, 130, 200, true, NOW);
        assertEquals(100, known.knownFrom(100), "the reader shall meet what the disk said");
        known.sentTo(120);
        assertEquals(10, known.knownFrom(120));
        known.forget(100);
        known.add(100, 100, 200, true, NOW);
        known.sentTo(120);
        assertEquals(0, known.knownFrom(120));
    }

    @Test
    void aReadaheadIsAsOldAsItsEnd() {
        known.forget(100);
        known.add(100, 200, 200, false, NOW);
        assertTrue(known.stands(SOON));
        assertFalse(known.stands(LATER));
    }
}
