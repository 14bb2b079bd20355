package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Jetty's own handlers in all the ways in which they send a file, on the versions of Jetty 12: cold files come whole, and no thread of the
 * server is charged with reading them; without the agent some is. Under -Pmatrix alone.
 */
class StockJettyVersionsIT {

    private static final String OLDEST = "12.0.0";
    private static final String MIDDLE = "12.0";
    private static final String NEWEST = "12.1";
    private static final int FILES = 3;
    private static final int WARM_UP_FILES = 2;
    private static final long FILE_BYTES = 3 << 20;
    private static final int RANGE_BYTES = 50_000;
    private static final int ODD_BYTES = 4097;
    /** In the last words of the agent that observed. */
    private static final String READ_ELSEWHERE = "outside of the calls that were looked at";

    @TempDir(factory = OnDisk.class)
    private static Path root;

    static Stream<Arguments> ways() {
        if (!Jdks.matrix()) {
            return Stream.of();
        }
        List<Arguments> ways = new ArrayList<>();
        for (String version : List.of(OLDEST, MIDDLE, NEWEST)) {
            Jdk jdk = version.equals(NEWEST) ? Jdks.chosen().get(0) : Jdk.current();
            StockJetty mapped = StockJetty.MAPPED.ofVersion(version);
            StockJetty copied = StockJetty.COPIED.ofVersion(version);
            ways.addAll(List.of(Arguments.of(jdk, mapped), Arguments.of(jdk, mapped.secured())));
            if (!version.equals(OLDEST)) {    // it maps all files above 16 KB, and its DefaultServlet copies them on the request's thread
                ways.addAll(List.of(Arguments.of(jdk, copied), Arguments.of(jdk, mapped.by("ee10")), Arguments.of(jdk, copied.by("ee10"))));
            }
            if (!version.equals(MIDDLE)) {
                ways.add(Arguments.of(jdk, mapped.speaking(StockJetty.Protocol.HTTP2)));
            }
            if (version.equals(NEWEST)) {
                ways.addAll(List.of(Arguments.of(jdk, copied.secured()), Arguments.of(jdk, copied.speaking(StockJetty.Protocol.HTTP2)),
                        Arguments.of(jdk, mapped.speaking(StockJetty.Protocol.HTTP2_TLS)),
                        Arguments.of(jdk, copied.speaking(StockJetty.Protocol.HTTP2_TLS))));
            }
        }
        Jdk jdk = Jdks.withVirtualThreads().orElseThrow();
        StockJetty mapped = StockJetty.MAPPED.ofVersion(NEWEST);
        StockJetty copied = StockJetty.COPIED.ofVersion(NEWEST);
        ways.addAll(List.of(Arguments.of(jdk, mapped.by("ee11")), Arguments.of(jdk, copied.by("ee11")),
                Arguments.of(jdk, mapped.onVirtualThreads()), Arguments.of(jdk, copied.onVirtualThreads())));
        return ways.stream();
    }

    @ParameterizedTest(name = "{1} on {0}", allowZeroInvocations = true)
    @MethodSource("ways")
    void coldFilesComeWholeAndNoThreadOfTheServerReadsThem(Jdk jdk, StockJetty kind) throws Exception {
        Requirement.root().orSkip();
        LoopReads control = download(jdk, kind, false);
        LoopReads helped = LoopReads.undisturbed(() -> download(jdk, kind, true));
        System.out.println("StockJettyVersionsIT " + kind + " on " + jdk + ": " + control.loop() + ", with the agent " + helped);
        assertAll(helped.toString(),
                () -> assertTrue(control.loop().readBytes() > 0, "the control must read on a thread of the server"),
                () -> assertEquals(0, helped.loop().readBytes(), "bytes that a thread of the server read"),
                () -> assertTrue(helped.stats().parks() > 0, "nothing was parked, so nothing was cold"));
    }

