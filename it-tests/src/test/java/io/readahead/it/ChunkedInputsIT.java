package io.readahead.it;

import io.readahead.it.guests.ChunkedServer;
import io.readahead.it.guests.Input;
import io.readahead.it.guests.SuspendedApp;
import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadReads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever reads a file in chunks for Netty's {@code ChunkedWriteHandler}, and whatever the chunks go through: over TLS, all of it. */
class ChunkedInputsIT {

    private static final long FILE_BYTES = 1 << 20;
    /** One window. */
    private static final long SMALL_FILE_BYTES = 64 << 10;
    /** What was found in memory twice in 50 ms counts as there for as long again. */
    private static final int FORGOTTEN_MILLIS = 200;
    /** Long enough for something to happen meanwhile. */
    private static final int WAIT_MILLIS = 1000;
    private static final String SITE = "io.netty.handler.stream.ChunkedWriteHandler.doFlush";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    /** How a client asks. */
    private enum Protocol {
        HTTP, GZIP, HTTP_2, WEB_SOCKET
    }

    private record Download(Protocol protocol, Input input) {

        /** Whether it is the handler that reads the file. */
        boolean isHelped() {
            return input != Input.BY_HAND && input != Input.ELSEWHERE;
        }
    }

    /** @param loop bytes that the server's own threads had the disk read in each */
    private record Measured(Map<Download, Long> loop, long readTwice, AgentStats stats) {

        long helped() {
            return loop.entrySet().stream().filter(one -> one.getKey().isHelped()).mapToLong(Map.Entry::getValue).sum();
        }
    }

    /** Under -Pmatrix alone. */
    static Stream<Arguments> servers() {
        return !Jdks.matrix() ? Stream.empty() : Stream.concat(Jdks.every().stream().map(jdk -> Arguments.of(jdk, "4.2", "NIO")),
                Stream.of(Arguments.of(Jdk.current(), "4.1", "EPOLL")));
    }

    private static List<Download> downloads() {
        List<Download> all = new ArrayList<>();
        for (Input input : Input.values()) {
            all.add(new Download(Protocol.HTTP, input));
        }
        for (Protocol protocol : List.of(Protocol.GZIP, Protocol.HTTP_2, Protocol.WEB_SOCKET)) {
            all.add(new Download(protocol, Input.NIO_FILE));
            all.add(new Download(protocol, Input.STREAM));
        }
        return all;
    }

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @ParameterizedTest(name = "Netty {1}, {2} on {0}", allowZeroInvocations = true)
    @MethodSource("servers")
    void theLoopReadsNothingOfAColdFile(Jdk jdk, String netty, String transport) throws Exception {
        Measured control = measure(jdk, netty, transport, false);
        assertAll(control.loop().entrySet().stream().map(one -> () ->
                assertTrue(one.getValue() >= FILE_BYTES, () -> "the control must read all on the loop: " + one)));
        Measured measured = Undisturbed.measured(() -> measure(jdk, netty, transport, true), Measured::helped, Measured::readTwice);
        assertAll(measured.loop().entrySet().stream().map(one -> () -> {
            if (one.getKey().isHelped()) {
                assertEquals(0, one.getValue(), () -> "bytes that the loop read: " + one);
            } else {
                assertTrue(one.getValue() >= FILE_BYTES, () -> "what nobody helps is as without the agent: " + one);
            }
        }));
        assertTrue(measured.stats().parks() >= downloads().stream().filter(Download::isHelped).count(),
                () -> "each was parked: " + measured);
        assertEquals(2, measured.stats().get("passedThrough"), () -> "each stream that the handler reads elsewhere: " + measured);
    }

