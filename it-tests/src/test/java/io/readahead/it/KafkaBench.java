package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.TaskDelayAccounting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What producers and tail consumers of a Kafka broker meet beside catch-up consumers of a cold log: without the agent, with it, and with
 * no catch-up at all, in turns. Run by {@code it-tests/kafka-bench.sh}.
 */
final class KafkaBench {

    private static final int COLD_PARTITIONS = 4;
    private static final int COLD_RECORD_BYTES = 4_000;
    private static final long COLD_RECORDS_EACH = 112_500;
    private static final double MOST_TIMES_NO_CATCH_UP = 2;

    private static final List<ToDoubleFunction<KafkaBenchRun.Figures>> COLUMNS = List.of(KafkaBenchRun.Figures::ackP50,
            KafkaBenchRun.Figures::ackP99, KafkaBenchRun.Figures::ackP999, KafkaBenchRun.Figures::ackMax, KafkaBenchRun.Figures::tailP50,
            KafkaBenchRun.Figures::tailP99, KafkaBenchRun.Figures::tailP999, KafkaBenchRun.Figures::tailMax,
            KafkaBenchRun.Figures::catchUpMbPerSecond, KafkaBenchRun.Figures::networkSleepSeconds, KafkaBenchRun.Figures::networkReadMb,
            KafkaBenchRun.Figures::handlersSleepSeconds);

    private KafkaBench() {
    }

    /** @param arguments rounds, seconds of each run, and whether to begin a new table: fresh or more */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        Path work = Files.createDirectories(Artifacts.workDir()).toRealPath();
        Path results = work.resolve("results.tsv");
        if (arguments[2].equals("fresh")) {
            Files.deleteIfExists(results);
        }
        KafkaBenchRun bench = new KafkaBenchRun(work.resolve("node"), KafkaPartition.of("cold", COLD_PARTITIONS, COLD_RECORD_BYTES),
                COLD_RECORDS_EACH);
        Jdk jdk = Jdk.current();
        bench.prepare(jdk);
        TaskDelayAccounting accounting = TaskDelayAccounting.switchOn();
        try {
            for (int round = 0; round < rounds; round++) {
                List<KafkaBenchRun.Variant> order = new ArrayList<>(List.of(KafkaBenchRun.Variant.values()));
                Collections.rotate(order, round);
                for (KafkaBenchRun.Variant variant : order) {
                    KafkaBenchRun.Figures figures = bench.run(jdk, variant, seconds);
                    System.out.println(figures);
                    Files.writeString(results, line(figures) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        } finally {
            accounting.close();
        }
        KafkaBenchTable table = new KafkaBenchTable(Files.readAllLines(results).stream().map(KafkaBench::parse).toList());
        System.out.println(table.text());
        System.exit(table.met(MOST_TIMES_NO_CATCH_UP) ? 0 : 1);
    }

    private static String line(KafkaBenchRun.Figures figures) {
        StringBuilder line = new StringBuilder(figures.variant().name());
        for (ToDoubleFunction<KafkaBenchRun.Figures> column : COLUMNS) {
            line.append('\t').append(String.format(Locale.ROOT, "%.3f", column.applyAsDouble(figures)));
        }
        return line.append('\t').append(figures.checked()).toString();
    }

    private static KafkaBenchRun.Figures parse(String line) {
        String[] fields = line.split("\t");
        double[] values = Arrays.stream(fields, 1, COLUMNS.size() + 1).mapToDouble(Double::parseDouble).toArray();
        return new KafkaBenchRun.Figures(KafkaBenchRun.Variant.valueOf(fields[0]), values[0], values[1], values[2], values[3], values[4],
                values[5], values[6], values[7], values[8], values[9], values[10], values[11], Long.parseLong(fields[fields.length - 1]));
    }
}