    static Stream<StockJetty> observed() {
        return Jdks.matrix() ? Stream.of(StockJetty.MAPPED, StockJetty.MAPPED.secured(), StockJetty.COPIED) : Stream.of();
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("observed")
    void whoReadsColdFilesIsSeen(StockJetty kind) throws Exception {
        Requirement.linux().orSkip();
        List<TestFile> files = cold("observed", FILES);
        try (ServerProcess server = kind.builder(Jdk.current(), root, true, "mode=observe").jvm(ServerProcess.ATTACH_LISTENER).start()) {
            get(kind, server, files);
            Map<String, String> told = AgentCommand.freshStatus(server.pid());
            assertAll(told.toString(),
                    () -> assertTrue(Long.parseLong(told.get("coldCalls")) > 0, "calls that met cold data"),
                    () -> assertTrue(told.keySet().stream().anyMatch(name -> name.startsWith("site.org.eclipse.jetty.io.")), "the place"));
            assertEquals(0, AgentHealth.afterStopOf(server, kind::printsOnStderr).warmups(), "nothing changes");
            assertFalse(server.stderr().stream().anyMatch(line -> line.contains(READ_ELSEWHERE)), "all was read in calls: " + server);
        }
    }

    static Stream<StockJetty> loading() {
        return Jdks.matrix() ? Stream.of(StockJetty.COPIED) : Stream.of();
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("loading")
    void whoLoadsColdFilesWholeIsNamed(StockJetty kind) throws Exception {
        Requirement.linux().orSkip();
        List<TestFile> files = cold("loaded", FILES);
        try (ServerProcess server = kind.builder(Jdk.current(), root, true, "mode=observe").jvm(ServerProcess.ATTACH_LISTENER)
                .arguments("cached=" + 2 * FILE_BYTES).start()) {
            get(kind, server, files);
            Await.until("threads that load files are named",
                    () -> AgentCommand.freshStatus(server.pid()).keySet().stream().anyMatch(name -> name.startsWith("elsewhere.qtp")));
            AgentHealth.afterStopOf(server, kind::printsOnStderr);
            assertTrue(server.stderr().stream().anyMatch(line -> line.contains(READ_ELSEWHERE)), server::toString);
        }
    }

    private static LoopReads download(Jdk jdk, StockJetty kind, boolean agent) throws Exception {
        try (ServerProcess server = kind.builder(jdk, root, agent, "").start()) {
            // What was sent from a mapping stays there: it can't be evicted, and so each is asked for once.
            List<TestFile> warmUp = cold("warm-up", WARM_UP_FILES);
            get(kind, server, warmUp);
            assertRanges(kind, server, warmUp.get(0));
            List<TestFile> files = cold("file", FILES);
            Undisturbed undisturbed = Undisturbed.since(server.pid());
            ThreadDiskAccount loop;
            try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
                get(kind, server, files);
                loop = sampler.stop();
            }
            long readTwice = undisturbed.readTwice(FILES * FILE_BYTES);
            AgentStats stats = agent ? AgentHealth.afterStopOf(server, kind::printsOnStderr) : null;
            return new LoopReads(loop, readTwice, stats);
        }
    }

    private static List<TestFile> cold(String name, int count) throws IOException {
        List<TestFile> files = TestFile.writeSeveral(root, name, count, FILE_BYTES);
        for (TestFile file : files) {
            file.evict();
        }
        return files;
    }

    private static void get(StockJetty kind, ServerProcess server, List<TestFile> files) throws Exception {
        if (!kind.protocol().isHttp2()) {
            Downloads.atATime(kind, server, files);
            return;
        }
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2);
        server.certificate().ifPresent(certificate -> builder.sslContext(certificate.context()));
        HttpClient client = builder.build();
        // The files are to share a connection. Where several begin while it is upgraded from HTTP/1.1, one in some fifty rounds ends with a
        // body where a frame should be: Jetty 12.0 and 12.1 without the agent as well, clients of JDK 17 and 25.
        client.send(HttpRequest.newBuilder(uri(kind, server, files.get(0))).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.discarding());
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (TestFile file : files) {
            HttpRequest request = HttpRequest.newBuilder(uri(kind, server, file)).build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int number = 0; number < files.size(); number++) {
            HttpResponse<byte[]> answer = answers.get(number).get();
            assertEquals(HttpClient.Version.HTTP_2, answer.version(), server::toString);
            assertEquals(files.get(number).sha256(), sha256(answer.body(), 0, answer.body().length), server::toString);
        }
    }

    private static URI uri(StockJetty kind, ServerProcess server, TestFile file) {
        return URI.create("http" + (server.certificate().isPresent() ? "s" : "") + "://" + server.host() + ":" + server.port()
                + kind.pathOf(file));
    }

    private static String sha256(byte[] bytes, int offset, int length) {
        var digest = TestFile.newSha256();
        digest.update(bytes, offset, length);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** One range, and two in one answer. */
    private static void assertRanges(StockJetty kind, ServerProcess server, TestFile file) throws Exception {
        long second = FILE_BYTES - RANGE_BYTES;
        try (RawHttp client = RawHttp.connect(server)) {
            RawHttp.Body answer = client.getRange(kind.pathOf(file), ODD_BYTES, RANGE_BYTES);
            assertEquals(206, answer.status(), server::toString);
            assertEquals(file.sha256(ODD_BYTES, RANGE_BYTES), answer.sha256(), server::toString);
        }
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        server.certificate().ifPresent(certificate -> builder.sslContext(certificate.context()));
        HttpRequest request = HttpRequest.newBuilder(uri(kind, server, file))
                .header("Range", "bytes=" + ODD_BYTES + "-" + (ODD_BYTES + RANGE_BYTES - 1) + "," + second + "-").build();
        HttpResponse<byte[]> answer = builder.build().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(206, answer.statusCode(), server::toString);
        String text = new String(answer.body(), StandardCharsets.ISO_8859_1);
        int body = -1;
        for (long offset : new long[] {ODD_BYTES, second}) {
            body = text.indexOf("\r\n\r\n", body + 1) + 4;
            assertEquals(file.sha256(offset, RANGE_BYTES), sha256(answer.body(), body, RANGE_BYTES), () -> offset + " of " + server);
            body += RANGE_BYTES;
        }
    }
}
