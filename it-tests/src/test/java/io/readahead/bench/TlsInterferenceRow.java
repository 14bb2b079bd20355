package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.it.NettyServer;
import io.readahead.it.StockJetty;
import io.readahead.it.TomcatServer;
import io.readahead.it.UndertowServer;
import io.readahead.kit.RawHttp;
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
 * <p>The clients are the tests' own, a thread each, which decrypt what comes encrypted. Those of what is cold and of what is in memory are
 * the same, and all together read a tenth faster than the disk can: so that it always has somebody to read for, but at no more than its
 * rate the kernel's own readahead keeps up.
 */
final class TlsInterferenceRow implements Row {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WORKERS = 2;
    private static final long BYTES_PER_SECOND = Bench.DISK_BYTES_PER_SECOND / 10 * 11;
    private static final double BOUND_RATIO = 1.1;
    private static final double ALONE_RATIO = 1.3;

    /** Who is measured, by the name that it has in the table. */
    private record Kind(String title, FileServer server) {

        Peer.Java peer(Bench bench, String suffix, boolean agent) {
            return new Peer.Java(title + suffix, server, bench.jdk(), agent);
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

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        for (Kind kind : bench.quick() ? kinds.subList(0, 1) : kinds) {
            Peer agent = kind.peer(bench, ", agent", true);
            Peer inMemory = kind.peer(bench, ", in memory", false);
            Peer alone = kind.peer(bench, ", hot alone", false);
            try (Interfered first = new Interfered(bench, samples, agent, true, Threads::new);
                    Interfered second = new Interfered(bench, samples, inMemory, false, Threads::new)) {
                Interfered.byTurns(bench, List.of(first, second));
                for (int burst = 0; burst < bench.fewPairs(); burst++) {
                    second.alone(alone);
                }
            }
            Interfered.judge(samples, agent, inMemory, BOUND_RATIO, HotLatency.PERCENTILES);
            samples.compare("", HotLatency.P99, agent, alone, Samples.Bound.atMost(ALONE_RATIO));
            Interfered.control(bench, samples, kind.peer(bench, ", no agent", false), Threads::new);
        }
    }

    /** Who asks, by a thread each. */
    private static final class Threads implements Interfered.Clients {

        private final RunningPeer running;
        private final List<Path> files;
        private final RawHttp hot;

        Threads(RunningPeer running, List<Path> files) throws IOException {
            this.running = running;
            this.files = files;
            this.hot = RawHttp.connect(running.address(), running.certificate());
            for (int number = 0; number < Interfered.WARM_UP_REQUESTS; number++) {
                fetch(number);
            }
        }

        private void fetch(int number) throws IOException {
            hot.get(running.pathOf(files.get(number % files.size())));
        }

        /** {@inheritDoc} One request at least; the last one may be without an answer. */
        @Override
        public Histogram hot(long millis) throws IOException {
            Histogram nanos = new Histogram(3);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            int number = 0;
            do {
                long begin = System.nanoTime();
                try {
                    fetch(number++);
                } catch (SocketTimeoutException noAnswer) {
                    end = begin;    // a control's loop may sleep for longer than any client waits
                }
                nanos.recordValue(System.nanoTime() - begin);
                LockSupport.parkNanos(PAUSE_NANOS);
            } while (System.nanoTime() < end);
            return nanos;
        }

        @Override
        public Interfered.Downloads downloads(List<Path> downloaded) {
            return new Downloads(running, downloaded, BYTES_PER_SECOND / downloaded.size());
        }

        @Override
        public void close() throws IOException {
            hot.close();
        }
    }

    /** Clients that fetch a file each, over and over, no faster than they may. */
    private static final class Downloads implements Interfered.Downloads {

        private static final int PIECE_BYTES = 64 << 10;

        private final AtomicLong bytes = new AtomicLong();
        private final List<RawHttp> clients = new ArrayList<>();
        private boolean closed;

        Downloads(RunningPeer running, List<Path> files, long bytesPerSecondEach) {
            for (Path file : files) {
                // Each connects by itself: where a loop sleeps on the disk the handshake of the next one may not end in time.
                Thread thread = new Thread(() -> {
                    try (RawHttp client = RawHttp.connect(running.address(), running.certificate())) {
                        if (keep(client)) {
                            fetch(client.limitRate(bytesPerSecondEach), running.pathOf(file));
                        }
                    } catch (IOException ended) {
                        // By the one who is done, or by a server that did not answer in time.
                    }
                }, "download");
                thread.setDaemon(true);
                thread.start();
            }
        }

        @Override
        public long bytes() {
            return bytes.get();
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
