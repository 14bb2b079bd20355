package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.kit.ThreadDiskAccount;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void everyTargetIsJudged() {
        List<Verdict> verdicts = Verdict.of(Samples.reached());
        assertEquals(4, verdicts.size());
        assertTrue(verdicts.stream().allMatch(Verdict::reached), verdicts.toString());
    }

    @Test
    void slowdownIsMeanBesideBigByMeanBesideSmall() {
        assertEquals(200, Samples.reached().slowdown(Variant.WITHOUT), 1e-9);
        assertEquals(1.09, Samples.reached().slowdown(Variant.WITH), 1e-9);
    }

    @Test
    void anySleepIsAMiss() {
        ThreadDiskAccount oneTick = new ThreadDiskAccount(4096, 10, 100, 1, 1, true);
        assertFalse(Verdict.of(new Summary(List.of(
                Samples.measurement(Variant.WITH, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITH, Beside.BIG, 0.01, 400, oneTick)))).get(0).reached());
    }

    @Test
    void oneVariantAloneIsJudgedByItself() {
        List<Verdict> verdicts = Verdict.of(new Summary(List.of(
                Samples.measurement(Variant.WITHOUT, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITHOUT, Beside.BIG, 0.02, 400, Samples.ASLEEP))));
        assertEquals(1, verdicts.size());
        assertFalse(verdicts.get(0).reached());
    }

    @Test
    void fewerColdBytesThanWithoutAreAMissBeyondTheAccuracy() {
        assertTrue(coldVerdict(400, 397).reached());
        assertFalse(coldVerdict(400, 390).reached());
    }

    private static Verdict coldVerdict(long megabytesWithout, long megabytesWith) {
        return Verdict.of(new Summary(List.of(
                Samples.measurement(Variant.WITHOUT, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITHOUT, Beside.BIG, 2, megabytesWithout, Samples.ASLEEP),
                Samples.measurement(Variant.WITH, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITH, Beside.BIG, 0.01, megabytesWith, Samples.AWAKE)))).get(3);
    }
}