    @ParameterizedTest(name = "Netty {1} on {0}", allowZeroInvocations = true)
    @MethodSource("servers")
    void whatHappensWhileATransferWaitsLosesNone(Jdk jdk, String netty) throws Exception {
        String sent = "sent " + SMALL_FILE_BYTES + ", progress right to " + SMALL_FILE_BYTES + ", file closed, ";
        String whole = sent + "0 empty chunks";
        // So does Netty: no byte comes from behind the end, nor from a closed file, and none is missed.
        String truncated = "file truncated: " + sent + "1001 empty chunks";
        assertEquals(List.of("nothing: " + whole, truncated), suspended(jdk, netty, false).run().stdout());

        ServerProcess program = suspended(jdk, netty, true).run();
        String failed = "ClosedChannelException, progress right, file closed, 0 empty chunks";
        assertEquals(List.of("nothing: " + whole, "handler removed: " + whole, "flushed: " + whole, "channel closed: " + failed,
                "client gone: " + failed, "loop shut down: " + failed, "file closed: " + sent + "1 empty chunks", truncated),
                program.stdout(), program::toString);
        AgentStats stats = program.stats();
        assertAll(program.toString(),
                () -> assertTrue(stats.parks() >= program.stdout().size(), "each waited"),
                () -> assertEquals(0, stats.parkedNow(), "left parked"),
                () -> assertEquals(0, stats.mendedWakeups(), "wake-ups that were lost and mended"),
                () -> assertEquals(0, stats.failures(), "failures inside the agent"));
    }

    /** @param parks by what the agent has published */
    private record Told(long loop, long readTwice, long parks, List<RecordedEvent> events, AgentStats stats) {
    }

    @ParameterizedTest(name = "Netty {1} on {0}", allowZeroInvocations = true)
    @MethodSource("servers")
    void overHttp2TheExampleReadsNothingAndEventsAndStatusTellOfIt(Jdk jdk, String netty) throws Exception {
        Told told = Undisturbed.measured(() -> tell(jdk, netty), Told::loop, Told::readTwice);
        assertAll(told.toString(),
                () -> assertEquals(0, told.loop(), "bytes that the loop read"),
                () -> assertTrue(told.parks() > 0, "it was parked"),
                () -> assertEquals(told.parks(), told.events().size(), "events"),
                () -> assertTrue(told.stats().parks() >= told.parks(), "what status says, and the counters"),
                () -> assertTrue(told.events().stream().allMatch(event -> SITE.equals(event.getString("site"))
                        && event.getThread("parkedBy").getJavaName().startsWith("netty-loop")), "where, and by whom"));
    }

    private static Told tell(Jdk jdk, String netty) throws Exception {
        NettyServer kind = NettyServer.secured(netty, "nio");
        try (ServerProcess server = kind.builder(jdk, root, true, "").start()) {
            assertWhole(byHttp(kind.pathOf(file), Protocol.HTTP_2, server), kind, server);    // hot: what it loads is not the file's
            long parked = Long.parseLong(AgentCommand.freshStatus(server.pid()).get("parks"));
            Recording recording = Recording.start(jdk, server.pid(), "readahead.Park#threshold=0ns");
            file.evict();
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadReads before = ThreadReads.of(server.pid());
            assertWhole(byHttp(kind.pathOf(file), Protocol.HTTP_2, server), kind, server);
            long loop = ThreadReads.of(server.pid()).since(before);
            long readTwice = undisturbed.readTwice(FILE_BYTES);
            long parks = Long.parseLong(AgentCommand.freshStatus(server.pid()).get("parks")) - parked;
            List<RecordedEvent> events = recording.stop(root.resolve("netty-" + netty + "-" + jdk.feature() + ".jfr")).stream()
                    .filter(event -> event.getEventType().getName().equals("readahead.Park")).toList();
            AgentStats stats = AgentHealth.afterStopOf(server, line -> line.contains("[jfr"));
            return new Told(loop, readTwice, parks, events, stats);
        }
    }

