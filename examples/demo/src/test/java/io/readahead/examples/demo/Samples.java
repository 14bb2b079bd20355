package io.readahead.examples.demo;

import io.readahead.kit.ThreadDiskAccount;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Measurements that nobody measured. */
final class Samples {

    static final ThreadDiskAccount AWAKE = new ThreadDiskAccount(0, 0, 100, 0, 0, true);
    static final ThreadDiskAccount ASLEEP = new ThreadDiskAccount(500 * Units.MB, 9000, 100, 90, 89, true);

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

    /** Ten runs of 100 requests, each request as slow as all others. */
    static Measurement measurement(Variant variant, Beside beside, double runSeconds, long megabytes, ThreadDiskAccount selector) {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount((long) (runSeconds * 1e7), 1000);
        List<Double> runs = List.of(runSeconds, runSeconds, runSeconds);
        HotResult hot = new HotResult(runs, 300, 3 * runSeconds, latencies, new double[] {runSeconds * 10}, false);
        return new Measurement(variant, beside, 1, hot, megabytes * Units.MB, 10, selector, 0);
    }

    static MachineFacts facts() {
        return new MachineFacts("2 x Somebody's CPU", "8.0 GB", "Linux 6.18", "17", "JDK 25", "ext4 on vda (254:0)", "40 MB/s by cgroup v2",
                "512 MB by cgroup v2", "", true, true);
    }
}
