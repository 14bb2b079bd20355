package io.readahead.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of one interval, from two readings of the status.
 *
 * <p>Eighty columns. A rate is of the interval, a total of the agent's life.
 */
final class TopView {

    private static final int COLUMNS = 80;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double PERCENT = 100;
    private static final String SITE = "site.";
    private static final String STORE = "store.";
    private static final String SLOW = "slow.";
    private static final String PASSED = "passed.";
    private static final int MOST_ROWS = 8;

    private final long pid;
    private final Map<String, String> before;
    private final Map<String, String> now;

    TopView(long pid, Map<String, String> before, Map<String, String> now) {
        this.pid = pid;
        this.before = before;
        this.now = now;
    }

    /** The line above the lines of {@link #batchLine}. */
    static String batchHeader() {
        return "  calls/s  hit%  parks/s  parked  read MB/s  unsent MB  queued  waitP99 ms  failures";
    }

    /** The interval in one line. */
    String batchLine() {
        return String.format(Locale.ROOT, "%9.0f %5.1f %8.0f %7d %10.1f %10.1f %7d %12.1f %9d",
                rate("transfers"), hitPercent(), rate("parks"), value("parkedNow"), rate("warmupBytes") / MIB,
                (double) value("budgetUsedBytes") / MIB, value("queuedNow"), millis("parkMicrosP99"), value("failures"));
    }

    /** The interval as a screen of at most eighty columns. */
    String screen() {
        List<String> lines = new ArrayList<>();
        lines.add("readahead " + now.getOrDefault("version", "") + " in process " + pid + ", up " + value("upSeconds") + " s");
        lines.add("");
        lines.add(format("calls     %10.0f /s    %5.1f %% sent at once    %,d in all", rate("transfers"), hitPercent(),
                value("transfers")));
        lines.add(format("parked    %10d now   %8.0f /s            p99 %.1f ms, max %.1f ms", value("parkedNow"), rate("parks"),
                millis("parkMicrosP99"), millis("parkMicrosMax")));
        lines.add(format("read ahead%10.1f MB/s  %8.1f MB unsent of %.0f MB  dropped %,d", rate("warmupBytes") / MIB,
                (double) value("budgetUsedBytes") / MIB, (double) value("budgetBytes") / MIB, value("dropped")));
        lines.add(format("threads   %10d       queued %d, descriptors %d, slowest read %.1f ms", value("threadsNow"),
                value("queuedNow"), value("openDescriptors"), millis("readMicrosMax")));
        lines.add(format("passed    %10.0f /s    through, %,d in all: not helped", rate("passedThrough"), value("passedThrough")));
        lines.add(format("trouble   failures %d, mended wake-ups %d", value("failures"), value("mendedWakeups")));
        why(lines);
        rows(lines, STORE, "file store                        queued  threads   wait ms   read ms   MB read");
        slowestReads(lines);
        rows(lines, SITE, "call site                                                  calls       cold");
        passedThrough(lines);
        StringBuilder screen = new StringBuilder();
        for (String line : lines) {
            String cut = line.length() > COLUMNS ? line.substring(0, COLUMNS) : line;
            screen.append(cut).append("\u001b[K").append(System.lineSeparator());
        }
        return screen.toString();
    }

    /** Why nothing was helped, where nothing was. */
    private void why(List<String> lines) {
        String text = now.getOrDefault("nothingHelped", "");
        while (text.length() > COLUMNS) {
            int blank = Math.max(1, text.lastIndexOf(' ', COLUMNS));
            lines.add(text.substring(0, blank));
            text = text.substring(blank).strip();
        }
        if (!text.isEmpty()) {
            lines.add(text);
        }
    }

    private void passedThrough(List<String> lines) {
        if (now.containsKey(PASSED + 1)) {
            lines.add("");
            lines.add("passed through by         why            class                          calls");
        }
        for (int rank = 1; rank <= MOST_ROWS && now.containsKey(PASSED + rank); rank++) {
            String[] figures = now.get(PASSED + rank).split(" ");
            lines.add(format("%-25s %-13s %-26s %13s", fit(figures[3], 25), figures[1], fit(figures[2], 26), figures[0]));
        }
    }

    private void slowestReads(List<String> lines) {
        if (now.containsKey(SLOW + 1)) {
            lines.add("");
            lines.add("slowest reads of the last 10 minutes      ms        KB   seconds ago");
        }
        for (int rank = 1; now.containsKey(SLOW + rank); rank++) {
            String[] figures = now.get(SLOW + rank).split(" ");
            lines.add(format("%-32s %11.1f %9d %13s", fit(figures[3], 32), Long.parseLong(figures[0]) / MILLIS_PER_SECOND,
                    Long.parseLong(figures[1]) / KIB, figures[2]));
        }
    }

    private void rows(List<String> lines, String kind, String header) {
        List<Map.Entry<String, String>> rows = now.entrySet().stream().filter(entry -> entry.getKey().startsWith(kind))
                .sorted(Comparator.comparing((Map.Entry<String, String> entry) -> -Long.parseLong(entry.getValue().split(" ")[0])))
                .limit(MOST_ROWS).toList();
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(header);
        for (Map.Entry<String, String> row : rows) {
            String[] figures = row.getValue().split(" ");
            String name = row.getKey().substring(kind.length());
            lines.add(kind.equals(STORE)
                    ? format("%-32s %7s %8s %9.1f %9.1f %9d", fit(name, 32), figures[1], figures[2],
                            Long.parseLong(figures[3]) / MILLIS_PER_SECOND, Long.parseLong(figures[4]) / MILLIS_PER_SECOND,
                            Long.parseLong(figures[0]) / MIB)
                    : format("%-54s %12s %10s", fit(name, 54), figures[0], figures[1]));
        }
    }

    /** The end of a long name tells more than its beginning. */
    private static String fit(String name, int columns) {
        return name.length() <= columns ? name : "~" + name.substring(name.length() - columns + 1);
    }

    private static String format(String pattern, Object... figures) {
        return String.format(Locale.ROOT, pattern, figures);
    }

    private double hitPercent() {
        long calls = value("transfers") - value(before, "transfers");
        long hits = value("resident") - value(before, "resident");
        return calls == 0 ? PERCENT : PERCENT * hits / calls;
    }

    private double rate(String name) {
        double seconds = (value("uptimeMillis") - value(before, "uptimeMillis")) / MILLIS_PER_SECOND;
        return seconds <= 0 ? 0 : (value(name) - value(before, name)) / seconds;
    }

    private double millis(String name) {
        return value(name) / MILLIS_PER_SECOND;
    }

    private long value(String name) {
        return value(now, name);
    }

    private static long value(Map<String, String> status, String name) {
        try {
            return Long.parseLong(status.getOrDefault(name, "0"));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
