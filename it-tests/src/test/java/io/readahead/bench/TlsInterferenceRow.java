package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.it.NettyServer;
import io.readahead.it.StockJetty;
import io.readahead.it.TomcatServer;
import io.readahead.it.UndertowServer;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The interference row over TLS, and of Jetty's own handler: beside the same server whose files are all in memory, and beside hot
 * requests alone.
 *
 * <p>The clients are the tests' own, a thread each, which decrypt what comes encrypted.
 */
final class TlsInterferenceRow implements Row {

    private static final long MEMORY_BYTES = 512L << 20;
    private static final int DOWNLOADS = 8;
    private static final long HOT_BYTES = 20_000;
    private static final int HOT_FILES = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WARM_UP_REQUESTS = 3000;
    private static final int WORKERS = 2;
    private static final double BOUND_RATIO = 1.1;
    private static final double ALONE_RATIO = 1.3;
    private static final String SLEEP = "loop asleep on the disk, ms";
    private static final String RATE = "cold MB/s";

    /** Who is measured, by the name that it has in the table. */
    private record Kind(String title, FileServer server) {
    }

    /** What runs beside the hot requests. */
    private enum Beside {
        COLD(", agent", true), IN_MEMORY(", in memory", false), NOTHING(", hot alone", false), COLD_WITHOUT(", no agent", false);

        private final String title;
        private final boolean agent;

        Beside(String title, boolean agent) {
            this.title = title;
            this.agent = agent;
        }

        boolean isCold() {
            return this == COLD || this == COLD_WITHOUT;
        }

        /** What is cold is asked for at twice the disk's rate; what is in memory at the rate at which the other comes. */
        long clientBytesPerSecond() {
            return InterferenceRow.DISK_BYTES_PER_SECOND / DOWNLOADS * (isCold() ? 2 : 1);
        }
    }

    private final String id;
    private final String title;
    private final List<Kind> kinds;

    private TlsInterferenceRow(String id, String title, List<Kind> kinds) {
        this.id = id;
        this.title = title;
        this.kinds = kinds;
    }

    static Row overTls() {
        return new TlsInterferenceRow("interference-tls", "Interference over TLS: 20 KB hot files beside 8 cold downloads, disk 40 MB/s, "
                + "512 MB, Netty and Tomcat with one loop, Undertow with 2 workers",
                List.of(new Kind("Netty TLS", NettyServer.secured("4.2", "nio")),
                        new Kind("Tomcat TLS", TomcatServer.TOMCAT_11.secured()),
                        new Kind("Undertow TLS", UndertowServer.NON_BLOCKING.speaking(UndertowServer.Protocol.TLS).workers(WORKERS))));
    }

