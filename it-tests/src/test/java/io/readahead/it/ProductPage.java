package io.readahead.it;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Makes {@code it-tests/PRODUCTS.md} of what {@link ProductsIT} measured.
 *
 * <p>Errors: a page of which a row is missing is not written, so that a run of one product doesn't take away what a whole one has shown.
 */
final class ProductPage {

    private static final double MB = 1 << 20;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Jdk> jdks = new LinkedHashMap<>();
    private final Set<String> notAttached = new HashSet<>();

    /**
     * A product on a JDK.
     *
     * @param bytes of the cold files
     * @param control what the server's threads read of them without the agent
     * @param measured the same with it
     * @param parks of the whole run
     * @param helped whether the agent says that it helps
     */
    record Row(String title, String version, String startedBy, long bytes, long control, long measured, long parks, boolean helped) {
    }

    /** Makes room for a row, in the order of the page, of a product that is attached to as well. */
    void expect(Product product, Jdk jdk) {
        expect(product.name(), jdk);
        notAttached.add(key(product.name(), jdk));
    }

    /** The same of what is only started with the agent. */
    void expect(String product, Jdk jdk) {
        rows.put(key(product, jdk), null);
        jdks.put(key(product, jdk), jdk);
    }

    void attached(Product product, Jdk jdk) {
        notAttached.remove(key(product.name(), jdk));
    }

    void measured(String product, Jdk jdk, Row row) {
        rows.put(key(product, jdk), row);
    }

    boolean isWhole() {
        return notAttached.isEmpty() && !rows.isEmpty() && !rows.containsValue(null);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text());
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # Products as they are started

                Made by `mvn -B verify -Pproducts`: distributions and jars as their projects publish them on Maven Central, started as
                their users start them, the agent among the JVM's options. Four cold files of 8 MB at a time (Kafka: one partition of
                8 MB, read by a consumer) from a disk of 40 MB/s. Figures are the kernel's own account, `read_bytes` in /proc, of all
                threads of the server but the agent's; of Kafka, those of the listener's network thread. Each download is checked
                by its SHA-256, each record byte for byte.

                - *parks*: how often a call was put off until its range was read ahead, in the whole run; of Kafka, of both listeners.
                - In each run the server's log has no line of trouble, the agent no failure, no channel is left parked and no file
                  open, and SIGTERM ends it as ever.
                - All but Kafka were attached to as well, while they ran: `list` names the JVM, it parks (Payara does not), and taken off
                  its threads read again.

                | product | version | JDK | started by | without the agent | with it | parks |
                |---|---|---|---|---|---|---|
                """);
        rows.forEach((key, row) -> text.append(String.format(Locale.ROOT, "| %s | %s | %d | %s | %s of %s MB | %s%s | %d |%n", row.title(),
                row.version(), jdks.get(key).feature(), row.startedBy(), mb(row.control()), mb(row.bytes()), mb(row.measured()),
                row.helped() ? "" : ", [not helped](../agent/docs/limits.md#what-the-server-sends-in-another-way)", row.parks())));
        return text.toString();
    }

    private static String mb(long bytes) {
        return bytes == 0 ? "0" : String.format(Locale.ROOT, "%.1f", bytes / MB);
    }

    private static String key(String product, Jdk jdk) {
        return product + " on " + jdk;
    }
}
