package io.readahead.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows measured so far: {@code target/bench/results.json}. A row that is measured again replaces the older one.
 */
final class Results {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

    private final Map<String, RowResult> rows = new LinkedHashMap<>();

    /**
     * What was measured of a row.
     *
     * @param commit of the working tree, with {@code +} where it was changed since
     * @param values number by number, round by round
     */
    record RowResult(String commit, String date, String command, String jdk, int pairs, boolean quick, long seconds, Machine machine,
                     List<Samples.Line> lines, Map<String, List<Double>> values) {
    }

    static Results read() throws IOException {
        Path file = file();
        return Files.exists(file) ? GSON.fromJson(Files.readString(file), Results.class) : new Results();
    }

    private static Path file() throws IOException {
        return Bench.folder().resolve("results.json");
    }

    /** The result of a row; null where it was never measured. */
    RowResult of(String id) {
        return rows.get(id);
    }

    void put(String id, Samples samples, Bench bench, long seconds, String command) throws IOException {
        rows.put(id, new RowResult(System.getProperty("readahead.commit", "unknown"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                "it-tests/bench.sh" + (command.isEmpty() ? "" : " " + command), Runtime.version().toString(), bench.pairs(), bench.quick(),
                seconds, Machine.find(Bench.folder()), samples.lines(), samples.values()));
    }

    void write() throws IOException {
        Files.writeString(file(), GSON.toJson(this));
    }
}