    private static ServerProcess.Builder suspended(Jdk jdk, String netty, boolean agent) throws IOException {
        Path small = TestFile.write(root.resolve("small.bin"), SMALL_FILE_BYTES).path();
        ServerProcess.Builder builder = Guest.program(jdk, Guest.classPath(netty), SuspendedApp.class).arguments(small, agent);
        return !agent ? builder : builder.agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true)
                .property("readahead.debug.cold", WAIT_MILLIS);
    }

    private static Measured measure(Jdk jdk, String netty, String transport, boolean agent) throws Exception {
        ServerProcess.Builder builder = Guest.program(jdk, Guest.classPath(netty), ChunkedServer.class)
                .arguments(root, transport, "JDK", ServerKeys.shared().keystore(), ServerKeys.PASSWORD)
                .certificate(ServerKeys.sharedCertificate());
        if (agent) {
            builder.agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true);
        }
        try (ServerProcess server = builder.start()) {
            for (Download download : downloads()) {
                fetch(download, server);    // hot, so that all classes and threads are there
            }
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            Map<Download, Long> loop = new LinkedHashMap<>();
            for (Download download : downloads()) {
                TimeUnit.MILLISECONDS.sleep(FORGOTTEN_MILLIS);
                file.evict();
                ThreadReads before = ThreadReads.of(server.pid());
                fetch(download, server);
                loop.put(download, ThreadReads.of(server.pid()).since(before));
            }
            long readTwice = undisturbed.readTwice(downloads().size() * FILE_BYTES);
            Measured measured = new Measured(loop, readTwice, agent ? AgentHealth.afterStopOf(server, Guest::isLogLine) : null);
            System.out.println("ChunkedInputsIT, Netty " + netty + ", " + transport + " on " + jdk + ", agent " + agent + ": " + measured);
            return measured;
        }
    }

    private static void fetch(Download download, ServerProcess server) throws Exception {
        assertWhole(download.protocol() == Protocol.WEB_SOCKET ? byWebSocket(download, server)
                : byHttp(download.input().path(file.path()), download.protocol(), server), download, server);
    }

    private static void assertWhole(byte[] body, Object download, ServerProcess server) {
        assertEquals(FILE_BYTES, body.length, () -> "bytes of " + download + "; " + server);
        assertEquals(file.sha256(), HexFormat.of().formatHex(TestFile.newSha256().digest(body)),
                () -> "SHA-256 of " + download + "; " + server);
    }

    private static byte[] byHttp(String path, Protocol protocol, ServerProcess server) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("https", path, server)).timeout(TIMEOUT);
        boolean gzip = protocol == Protocol.GZIP;
        if (gzip) {
            request.header("Accept-Encoding", "gzip");
        }
        HttpClient.Version version = protocol == Protocol.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        HttpResponse<byte[]> answer = client(version).send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(version, answer.version(), server::toString);
        assertEquals(gzip ? List.of("gzip") : List.of(), answer.headers().allValues("content-encoding"), server::toString);
        return gzip ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes() : answer.body();
    }

    private static byte[] byWebSocket(Download download, ServerProcess server) throws Exception {
        CompletableFuture<byte[]> message = new CompletableFuture<>();
        WebSocket socket = client(HttpClient.Version.HTTP_1_1).newWebSocketBuilder()
                .buildAsync(uri("wss", "/websocket", server), new WebSocket.Listener() {

                    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

                    @Override
                    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                        byte[] bytes = new byte[data.remaining()];
                        data.get(bytes);
                        received.writeBytes(bytes);
                        if (last) {
                            message.complete(received.toByteArray());
                        }
                        from.request(1);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable error) {
                        message.completeExceptionally(error);
                    }
                }).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        try {
            socket.sendText(download.input().path(file.path()), true);
            return message.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private static URI uri(String scheme, String path, ServerProcess server) {
        return URI.create(scheme + "://" + server.host() + ":" + server.port() + path);
    }

    /** One connection each. */
    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).connectTimeout(TIMEOUT)
                .sslContext(ServerKeys.sharedCertificate().context()).build();
    }
}
