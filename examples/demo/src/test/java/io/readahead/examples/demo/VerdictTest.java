package io.readahead.examples.demo;

import io.readahead.kit.ThreadDiskAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerdictTest {

    private static final int DRAWS = 10_000;
    private static final double HOT_SECONDS = 0.2;

    /** What differs from one part of a measurement to the next where nothing is wrong. */
    enum Noise {

        /** As five demos had it with little else on the machine: 0.001 to 0.004, and 0.05 to 0.22 of whole seconds. */
        QUIET(0.004, 0.2),
        /** More than any of them had. */
        BUSY(0.06, 0.3);

        private static final double DISK_MB_PER_SECOND = 40;
        private static final double FILE_SECONDS = 2.5;

        private final double fileDeviation;
        private final double hotDeviation;

        /** @param fileDeviation of one file's speed, of the mean @param hotDeviation of the hot runs of half a second, of theirs */
        Noise(double fileDeviation, double hotDeviation) {
            this.fileDeviation = fileDeviation;
            this.hotDeviation = hotDeviation;
        }

        Measurement measurement(Random random, Variant variant, Beside beside, double runSeconds, double speed, int seconds) {
            List<Double> rates = new ArrayList<>();
            for (double done = FILE_SECONDS; done <= seconds; done += FILE_SECONDS) {
                rates.add(DISK_MB_PER_SECOND * speed * (1 + fileDeviation * random.nextGaussian()));
            }
            List<Double> runs = new ArrayList<>();
            for (int half = 0; half < 2 * seconds; half++) {
                double run = runSeconds * Math.exp(hotDeviation * random.nextGaussian());
                for (double left = 0.5; left > 0; left -= run) {
                    runs.add(run);
                }
            }
            double took = runs.stream().mapToDouble(Double::doubleValue).sum();
            HotResult hot = new HotResult(runs, (long) runs.size() * HotClient.REQUESTS_PER_RUN, took, new Histogram(1), new double[0],
                    false);
            return new Measurement(variant, beside, 1, hot, (long) (Statistics.mean(rates) * seconds * Units.MB), seconds, rates,
                    variant == Variant.WITH ? Samples.AWAKE : Samples.ASLEEP, 0);
        }
    }

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
        assertFalse(sleepVerdict(new ThreadDiskAccount(4096, 10, 100, 1, 1, 0, 0, true)).reached());
    }

    /** The kernel's account counts in hundredths of a second. */
    @Test
    void aSleepThatWasOnlySeenIsAMissWhereTheThreadWasSending() {
        assertFalse(sleepVerdict(new ThreadDiskAccount(4096, 0, 100, 1, 1, 0, 0, true)).reached());
        assertFalse(sleepVerdict(new ThreadDiskAccount(4096, 0, 100, 1, 0, 1, 0, true)).reached());
        assertTrue(sleepVerdict(new ThreadDiskAccount(4096, 0, 100, 1, 0, 0, 0, true)).reached());
    }

    @Test
    void withoutTheKernelsAccountSleepInEitherCallThatSendsCounts() {
        assertEquals(30, Measurement.sleepMillis(new ThreadDiskAccount(0, 40, 100, 4, 3, 0, 0, false)));
        assertEquals(30, Measurement.sleepMillis(new ThreadDiskAccount(0, 40, 100, 4, 0, 3, 0, false)));
        assertEquals(0, Measurement.sleepMillis(new ThreadDiskAccount(0, 40, 100, 4, 0, 0, 0, false)));
        assertEquals(40, Measurement.sleepMillis(new ThreadDiskAccount(0, 40, 100, 4, 0, 0, 0, true)));
    }

    private static Verdict sleepVerdict(ThreadDiskAccount besideBigFiles) {
        return Verdict.of(new Summary(List.of(
                Samples.measurement(Variant.WITH, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITH, Beside.BIG, 0.01, 400, besideBigFiles)))).get(0);
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

    /** Of {@link #DRAWS} runs in which the agent costs nothing. */
    @ParameterizedTest
    @EnumSource
    void aRunInWhichNothingIsWrongIsMissedAtMostOnceInAHundred(Noise noise) {
        for (Plan plan : List.of(Plan.QUICK, Plan.FULL)) {
            int missed = missed(noise, 1, 1, plan);
            assertTrue(missed <= DRAWS / 100, plan + ": " + missed);
        }
    }

    @Test
    void aLossOfFivePercentIsMissedOnAQuietMachine() {
        for (Plan plan : List.of(Plan.QUICK, Plan.FULL)) {
            int missed = missed(Noise.QUIET, 0.95, 1, plan);
            assertTrue(missed >= DRAWS * 99 / 100, plan + ": " + missed);
        }
    }

    @Test
    void threeTimesTheTimeForTheHotRequestsIsMissedOnAQuietMachine() {
        int missed = missed(Noise.QUIET, 1, 3, Plan.QUICK);
        assertTrue(missed >= DRAWS * 99 / 100, "" + missed);
    }

    /** Its other files came as fast as ever. */
    @Test
    void aFileThatNeverEndsIsAMiss() {
        Random random = new Random(1);
        Measurement with = Noise.QUIET.measurement(random, Variant.WITH, Beside.BIG, HOT_SECONDS, 1, Plan.QUICK.bigSeconds());
        Measurement stuck = new Measurement(with.variant(), with.beside(), with.round(), with.hot(), with.backgroundBytes() / 2,
                with.seconds(), with.fileRates(), with.selector(), 0);
        for (Measurement one : List.of(with, stuck)) {
            List<Verdict> verdicts = Verdict.of(new Summary(List.of(
                    Noise.QUIET.measurement(random, Variant.WITHOUT, Beside.SMALL, HOT_SECONDS, 1, Plan.QUICK.smallSeconds()),
                    Noise.QUIET.measurement(random, Variant.WITHOUT, Beside.BIG, HOT_SECONDS * 10, 1, Plan.QUICK.bigSeconds()),
                    Noise.QUIET.measurement(random, Variant.WITH, Beside.SMALL, HOT_SECONDS, 1, Plan.QUICK.smallSeconds()), one)));
            assertEquals(one == with, verdicts.get(3).reached(), verdicts.toString());
        }
    }

    private static int missed(Noise noise, double speed, double slowdown, Plan plan) {
        Random random = new Random(1);
        int missed = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            List<Measurement> measurements = new ArrayList<>();
            for (int round = 1; round <= plan.rounds(); round++) {
                measurements.add(noise.measurement(random, Variant.WITHOUT, Beside.SMALL, HOT_SECONDS, 1, plan.smallSeconds()));
                measurements.add(noise.measurement(random, Variant.WITHOUT, Beside.BIG, HOT_SECONDS * 10, 1, plan.bigSeconds()));
                measurements.add(noise.measurement(random, Variant.WITH, Beside.SMALL, HOT_SECONDS, 1, plan.smallSeconds()));
                measurements.add(noise.measurement(random, Variant.WITH, Beside.BIG, HOT_SECONDS * slowdown, speed, plan.bigSeconds()));
            }
            missed += Verdict.of(new Summary(measurements)).stream().allMatch(Verdict::reached) ? 0 : 1;
        }
        return missed;
    }

    private static Verdict coldVerdict(long megabytesWithout, long megabytesWith) {
        return Verdict.of(new Summary(List.of(
                Samples.measurement(Variant.WITHOUT, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITHOUT, Beside.BIG, 2, megabytesWithout, Samples.ASLEEP),
                Samples.measurement(Variant.WITH, Beside.SMALL, 0.01, 1, Samples.AWAKE),
                Samples.measurement(Variant.WITH, Beside.BIG, 0.01, megabytesWith, Samples.AWAKE)))).get(3);
    }
}
