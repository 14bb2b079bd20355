package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientsTest {

    private static final int FILE_BYTES = 300_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/files/a", exchange -> {
            exchange.sendResponseHeaders(200, FILE_BYTES);
            exchange.getResponseBody().write(new byte[FILE_BYTES]);
            exchange.close();
        });
        server.createContext("/files/stuck", exchange -> { });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void connectionFetchesFileAfterFile() throws IOException {
        AtomicLong received = new AtomicLong();
        try (HttpConnection connection = new HttpConnection(server.getAddress())) {
            for (int i = 0; i < 3; i++) {
                assertEquals(FILE_BYTES, connection.get(HttpConnection.request(server.getAddress(), "a"), received::addAndGet));
            }
        }
        assertEquals(3L * FILE_BYTES, received.get());
    }

    @Test
    void anythingButOkIsAnError() throws IOException {
        try (HttpConnection connection = new HttpConnection(server.getAddress())) {
            IOException refused = assertThrows(IOException.class,
                    () -> connection.get(HttpConnection.request(server.getAddress(), "../no"), bytes -> { }));
            assertEquals("the server answered 404", refused.getMessage());
        }
    }

    @Test
    void hotClientCountsRunsOfAHundred() throws Exception {
        HotResult result = new HotClient(server.getAddress(), List.of("a")).run(1, seconds -> { });
        assertEquals(result.requests() / HotClient.REQUESTS_PER_RUN, result.runSeconds().size());
        assertEquals(result.requests(), result.latencies().getTotalCount());
        assertTrue(result.requests() > 0 && result.seconds() >= 1, result.toString());
    }

    @Test
    void backgroundClientsCountBytesAndEndInTheMiddle() throws Exception {
        BackgroundClients clients = BackgroundClients.start(server.getAddress(), List.of("a", "a"), 2,
                BackgroundClients.BeforeFetch.NOTHING);
        while (clients.bytes() < 4 * FILE_BYTES) {
            Thread.sleep(5);
        }
        clients.close();
        BackgroundClients stuck = BackgroundClients.start(server.getAddress(), List.of("stuck"), 1, BackgroundClients.BeforeFetch.NOTHING);
        stuck.close();
        assertEquals(0, stuck.bytes());
    }
}
