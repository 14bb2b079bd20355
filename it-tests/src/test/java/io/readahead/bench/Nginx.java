package io.readahead.bench;

import io.readahead.it.ServerKeys;
import io.readahead.kit.CgroupLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * nginx as Debian packs it, one worker, with a configuration file and a prefix of its own.
 *
 * @param aioThreads whether sendfile is left to nginx's thread pool, at its defaults; over TLS the reading is
 * @param tls whether it speaks TLS
 */
record Nginx(String name, boolean aioThreads, boolean tls) implements Peer {

    private static final int CONNECTIONS = 16_384;
    private static final int START_TRIES = 200;
    private static final long START_PAUSE_MILLIS = 25;
    private static final long END_SECONDS = 10;

    static Nginx sendfile() {
        return new Nginx("nginx sendfile", false, false);
    }

    static Nginx withThreads() {
        return new Nginx("nginx aio threads", true, false);
    }

    static Nginx secured() {
        return new Nginx("nginx aio threads, TLS", true, true);
    }

    /** The same, called otherwise: for who measures it more than once. */
    Nginx named(String otherName) {
        return new Nginx(otherName, aioThreads, tls);
    }

    @Override
    public RunningPeer start(Path root, CgroupLimits limits) throws Exception {
        int port = freePort();
        Path prefix = Files.createTempDirectory(Files.createDirectories(Bench.folder().resolve("nginx")), "prefix-");
        Path configuration = Files.writeString(prefix.resolve("nginx.conf"),
                configuration(root, port, tls ? keys(prefix) : ""));
        List<String> command = new ArrayList<>(limits == null ? List.of() : limits.wrapper());
        command.addAll(List.of("nginx", "-p", prefix.toString(), "-c", configuration.toString(), "-e", "stderr"));
        Process master = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(prefix.resolve("output").toFile()).start();
        Thread endWithThisJvm = new Thread(master::destroy, "end-nginx");
        Runtime.getRuntime().addShutdownHook(endWithThisJvm);
        return new RunningPeer("127.0.0.1", port, awaitWorker(master, port, prefix), null, Optional.empty(), () -> {
            end(master);
            Runtime.getRuntime().removeShutdownHook(endWithThisJvm);
        });
    }

    private static void end(Process master) {
        master.destroy();
        try {
            if (!master.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                master.descendants().forEach(ProcessHandle::destroyForcibly);
                master.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the key that the tests' servers have in a form that nginx reads. @return its place in the configuration */
    private static String keys(Path prefix) throws IOException {
        Path key = prefix.resolve("key.pem");
        Files.writeString(key, ServerKeys.shared().privateKey());
        return "ssl_certificate " + ServerKeys.shared().certificate() + "; ssl_certificate_key " + key + ";";
    }

    private String configuration(Path root, int port, String keys) {
        return """
                daemon off;
                worker_processes 1;
                user root;
                worker_rlimit_nofile 65536;
                pid nginx.pid;
                error_log stderr crit;
                events {
                  worker_connections %d;
                }
                http {
                  access_log off;
                  sendfile on;
                  %s
                  tcp_nodelay on;
                  keepalive_timeout 600s;
                  keepalive_requests 100000000;
                  send_timeout 600s;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; scgi_temp_path scgi; uwsgi_temp_path uwsgi;
                  server {
                    listen 127.0.0.1:%d backlog=16384%s;
                    %s
                    root %s;
                  }
                }
                """.formatted(CONNECTIONS, aioThreads ? "aio threads;" : "", port, tls ? " ssl" : "", keys, root);
    }

    private static long awaitWorker(Process master, int port, Path prefix) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < START_TRIES && master.isAlive(); attempt++) {
            TimeUnit.MILLISECONDS.sleep(START_PAUSE_MILLIS);
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return master.children().findFirst().orElseThrow(() -> new IllegalStateException("nginx has no worker")).pid();
            } catch (IOException notYet) {
                continue;
            }
        }
        master.destroy();
        throw new IllegalStateException("nginx does not listen on " + port + ": " + Files.readString(prefix.resolve("output")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