    /** Jetty's own handler, by the same clients. */
    static Row ofStockJetty() {
        return new TlsInterferenceRow("interference-jetty", "Interference, Jetty's own ResourceHandler: 20 KB hot files beside 8 cold "
                + "downloads, disk 40 MB/s, 512 MB, one selector",
                List.of(new Kind("Jetty mapped", StockJetty.MAPPED), new Kind("Jetty copied", StockJetty.COPIED),
                        new Kind("Jetty mapped TLS", StockJetty.MAPPED.secured())));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    private static Peer.Java peer(Bench bench, Kind kind, Beside beside) {
        return new Peer.Java(kind.title + beside.title, kind.server, bench.jdk(), beside.agent);
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        for (int round = 0; round < bench.pairs(); round++) {
            for (Kind kind : kinds) {
                one(bench, samples, kind, Beside.COLD);
                one(bench, samples, kind, Beside.IN_MEMORY);
                if (round == 0) {
                    one(bench, samples, kind, Beside.NOTHING);
                    one(bench, samples, kind, Beside.COLD_WITHOUT);
                }
            }
        }
        for (Kind kind : kinds) {
            Peer agent = peer(bench, kind, Beside.COLD);
            for (String percentile : HotLatency.PERCENTILES) {
                samples.compare("", percentile, agent, peer(bench, kind, Beside.IN_MEMORY), Samples.Bound.atMost(BOUND_RATIO));
            }
            samples.compare("", HotLatency.P99, agent, peer(bench, kind, Beside.NOTHING), Samples.Bound.atMost(ALONE_RATIO));
            samples.judge("", SLEEP, agent.name(), Samples.Bound.atMost(0));
            samples.compare("", RATE, agent, peer(bench, kind, Beside.IN_MEMORY), Samples.Bound.NONE);
            String control = peer(bench, kind, Beside.COLD_WITHOUT).name();
            samples.judge("", HotLatency.P99, control + " (control)", control, Samples.Bound.NONE);
        }
    }

    private static void one(Bench bench, Samples samples, Kind kind, Beside beside) throws Exception {
        Peer.Java peer = peer(bench, kind, beside);
        Path root = Bench.data("big");
        List<Path> cold = DataFiles.same(root, "cold", DOWNLOADS, ColdThroughputRow.FILE_BYTES);
        List<Path> hot = DataFiles.same(root, "hot", HOT_FILES, HOT_BYTES);
        if (beside.isCold()) {
            DataFiles.evict(cold);
        } else {
            DataFiles.warm(cold);
        }
        try (CgroupLimits limits = Bench.limits(root, 0, MEMORY_BYTES);
                ServerProcess server = peer.process(root, limits);
                RawHttp client = RawHttp.connect(server)) {
            for (int number = 0; number < WARM_UP_REQUESTS; number++) {
                client.get(path(kind, hot.get(number % HOT_FILES)));
            }
            limits.throttleRead(root, InterferenceRow.DISK_BYTES_PER_SECOND);
            List<Path> fetched = beside == Beside.NOTHING ? List.of() : cold;
            try (Downloads downloads = new Downloads(kind, server, fetched, beside.clientBytesPerSecond())) {
                // Asleep or not is found out before: who looks takes half a processor.
                DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.server.loopThreads());
                requests(client, kind, hot, bench.millis(InterferenceRow.SETTLE_SECONDS, InterferenceRow.SETTLE_SECONDS_QUICK));
                samples.add("", peer.name(), SLEEP, sampler.stop().sleepMillis());
                long before = downloads.bytes.get();
                long begin = System.nanoTime();
                Histogram nanos = requests(client, kind, hot, bench.millis(5, 1.5));
                double seconds = (System.nanoTime() - begin) / 1e9;
                HotLatency.note(samples, peer, nanos);
                samples.add("", peer.name(), RATE, (downloads.bytes.get() - before) / seconds / Bench.MB);
            } finally {
                limits.unthrottle(root);
            }
        }
    }

    private static String path(Kind kind, Path file) {
        return kind.server.pathOf(new TestFile(file, 0, 0));
    }

    /** Fetches until the time is over, one request at least, with a pause after each; the last one may be without an answer. */
    private static Histogram requests(RawHttp client, Kind kind, List<Path> files, long millis) throws IOException {
        Histogram nanos = new Histogram(3);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int number = 0;
        do {
            String path = path(kind, files.get(number++ % files.size()));
            long begin = System.nanoTime();
            try {
                client.get(path);
            } catch (SocketTimeoutException noAnswer) {
                end = begin;    // a control's loop may sleep for longer than any client waits
            }
            nanos.recordValue(System.nanoTime() - begin);
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() < end);
        return nanos;
    }

    /** Clients that fetch a file each, over and over, no faster than they may. */
    private static final class Downloads implements AutoCloseable {

        private static final int PIECE_BYTES = 64 << 10;

        private final AtomicLong bytes = new AtomicLong();
        private final List<RawHttp> clients = new ArrayList<>();
        private boolean closed;

        Downloads(Kind kind, ServerProcess server, List<Path> files, long bytesPerSecondEach) {
            for (Path file : files) {
                // Each connects by itself: where a loop sleeps on the disk the handshake of the next one may not end in time.
                Thread thread = new Thread(() -> {
                    try (RawHttp client = RawHttp.connect(server)) {
                        if (keep(client)) {
                            fetch(client.limitRate(bytesPerSecondEach), path(kind, file));
                        }
                    } catch (IOException ended) {
                        // By the one who is done, or by a server that did not answer in time.
                    }
                }, "download");
                thread.setDaemon(true);
                thread.start();
            }
        }

        private synchronized boolean keep(RawHttp client) {
            return !closed && clients.add(client);
        }

        private void fetch(RawHttp client, String path) throws IOException {
            while (true) {
                client.send(path, Map.of());
                for (long read = PIECE_BYTES; read > 0;) {
                    read = client.read(PIECE_BYTES);
                    bytes.addAndGet(read);
                }
                client.finish();
            }
        }

        /** Ends all of them; who is still connecting ends with the server. */
        @Override
        public synchronized void close() throws IOException {
            closed = true;
            for (RawHttp client : clients) {
                client.reset();
            }
        }
    }
}
