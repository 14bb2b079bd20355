package io.readahead.bench;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs the rows that are asked for, and writes the results: {@code it-tests/bench.sh} starts it. */
public final class Benchmarks {

    private static final int WHOLE_PAIRS = 3;
    private static final int QUICK_PAIRS = 1;
    private static final int WRONG_USAGE = 2;
    /** Most of what they say another one says; they are measured where they are named. */
    private static final Set<String> NOT_IN_A_QUICK_LOOK = Set.of("interference-tls", "download-tls", "cold-disks", "mostly-hot");

    private Benchmarks() {
    }

    /** Arguments: {@code --quick}, {@code --rows id,id}, {@code --pairs n}, {@code --report}, which only writes the table again. */
    public static void main(String[] arguments) throws Exception {
        List<String> rows = null;
        boolean quick = false;
        int pairs = 0;
        Results results = Results.read();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--rows" -> rows = Arrays.asList(value(arguments, ++i).split(","));
                case "--pairs" -> pairs = Integer.parseInt(value(arguments, ++i));
                case "--report" -> rows = List.of();
                default -> wrong("'" + arguments[i] + "' is no option");
            }
        }
        if (rows == null) {
            boolean all = !quick;
            rows = Bench.rows().stream().filter(row -> all || !NOT_IN_A_QUICK_LOOK.contains(row.id())).map(Row::id).toList();
        }
        for (String id : rows) {
            if (Bench.rows().stream().noneMatch(row -> row.id().equals(id))) {
                wrong("'" + id + "' is no row; there are " + Bench.rows().stream().map(Row::id).toList());
            }
        }
        Bench bench = new Bench(quick, pairs > 0 ? pairs : quick ? QUICK_PAIRS : WHOLE_PAIRS, Jdk.current());
        for (Row row : Bench.rows()) {
            if (rows.contains(row.id())) {
                measure(row, bench, results, String.join(" ", arguments));
            }
        }
        new Report(results).write();
    }

    private static void measure(Row row, Bench bench, Results results, String command) throws IOException {
        long begin = System.nanoTime();
        System.err.println(row.id() + ": " + row.title());
        Samples samples = new Samples();
        try {
            row.measure(bench, samples);
        } catch (Exception failure) {
            System.err.println(row.id() + " failed, and its older results stay: ");
            failure.printStackTrace();
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        System.err.println(row.id() + ": " + seconds + " s");
        samples.lines().forEach(line -> System.err.println("  " + line));
        results.put(row.id(), samples, bench, seconds, command);
        results.write();
    }

    private static String value(String[] arguments, int at) {
        if (at == arguments.length) {
            wrong(arguments[at - 1] + " needs a value");
        }
        return arguments[at];
    }

    private static void wrong(String text) {
        System.err.println("bench: " + text);
        System.err.println("usage: it-tests/bench.sh [--quick] [--rows id,id...] [--pairs n] [--report]");
        System.exit(WRONG_USAGE);
    }
}
