package io.readahead.bench;

import io.readahead.it.JettyExample;
import java.util.List;

/** What one cold download gets whose thread may wait: the windows must not be slower than the reads that they replace. */
final class BlockingRow implements Row {

    private static final String SLOW = "disk 40 MB/s";
    private static final String FAST = "disk at its own speed";

    @Override
    public String id() {
        return "blocking";
    }

    @Override
    public String title() {
        return "Blocking target: one cold download by Jetty's thread pool, through the response's output stream";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = new Peer.Java("Jetty blocking, agent", JettyExample.BLOCKING, bench.jdk(), true);
        Peer without = new Peer.Java("Jetty blocking, no agent", JettyExample.BLOCKING, bench.jdk(), false);
        for (int round = 0; round < bench.pairs(); round++) {
            for (Peer peer : List.of(agent, without)) {
                ColdThroughputRow.one(bench, samples, SLOW, peer, 1);
                if (!bench.quick()) {
                    FastDiskRow.one(bench, samples, FAST, peer, 1);
                }
            }
        }
        for (String scene : bench.quick() ? List.of(SLOW) : List.of(SLOW, FAST)) {
            samples.compare(scene, ColdThroughputRow.RATE, agent, without, Samples.Bound.atLeast(1));
        }
    }
}
