package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Undertow over HTTP/2, which the client chooses by ALPN: cold and hot files, several at a time on one connection, come whole.
 *
 * <p>Undertow closes a stream whose writes took nothing a hundred times in a row, so none of them may be told that its file comes later.
 */
class UndertowHttp2IT {

    private static final UndertowServer HTTP2 = UndertowServer.NON_BLOCKING.speaking(UndertowServer.Protocol.TLS_AND_HTTP2);
    private static final int FILES = 6;
    private static final long FILE_BYTES = 3 << 20;
    /** A write that was put off so long would have been tried a hundred times. */
    private static final int DEBUG_COLD_MILLIS = 300;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir(factory = OnDisk.class)
    private static Path root;

    static Stream<Arguments> servers() {
        return FileServerContract.usualAndRarer(List.of(HTTP2), List.of(HTTP2.ofVersion("2.3"), HTTP2.ofVersion("2.2")));
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("servers")
    void coldAndHotFilesComeWhole(Jdk jdk, UndertowServer kind) throws Exception {
        Requirement.linux().orSkip();
        List<TestFile> files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
        for (TestFile file : files) {
            file.evict();
        }
        download(files, kind, kind.builder(jdk, root, true, ""));
        download(files, kind, kind.builder(jdk, root, true, "").property("readahead.debug.cold", DEBUG_COLD_MILLIS));
    }

    private static void download(List<TestFile> files, UndertowServer kind, ServerProcess.Builder builder) throws Exception {
        try (ServerProcess server = builder.start()) {
            HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2)
                    .sslContext(ServerKeys.sharedCertificate().context()).build();
            assertWhole(client, kind, server, files);
            assertWhole(client, kind, server, files);
            AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
            assertEquals(0, stats.parks(), () -> "none is told to come back: " + stats);
            assertTrue(stats.counters().get("passedThrough") > 0, () -> "each call is counted as one that is not helped: " + stats);
        }
    }

    private static void assertWhole(HttpClient client, UndertowServer kind, ServerProcess server, List<TestFile> files) throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (TestFile file : files) {
            URI uri = URI.create("https://" + server.host() + ":" + server.port() + kind.pathOf(file));
            answers.add(client.sendAsync(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int number = 0; number < FILES; number++) {
            TestFile file = files.get(number);
            HttpResponse<byte[]> answer = answers.get(number).get();
            assertEquals(HttpClient.Version.HTTP_2, answer.version(), server::toString);
            assertEquals(200, answer.statusCode(), server::toString);
            assertEquals(file.sha256(), HexFormat.of().formatHex(TestFile.newSha256().digest(answer.body())),
                    () -> "SHA-256 of " + file.path() + "; " + server);
        }
    }
}
