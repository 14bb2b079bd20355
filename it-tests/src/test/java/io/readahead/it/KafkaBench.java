package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.TaskDelayAccounting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What producers and tail consumers of a Kafka broker meet beside catch-up consumers of a cold log: without the agent, with it, and with
 * no catch-up at all, in turns. Run by {@code it-tests/kafka-bench.sh}.
 */
final class KafkaBench {

    private static final int COLD_PARTITIONS = 4;
    private static final int COLD_RECORD_BYTES = 4_000;
    private static final double MOST_TIMES_NO_CATCH_UP = 2;

    private KafkaBench() {
    }

    /**
     * Measures a scene, and ends the JVM: 1 where it has a bound that isn't met.
     *
     * @param arguments rounds, seconds of each run, whether to begin a new table (fresh or more), and the scene: MB/s or 0, brokers,
     *     MB/s of the disk or 0, and plain or tls; kafka-bench.sh has looked at them
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        KafkaBenchScene scene = new KafkaBenchScene(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]), arguments[6].equals("tls"));
        Path work = Files.createDirectories(Artifacts.workDir()).toRealPath();
        Path results = work.resolve(scene.fileName());
        if (arguments[2].equals("fresh")) {
            Files.deleteIfExists(results);
        }
        System.out.println(scene.text());
        measure(scene, work.resolve("brokers-" + scene.brokers()), rounds, seconds, results);
        KafkaBenchTable table = new KafkaBenchTable(Files.readAllLines(results).stream().map(KafkaBenchResult::parse).toList());
        System.out.println(scene.text() + "\n" + table.text());
        System.exit(!scene.equals(KafkaBenchScene.FEW_RECORDS) || table.met(MOST_TIMES_NO_CATCH_UP) ? 0 : 1);
    }

    private static void measure(KafkaBenchScene scene, Path directory, int rounds, int seconds, Path results) throws Exception {
        KafkaBenchRun bench = new KafkaBenchRun(scene, directory, KafkaPartition.of("cold", COLD_PARTITIONS, COLD_RECORD_BYTES));
        Jdk jdk = Jdk.current();
        bench.prepare(jdk);
        TaskDelayAccounting accounting = TaskDelayAccounting.switchOn();
        try {
            for (int round = 0; round < rounds; round++) {
                List<KafkaBenchRun.Variant> order = new ArrayList<>(List.of(KafkaBenchRun.Variant.values()));
                Collections.rotate(order, round);
                for (KafkaBenchRun.Variant variant : order) {
                    KafkaBenchResult result = bench.run(jdk, variant, seconds);
                    System.out.println(result);
                    Files.writeString(results, result.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        } finally {
            accounting.close();
        }
    }
}
