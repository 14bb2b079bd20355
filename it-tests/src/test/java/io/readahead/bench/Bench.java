package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.it.JettyExample;
import io.readahead.it.NettyServer;
import io.readahead.it.TomcatServer;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What all rows share: how much is done, who is measured, where the files lie.
 *
 * @param quick whether it is a look of five minutes rather than the whole
 * @param pairs how often each subject is measured
 */
record Bench(boolean quick, int pairs, Jdk jdk) {

    static final long MB = 1_000_000;
    /** Of a disk that is slowed down. */
    static final long DISK_BYTES_PER_SECOND = 40 * MB;

    private static final String NETTY_VERSION = "4.2";
    private static final double MILLIS = 1000;
    private static final int LEAST_MANY_PAIRS = 7;

    /** The servers that the table is about, by the name that they have in it. */
    enum Kind {
        NETTY("Netty", netty("nio")),
        NETTY_EPOLL("Netty epoll", netty("epoll")),
        JETTY("Jetty", JettyExample.EVENT_LOOP),
        TOMCAT("Tomcat", TomcatServer.TOMCAT_11);

        private final String title;
        private final FileServer server;

        Kind(String title, FileServer server) {
            this.title = title;
            this.server = server;
        }
    }

    private static FileServer netty(String transport) {
        return new NettyServer(NETTY_VERSION, transport, "/files/");
    }

    /** Where everything is that the benchmarks write. */
    static Path folder() throws IOException {
        return Files.createDirectories(Path.of(System.getProperty("readahead.work.dir"))).toRealPath();
    }

    /** A folder of data files, kept for the next run. */
    static Path data(String name) throws IOException {
        return Files.createDirectories(folder().resolve("data").resolve(name));
    }

    Peer.Java agent(Kind kind) {
        return new Peer.Java(kind.title + ", agent", kind.server, jdk, true);
    }

    Peer.Java without(Kind kind) {
        return new Peer.Java(kind.title + ", no agent", kind.server, jdk, false);
    }

    /** The same server without the agent, whose files the row warms before: an infinitely fast disk. */
    Peer inMemory(Kind kind) {
        return new Peer.Java(kind.title + ", in memory", kind.server, jdk, false);
    }

    /** How long one measurement takes. */
    long millis(double wholeSeconds, double quickSeconds) {
        return Math.round((quick ? quickSeconds : wholeSeconds) * MILLIS);
    }

    /** How often what differs by little is measured, in short bursts: two bursts of the same server differ by as much. */
    int manyPairs() {
        return quick ? pairs : Math.max(LEAST_MANY_PAIRS, pairs);
    }

    /** How often what takes long, and differs little, is measured. */
    int fewPairs() {
        return quick ? 1 : (pairs + 1) / 2;
    }

    /** A group that limits the disk, where the rate isn't 0, and the memory, where that isn't 0. */
    static CgroupLimits limits(Path root, long diskBytesPerSecond, long memoryBytes) throws IOException {
        CgroupLimits.Attempt attempt = CgroupLimits.tryCreate("bench");
        CgroupLimits limits = attempt.limits().orElseThrow(() -> new IOException("no cgroup: " + attempt.reason()));
        if (diskBytesPerSecond > 0) {
            limits.throttleRead(root, diskBytesPerSecond);
        }
        if (memoryBytes > 0) {
            limits.limitMemory(memoryBytes);
        }
        return limits;
    }

    /** The rows in the order in which they matter. */
    static List<Row> rows() {
        return List.of(new InterferenceRow(), TlsInterferenceRow.overTls(), TlsInterferenceRow.ofStockJetty(), new HotOnlyRow(),
                new HotCallRow(), new TlsDownloadRow(), new ColdThroughputRow(), new FastDiskRow(), new DisksRow(), new BlockingRow(),
                new SmallFilesRow(), new StartUpRow(), new ScaleRow(), new MemoryPressureRow(), new MostlyHotRow(), new RandomRangesRow(),
                new ProgressRow());
    }
}
