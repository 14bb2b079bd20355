package io.readahead.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/** How long hot requests took, as all rows tell it. */
final class HotLatency {

    static final String P99 = "hot p99, us";
    static final List<String> PERCENTILES = List.of("hot p50, us", P99, "hot p99.9, us");

    private static final double[] OF_100 = {50, 99, 99.9};
    private static final double NANOS_PER_MICRO = 1000;

    private HotLatency() {
    }

    /** Takes note of them. */
    static void note(Samples samples, Peer peer, Histogram nanos) {
        for (int i = 0; i < OF_100.length; i++) {
            samples.add("", peer.name(), PERCENTILES.get(i), nanos.getValueAtPercentile(OF_100[i]) / NANOS_PER_MICRO);
        }
    }
}
