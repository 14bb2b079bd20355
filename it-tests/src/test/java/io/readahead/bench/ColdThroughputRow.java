package io.readahead.bench;

import io.readahead.kit.CgroupLimits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How much a slow disk gives to one, to eight and to sixty-four cold downloads. */
final class ColdThroughputRow implements Row {

    static final long FILE_BYTES = 256L << 20;
    static final String RATE = "cold MB/s";

    private static final int FILES = 8;
    private static final List<Integer> DOWNLOADS = List.of(1, 8, 64);
    private static final long SETTLE_MILLIS = 1000;

    @Override
    public String id() {
        return "cold-throttled";
    }

    @Override
    public String title() {
        return "Cold throughput: disk 40 MB/s, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Peer agent = bench.agent(Bench.Kind.NETTY);
        Peer without = bench.without(Bench.Kind.NETTY);
        Peer nginx = Nginx.withThreads();
        for (int downloads : bench.quick() ? List.of(8) : DOWNLOADS) {
            String scene = downloads == 1 ? "1 download" : downloads + " downloads";
            for (int round = 0; round < bench.pairs(); round++) {
                for (Peer peer : List.of(agent, without, nginx)) {
                    one(bench, samples, scene, peer, downloads);
                }
            }
            samples.compare(scene, RATE, agent, nginx, Samples.Bound.atLeast(1));
            samples.compare(scene, RATE, agent, without, Samples.Bound.atLeast(1));
        }
    }

    /** What so many downloads get together of a disk of 40 MB/s. */
    static void one(Bench bench, Samples samples, String scene, Peer peer, int count) throws Exception {
        Path root = Bench.data("big");
        List<Path> files = DataFiles.same(root, "cold", FILES, FILE_BYTES);
        DataFiles.evict(files);
        try (CgroupLimits limits = Bench.limits(root, Bench.DISK_BYTES_PER_SECOND, 0);
                RunningPeer running = peer.start(root, limits);
                ClosedLoop downloads = ClosedLoop.downloads(running, parts(running, files, count), ClosedLoop.UNLIMITED)) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            long before = downloads.bytes();
            long begin = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(bench.millis(3, 2));
            samples.add(scene, peer.name(), RATE, (downloads.bytes() - before) / ((System.nanoTime() - begin) / 1e9) / Bench.MB);
            limits.unthrottle(root);
        }
    }

    /** Each download its own part of a file. */
    private static List<ByteBuffer> parts(RunningPeer running, List<Path> files, int count) {
        int perFile = Math.max(1, count / files.size());
        long bytes = FILE_BYTES / perFile;
        List<ByteBuffer> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(running.request(files.get(i % files.size()), i / files.size() * bytes, bytes));
        }
        return requests;
    }
}
