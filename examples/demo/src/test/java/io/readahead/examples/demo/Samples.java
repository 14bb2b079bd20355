package io.readahead.examples.demo;

import io.readahead.kit.ThreadDiskAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Measurements that nobody measured. */
final class Samples {

    static final ThreadDiskAccount AWAKE = new ThreadDiskAccount(0, 0, 100, 0, 0, 0, 0, true);
    static final ThreadDiskAccount ASLEEP = new ThreadDiskAccount(500 * Units.MB, 9000, 100, 90, 89, 0, 0, true);

    private static final int ROUNDS = 3;
    /** Tenths of a second of a measurement. */
    private static final int BUCKETS = 200;

    private Samples() {
    }

    /** A demo in which every target is reached. */
    static Summary reached() {
        return new Summary(List.of(
                measurement(Variant.WITHOUT, Beside.SMALL, 0.010, 1, AWAKE),
                measurement(Variant.WITHOUT, Beside.BIG, 2, 400, ASLEEP),
                measurement(Variant.WITH, Beside.SMALL, 0.010, 1, AWAKE),
                measurement(Variant.WITH, Beside.BIG, 0.0109, 401, AWAKE)));
    }

    /** Three rounds as a demo has them: without the agent every request beside big files waits, with it one in a thousand does. */
    static Summary lifelike() {
        Random random = new Random(7);
        List<Measurement> measurements = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (Variant variant : Variant.values()) {
                boolean waits = variant == Variant.WITHOUT;
                measurements.add(lifelike(random, variant, Beside.SMALL, round, false));
                measurements.add(lifelike(random, variant, Beside.BIG, round, waits));
            }
        }
        return new Summary(measurements);
    }

    private static Measurement lifelike(Random random, Variant variant, Beside beside, int round, boolean waits) {
        Histogram latencies = new Histogram(3);
        double[] timeline = new double[waits ? BUCKETS - 3 : BUCKETS];
        for (int bucket = 0; bucket < timeline.length; bucket++) {
            for (int request = 0; request < (waits ? 12 : 800); request++) {
                double millis = (waits ? 2 : 0.09) * Math.exp(random.nextGaussian() * (waits ? 1.2 : 0.2))
                        + (random.nextInt(1000) == 0 ? 3 * random.nextDouble() : 0);
                latencies.recordValue((long) (millis * Units.NANOS_PER_MILLI));
                timeline[bucket] = Math.max(timeline[bucket], millis);
            }
        }
        double mean = latencies.getMean() * 100 / Units.NANOS_PER_SECOND;
        HotResult hot = new HotResult(List.of(mean, mean * 1.1, mean * 0.9), latencies.getTotalCount(), BUCKETS / 10.0, latencies, timeline,
                false);
        return new Measurement(variant, beside, round, hot, 800 * Units.MB, BUCKETS / 10.0, List.of(40.1, 39.9, 40.0),
                waits ? new ThreadDiskAccount(780 * Units.MB, 18_600, 3700, 3450, 3440, 0, 0, true) : AWAKE, 0);
    }

    /** Ten runs of 100 requests, each request as slow as all others. */
    static Measurement measurement(Variant variant, Beside beside, double runSeconds, long megabytes, ThreadDiskAccount selector) {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount((long) (runSeconds * 1e7), 1000);
        List<Double> runs = List.of(runSeconds, runSeconds, runSeconds);
        HotResult hot = new HotResult(runs, 300, 3 * runSeconds, latencies, new double[] {runSeconds * 10}, false);
        return new Measurement(variant, beside, 1, hot, megabytes * Units.MB, 10, List.of(megabytes / 10.0, megabytes / 10.0),
                selector, 0);
    }

    static MachineFacts facts() {
        return new MachineFacts("2 x Somebody's CPU", "8.0 GB", "Linux 6.18", "17", "JDK 25", "ext4 on vda (254:0)", "40 MB/s by cgroup v2",
                "512 MB by cgroup v2", "", true, true);
    }
}
