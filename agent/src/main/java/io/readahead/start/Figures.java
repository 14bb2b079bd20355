package io.readahead.start;

import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough;
import io.readahead.warmup.Budget;
import io.readahead.warmup.WarmupPool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Everything that can be told about a running agent, by name.
 *
 * <p>Units are in the names; a count has none. Threads: any.
 */
final class Figures {

    /** How the names of the slowest reads begin, which are as many as there were. */
    private static final String SLOW = "slow.";

    /** How the names of the calls that passed through begin, those with the most calls first. */
    private static final String PASSED = "passed.";

    private final String version;
    private final AgentOptions options;
    private final Counters counters;
    private final WarmupPool pool;
    private final Budget budget;
    private final NothingHelped nothingHelped;
    private final long startNanos = System.nanoTime();

    Figures(String version, AgentOptions options, Counters counters, WarmupPool pool, Budget budget,
            NothingHelped nothingHelped) {
        this.version = version;
        this.options = options;
        this.counters = counters;
        this.pool = pool;
        this.budget = budget;
        this.nothingHelped = nothingHelped;
    }

    /** Version and options. */
    String identity() {
        return options.identity(version);
    }

    /** The figures of this moment. */
    Map<String, String> now() {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("version", version);
        figures.put("jar", AgentVersion.jar());
        figures.put("packages", String.join(":", options.packages()));
        long upNanos = System.nanoTime() - startNanos;
        figures.put("upSeconds", Long.toString(TimeUnit.NANOSECONDS.toSeconds(upNanos)));
        figures.put("uptimeMillis", Long.toString(TimeUnit.NANOSECONDS.toMillis(upNanos)));
        for (String pair : counters.line().split(" ")) {
            int equals = pair.indexOf('=');
            figures.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        figures.put("lastFailure", counters.lastFailure());
        figures.put("nothingHelped", nothingHelped.sentence());
        figures.put("parkMicrosP50", Long.toString(counters.parkTimes.p50Micros()));
        figures.put("parkMicrosP90", Long.toString(counters.parkTimes.p90Micros()));
        figures.put("parkMicrosP99", Long.toString(counters.parkTimes.p99Micros()));
        figures.put("parkMicrosP999", Long.toString(counters.parkTimes.p999Micros()));
        figures.put("parkMicrosMax", Long.toString(counters.parkTimes.maxMicros()));
        figures.put("readMicrosP50", Long.toString(counters.readTimes.p50Micros()));
        figures.put("readMicrosP99", Long.toString(counters.readTimes.p99Micros()));
        figures.put("readMicrosMax", Long.toString(counters.readTimes.maxMicros()));
        figures.put("budgetBytes", Long.toString(options.budgetBytes()));
        figures.put("budgetUsedBytes", Long.toString(budget.used()));
        figures.put("threadsNow", Integer.toString(pool.workers()));
        figures.put("queuedNow", Integer.toString(pool.queued()));
        int slow = 0;
        for (String read : counters.slowestReads.lines(System.nanoTime())) {
            figures.put(SLOW + ++slow, read);
        }
        pool.figures().forEach((store, line) -> figures.put("store." + store, line.toString()));
        putPassed(figures, counters);
        counters.callSites.figures().forEach((site, line) -> figures.put("site." + site, line.toString()));
        return figures;
    }

    /** Calls that passed through, one row a name. */
    static void putPassed(Map<String, String> figures, Counters counters) {
        int rank = 0;
        for (PassedThrough.Row row : counters.passedThrough.rows()) {
            figures.put(PASSED + ++rank, row.toString());
        }
    }
}
