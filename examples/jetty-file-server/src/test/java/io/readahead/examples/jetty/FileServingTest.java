package io.readahead.examples.jetty;

import static io.readahead.examples.jetty.ServerFixture.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What any user expects of a file server, of both ways to send. */
class FileServingTest {
    private static final int SIZE = 3_000_001;
    private static final String FILES = "/files/";
    private static final String BLOCKING = "/blocking/";

    @TempDir
    private static Path folder;
    private static ServerFixture server;
    private static byte[] bytes;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root/sub/folder")).getParent().getParent();
        server = new ServerFixture(root).start();
        bytes = server.file("data.bin", SIZE);
        server.file("100% +a.txt", 10);
        server.file("sub/page.html", 10);
        server.file("empty", 0);
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("outside"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("inside"), Path.of("data.bin"));
        Files.setLastModifiedTime(root.resolve("data.bin"), FileTime.from(Instant.parse("2024-02-29T12:00:00.123456Z")));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url(path))).version(HttpClient.Version.HTTP_1_1);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aFileArrivesWhole(String way) throws Exception {
        HttpResponse<byte[]> response = send("GET", way + "data.bin");
        assertEquals(200, response.statusCode());
        assertEquals(sha256(bytes), sha256(response.body()));
        assertEquals("application/octet-stream", header(response, "Content-Type"));
        assertEquals("bytes", header(response, "Accept-Ranges"));
        assertEquals("Thu, 29 Feb 2024 12:00:00 GMT", header(response, "Last-Modified"));
    }

    @ParameterizedTest
    @CsvSource({
        "/files/, 0-0, 0, 1", "/files/, 1000-2000999, 1000, 2001000", "/files/, -5, 2999996, 3000001",
        "/files/, 2999999-, 2999999, 3000001",
        "/blocking/, 0-0, 0, 1", "/blocking/, 1000-2000999, 1000, 2001000", "/blocking/, -5, 2999996, 3000001",
    })
    void aRangeArrivesAsAsked(String way, String range, int from, int to) throws Exception {
        HttpResponse<byte[]> response = send("GET", way + "data.bin", "Range", "bytes=" + range);
        assertEquals(206, response.statusCode());
        assertEquals("bytes " + from + "-" + (to - 1) + "/" + SIZE, header(response, "Content-Range"));
        assertEquals(sha256(bytes, from, to), sha256(response.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void aRangeBehindTheEndIsRefusedAndSeveralRangesAreAnsweredWithTheFile(String way) throws Exception {
        HttpResponse<byte[]> response = send("GET", way + "data.bin", "Range", "bytes=3000001-");
        assertEquals(416, response.statusCode());
        assertEquals("bytes */3000001", header(response, "Content-Range"));
        assertEquals(sha256(bytes), sha256(send("GET", way + "data.bin", "Range", "bytes=0-1,5-6").body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void headHasTheHeadersOfGetAndNoBody(String way) throws Exception {
        HttpResponse<byte[]> response = send("HEAD", way + "data.bin", "Range", "bytes=0-1");
        assertEquals(200, response.statusCode());
        assertEquals("3000001", header(response, "Content-Length"));
        assertEquals(0, response.body().length);
        assertEquals(404, send("HEAD", way + "nothing").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void anEmptyFileIsEmpty(String way) throws Exception {
        HttpResponse<byte[]> response = send("GET", way + "empty");
        assertEquals(200, response.statusCode());
        assertEquals("0", header(response, "Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void conditionsAreHonored(String way) throws Exception {
        HttpResponse<byte[]> first = send("HEAD", way + "data.bin");
        String etag = header(first, "ETag");
        String date = header(first, "Last-Modified");
        String older = "Wed, 28 Feb 2024 12:00:00 GMT";
        HttpResponse<byte[]> same = send("GET", way + "data.bin", "If-None-Match", "\"x\", W/" + etag);
        assertEquals(304, same.statusCode());
        assertEquals(etag, header(same, "ETag"));
        assertNotEquals("0", header(same, "Content-Length"));
        assertEquals(304, send("GET", way + "data.bin", "If-Modified-Since", date).statusCode());
        assertEquals(304, send("HEAD", way + "data.bin", "If-None-Match", "*").statusCode());
        assertEquals(200, send("GET", way + "data.bin", "If-Modified-Since", older).statusCode());
        assertEquals(200, send("GET", way + "data.bin", "If-Modified-Since", "no date").statusCode());
        assertEquals(200, send("GET", way + "data.bin", "If-None-Match", "\"x\"", "If-Modified-Since", date).statusCode());
        assertEquals(412, send("GET", way + "data.bin", "If-Match", "\"x\"").statusCode());
        assertEquals(412, send("GET", way + "data.bin", "If-Match", "W/" + etag).statusCode());
        assertEquals(200, send("GET", way + "data.bin", "If-Match", etag).statusCode());
        assertEquals(412, send("GET", way + "data.bin", "If-Unmodified-Since", older).statusCode());
        assertEquals(206, send("GET", way + "data.bin", "Range", "bytes=0-1", "If-Range", etag).statusCode());
        assertEquals(206, send("GET", way + "data.bin", "Range", "bytes=0-1", "If-Range", date).statusCode());
        assertEquals(200, send("GET", way + "data.bin", "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode());
        assertEquals(200, send("GET", way + "data.bin", "Range", "bytes=0-1", "If-Range", older).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void theEtagChangesWithTheFile(String way) throws Exception {
        server.file("changing", 10);
        String before = header(send("HEAD", way + "changing"), "ETag");
        server.file("changing", 11);
        assertNotEquals(before, header(send("HEAD", way + "changing"), "ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void otherMethodsAreNotAllowed(String way) throws Exception {
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS"}) {
            HttpResponse<byte[]> response = send(method, way + "data.bin");
            assertEquals(405, response.statusCode());
            assertEquals("GET, HEAD", header(response, "Allow"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FILES, BLOCKING})
    void namesAreDecodedOnceAndTypesComeFromThem(String way) throws Exception {
        HttpResponse<byte[]> response = send("GET", way + "100%25%20+a.txt");
        assertEquals(200, response.statusCode());
        assertEquals("text/plain", header(response, "Content-Type"));
        assertEquals("text/html", header(send("GET", way + "sub/page.html"), "Content-Type"));
        assertEquals(sha256(bytes), sha256(send("GET", way + "inside").body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "sub", "sub/", "sub/folder", "nothing", "data.bin/", "data.bin/x", "/data.bin", "outside",
        "../secret", "../../secret", "%2e%2e/secret", "..%2fsecret", "%2e%2e%2fsecret", "sub/../../secret",
        "%252e%252e/secret", "..%5csecret",
        "%00", "data.bin%00", "%zz", "/etc/passwd", "%2fetc%2fpasswd",
    })
    void whatIsNoFileUnderTheRootIsRefused(String path) throws Exception {
        for (String way : new String[] {FILES, BLOCKING}) {
            try (RawClient raw = new RawClient(server.port())) {
                raw.request("GET", way + path);
                RawClient.Head head = raw.head();
                assertTrue(head.status() == 404 || head.status() == 400, way + path + " is " + head.status());
                String body = new String(raw.in().readNBytes((int) head.contentLength()));
                assertFalse(body.contains("secret") && !body.contains("URI"), body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/..", "/../../etc/passwd", "/filesx/data.bin", "/files"})
    void otherPathsAreNotFound(String path) throws Exception {
        try (RawClient raw = new RawClient(server.port())) {
            raw.request("GET", path);
            int status = raw.head().status();
            assertTrue(status == 404 || status == 400, path + " is " + status);
        }
    }

    @Test
    void theIndexSaysWhichPathsThereAre() throws Exception {
        HttpResponse<byte[]> response = send("GET", "/");
        assertEquals(200, response.statusCode());
        assertTrue(new String(response.body()).contains("/files/PATH"));
        assertEquals(405, send("POST", "/").statusCode());
    }

    @Test
    void aConnectionServesManyRequestsInOrder() throws Exception {
        try (RawClient raw = new RawClient(server.port())) {
            String[] targets = {"/files/data.bin", "/blocking/data.bin", "/files/nothing", "/files/data.bin", "/files/data.bin"};
            for (String target : targets) {
                raw.request("GET", target);
            }
            for (String target : targets) {
                RawClient.Head head = raw.head();
                byte[] body = raw.in().readNBytes((int) head.contentLength());
                assertEquals(target.endsWith("nothing") ? 404 : 200, head.status());
                assertEquals(head.status() == 404 ? "404 Not Found\n".length() : SIZE, body.length);
                assertTrue(head.status() == 404 || sha256(body).equals(sha256(bytes)));
            }
        }
    }

    @Test
    void aClientMayAskForTheConnectionsEnd() throws Exception {
        try (RawClient raw = new RawClient(server.port())) {
            raw.request("GET", "/files/data.bin", "Connection: close");
            assertEquals("close", raw.head().headers().get("connection"));
            assertEquals(sha256(bytes), sha256(raw.in().readAllBytes()));
        }
    }
}
