package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** examples/monitoring: the real jmx_exporter with its file of rules, and the dashboard that draws what it exports. */
class PrometheusIT {

    private static final long FILE_BYTES = 4 << 20;
    private static final int COLD_MILLIS = 20;
    private static final int PASSES = 7;
    private static final String OWN = "io.readahead.it.app.OwnChannelServer";
    private static final String SITE = "site=\"io.readahead.examples.jetty.FileSlice.transferTo\"";
    private static final Pattern SAMPLE = Pattern.compile("(readahead_\\w+(?:\\{[^}]*\\})?) (\\S+)");
    private static final Pattern METRIC = Pattern.compile("readahead_\\w+");

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void aScrapeShowsWhatTheDashboardDraws(Jdk jdk) throws Exception {
        int port = freePort();
        Path rules = monitoring("jmx_exporter.yaml");
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "").property("readahead.debug.cold", COLD_MILLIS)
                .agent(Artifacts.jmxExporterJar(), "127.0.0.1:" + port + ":" + rules).start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file));
            Await.until("the bean is exported", () -> scrape(port).contains("readahead_version"), () -> scrape(port));
            Await.until("nothing is parked", () -> samples(scrape(port)).get("readahead_parked") == 0);
            String scrape = scrape(port);
            Map<String, Double> samples = samples(scrape);
            assertAll(scrape,
                    () -> assertTrue(samples.get("readahead_parks_total") > 0, "parks"),
                    () -> assertTrue(samples.get("readahead_warmup_bytes_total") >= FILE_BYTES, "bytes read ahead"),
                    () -> assertTrue(samples.get("readahead_park_seconds{quantile=\"0.99\"}") >= COLD_MILLIS / 2000.0, "in seconds"),
                    () -> assertTrue(samples.get("readahead_parked_seconds_total") < samples.get("readahead_parks_total"),
                            "sum in seconds"),
                    () -> assertEquals(0, samples.get("readahead_failures_total"), "failures"),
                    () -> assertEquals(0, samples.get("readahead_passed_through_total"), "all are helped"),
                    () -> assertTrue(samples.get("readahead_call_site_cold_calls_total{" + SITE + "}") > 0, "call site"),
                    () -> assertTrue(scrape.contains("readahead_store_read_bytes_total{store=\""), "file store"),
                    () -> assertTrue(scrape.contains("# TYPE readahead_parks_total counter"), "a counter says so"),
                    () -> assertFalse(scrape.contains("java.util.Map"), "each metric has a help text of its own"),
                    () -> assertFalse(scrape.contains(root.toString()), "no path"));
            assertDashboardDraws(samples);
        }
    }

    /** And so it is in the status and in JMX. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void callsThatPassThroughAreShownWithTheirReason(Jdk jdk) throws Exception {
        int port = freePort();
        try (ServerProcess server = ServerProcess.on(jdk).agent(Artifacts.agentJar(), NioServer.PACKAGES)
                .agent(Artifacts.jmxExporterJar(), "127.0.0.1:" + port + ":" + monitoring("jmx_exporter.yaml"))
                .main(Artifacts.testClasses().toString(), "io.readahead.it.app.OwnChannelServer")
                .arguments(file.path(), PASSES, root.resolve("copy-" + port)).isReadyWhenStdoutSays(Pattern.compile("sent")).start();
                JmxConsole console = JmxConsole.of(server)) {
            Await.until("the bean is exported", () -> scrape(port).contains("readahead_version"), () -> scrape(port));
            Map<String, Double> samples = samples(scrape(port));
            Map<String, String> status = AgentCommand.freshStatus(server.pid());
            String json = String.join("", AgentCommand.run(jdk, "status", server.pid(), "--json").stdout());
            String sample = "readahead_passed_through_calls_total{class=\"" + OWN + "$TlsChannel\",reason=\"TARGET\",site=\"" + OWN
                    + ".send\"}";
            assertAll(json,
                    () -> assertEquals(PASSES + 1, samples.get("readahead_passed_through_total"), "exported"),
                    () -> assertEquals(PASSES, samples.get(sample), () -> sample + " of " + samples),
                    () -> assertEquals(PASSES + 1, console.number("PassedThrough"), "in JMX"),
                    () -> assertEquals(Map.of(OWN + ".send TARGET " + OWN + "$TlsChannel", (long) PASSES,
                            OWN + ".copy TO_FILE sun.nio.ch.FileChannelImpl", 1L), console.numbers("PassedThroughCalls"), "in JMX"),
                    () -> assertEquals(PASSES + " TARGET " + OWN + "$TlsChannel " + OWN + ".send", status.get("passed.1"), "in the status"),
                    () -> assertTrue(status.get("nothingHelped").startsWith("every call passed through so far: " + OWN + ".send writes to "
                            + OWN + "$TlsChannel"), status.get("nothingHelped")),
                    () -> assertTrue(json.replaceAll("\\s", "").contains("{\"calls\":" + PASSES + ",\"reason\":\"TARGET\",\"class\":\""
                            + OWN + "$TlsChannel\",\"site\":\"" + OWN + ".send\"}"), "in JSON"));
        }
    }

    private static void assertDashboardDraws(Map<String, Double> samples) throws IOException {
        TreeSet<String> exported = new TreeSet<>();
        samples.keySet().forEach(name -> exported.add(name.replaceAll("\\{.*", "")));
        TreeSet<String> drawn = new TreeSet<>();
        Matcher names = METRIC.matcher(Files.readString(monitoring("grafana-dashboard.json")));
        while (names.find()) {
            drawn.add(names.group());
        }
        TreeSet<String> missing = new TreeSet<>(drawn);
        missing.removeAll(exported);
        assertEquals(new TreeSet<>(), missing, () -> "metrics that the dashboard names and the scrape hasn't; it has " + exported);
        assertTrue(drawn.size() > exported.size() / 2, () -> "the dashboard draws only " + drawn);
    }

    private static Map<String, Double> samples(String scrape) {
        Map<String, Double> samples = new TreeMap<>();
        scrape.lines().map(SAMPLE::matcher).filter(Matcher::matches)
                .forEach(sample -> samples.put(sample.group(1), Double.parseDouble(sample.group(2))));
        return samples;
    }

    private static String scrape(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    private static Path monitoring(String name) {
        return Path.of(Artifacts.property("readahead.examples.dir"), "monitoring", name);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
