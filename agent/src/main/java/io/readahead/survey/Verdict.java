package io.readahead.survey;

import io.readahead.observe.PassedThrough;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What follows from the findings, and a screen of eighty columns that shows why.
 *
 * <p>Threads: any.
 */
public final class Verdict {

    /** Of one of its minutes a loop waited at least this share... */
    private static final double HELPED_SHARE = 0.01;
    /** ...or it once waited this long, and all its connections with it. */
    private static final long HELPED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int COLUMNS = 80;
    private static final int LOOP_COLUMNS = 33;
    private static final int SITE_COLUMNS = 29;
    private static final int MOST_ROWS = 5;
    private static final int MOST_REASONS = 2;
    private static final int MOST_ELSEWHERE = 2;
    private static final double PERCENT = 100;
    private static final double MILLI_NANOS = 1e6;
    private static final double SECOND_NANOS = 1e9;
    private static final double HOUR_NANOS = 3600e9;
    private static final double MILLION = 1e6;
    private static final double MB = 1 << 20;

    private final Findings findings;
    private final Findings passing;
    private final List<PassedThrough.Row> passed;
    private final List<ReadsElsewhere.Row> elsewhere;

    /**
     * @param findings of calls that the agent would help
     * @param passing of calls that it would pass through
     * @param passed why it would, the most calls first
     * @param elsewhere who reads in ways that are not looked at, those that read most first
     */
    public Verdict(Findings findings, Findings passing, List<PassedThrough.Row> passed, List<ReadsElsewhere.Row> elsewhere) {
        this.elsewhere = elsewhere;
        this.findings = findings;
        this.passing = passing;
        this.passed = passed;
    }

    /** The verdict in a sentence, on one line. */
    public String sentence() {
        Waits sum = findings.sum();
        if (sum.calls() == 0) {
            return passed.isEmpty() ? "nothing seen: no event loop has sent a file by a woven call" : everythingPasses();
        }
        if (sum.waits() == 0) {
            return "nothing to gain here: no event loop waited for the disk";
        }
        Findings.Loop loop = worst(false);
        Findings.Loop ofPool = worst(true);
        boolean isLoop = loop != null && (helps(loop) || ofPool == null);
        Findings.Loop worst = isLoop ? loop : ofPool;
        boolean thin = worst.waits().unprovenNanos() * 2 > worst.waits().nanos();
        return (isLoop ? "event loop " : "pool thread ") + spent(worst) + ": "
                + (!helps(worst) ? "little to gain here"
                : isLoop ? thin ? "the agent would probably help" : "the agent would help"
                : "the agent would " + (thin ? "probably " : "") + "free it, and no event loop waited like that")
                + (thin ? " (thin evidence: it slept in the calls, and nobody can tell whether for the disk)" : "");
    }

    private String everythingPasses() {
        Findings.Loop worst = passing.sum().waits() == 0 ? null
                : passing.loops().stream().max(Comparator.comparing(Findings.Loop::worstMinuteNanos)).orElseThrow();
        return "the agent would not help: every call passes through; " + passed.get(0).text()
                + (worst == null ? ", and no wait for the disk was seen" : "; thread " + spent(worst));
    }

    /** A name, and how much of which minute it waited where. */
    private String spent(Findings.Loop worst) {
        boolean lately = worst.lastMinuteNanos() * 2 >= worst.worstMinuteNanos();
        return worst.name() + " spent " + percent(lately ? worst.lastMinuteNanos() : worst.worstMinuteNanos()) + " % of "
                + (lately ? "the last " : "its worst ") + window() + " waiting for the disk in " + worst.site();
    }

    /** Of those threads that waited, of a pool or not; null where none did. */
    private Findings.Loop worst(boolean pool) {
        return findings.loops().stream().filter(loop -> loop.pool() == pool && loop.waits().waits() > 0)
                .max(Comparator.comparing(this::helps).thenComparing(Findings.Loop::worstMinuteNanos)
                        .thenComparing(loop -> loop.waits().longestNanos())).orElse(null);
    }

    private boolean helps(Findings.Loop loop) {
        return share(loop.worstMinuteNanos()) >= HELPED_SHARE || loop.waits().longestNanos() >= HELPED_NANOS;
    }

    /** The figures behind it and the verdict, in at most a screen. */
    public List<String> screen() {
        Waits sum = findings.sum();
        List<String> lines = new ArrayList<>();
        lines.add(format("observed %s: %s calls, %s cold, %s waited", time(findings.observedNanos()),
                count(sum.calls()), count(sum.cold()), count(sum.waits())));
        if (sum.waits() > 0) {
            boolean pool = findings.loops().stream().anyMatch(Findings.Loop::pool);
            lines.add(format("%-33s %6s %6s %9s %9s %9s", pool ? "event loop, or (pool thread)" : "event loop", "last %", "worst%", "waits",
                    "waited", "longest"));
            findings.loops().stream().limit(MOST_ROWS).forEach(loop -> lines.add(format("%-33s %6s %6s %9s %9s %9s", shown(loop),
                    percent(loop.lastMinuteNanos()), percent(loop.worstMinuteNanos()), count(loop.waits().waits()),
                    time(loop.waits().nanos()), time(loop.waits().longestNanos()))));
            more(lines, findings.loops().size(), MOST_ROWS, "threads");
        }
        if (sum.calls() > 0) {
            lines.add(format("%-29s %9s %9s %9s %9s %9s", "call site", "calls", "cold", "waits", "waited", "longest"));
            findings.sites().entrySet().stream().sorted(Comparator.comparing((Map.Entry<String, Waits> site) -> -site.getValue().nanos()))
                    .limit(MOST_ROWS).forEach(site -> lines.add(format("%-29s %9s %9s %9s %9s %9s",
                            fit(site.getKey(), SITE_COLUMNS), count(site.getValue().calls()), count(site.getValue().cold()),
                            count(site.getValue().waits()), time(site.getValue().nanos()), time(site.getValue().longestNanos()))));
            more(lines, findings.sites().size(), MOST_ROWS, "call sites");
        }
        Waits through = passing.sum();
        if (!passed.isEmpty()) {
            lines.add(format("and %s calls passed through, %s waited %s, for which nothing is to be gained",
                    count(passed.stream().mapToLong(PassedThrough.Row::calls).sum()), count(through.waits()), time(through.nanos())));
            passed.stream().limit(MOST_REASONS).forEach(row -> lines.add(fit("  " + row.calls() + " " + row.text(), COLUMNS)));
            more(lines, passed.size(), MOST_REASONS, "reasons");
        }
        if (!elsewhere.isEmpty()) {
            lines.add("and read from the disk outside of the calls that were looked at, by threads");
            elsewhere.stream().limit(MOST_ELSEWHERE).forEach(row -> lines.add(format("  %-37s %,9.1f MB", fit(row.name(), LOOP_COLUMNS),
                    row.bytes() / MB)));
            more(lines, elsewhere.size(), MOST_ELSEWHERE, "threads");
        }
        lines.addAll(wrapped(sentence()));
        return lines;
    }

    private static String shown(Findings.Loop loop) {
        return loop.pool() ? "(" + fit(loop.name(), LOOP_COLUMNS - 2) + ")" : fit(loop.name(), LOOP_COLUMNS);
    }

    private static void more(List<String> lines, int all, int most, String what) {
        if (all > most) {
            lines.add("and " + (all - most) + " more " + what);
        }
    }

    private double share(long nanos) {
        return Math.min(1, (double) nanos / findings.windowNanos());
    }

    private String percent(long nanos) {
        return format("%.1f", PERCENT * share(nanos));
    }

    private String window() {
        return findings.windowNanos() == Findings.MINUTE_NANOS ? "minute" : time(findings.windowNanos());
    }

    private static String time(long nanos) {
        if (nanos < TimeUnit.SECONDS.toNanos(1)) {
            return format("%.1f ms", nanos / MILLI_NANOS);
        }
        if (nanos < Findings.MINUTE_NANOS) {
            return format("%.1f s", nanos / SECOND_NANOS);
        }
        double hours = nanos / HOUR_NANOS;
        return hours < 1 ? format("%.1f min", (double) nanos / Findings.MINUTE_NANOS) : format("%.1f h", hours);
    }

    private static String count(long number) {
        return number < MILLION ? format("%,d", number) : format("%,.1fM", number / MILLION);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** The end of a long name tells more than its beginning. */
    private static String fit(String name, int columns) {
        return name.length() <= columns ? name : "~" + name.substring(name.length() - columns + 1);
    }

    private static List<String> wrapped(String sentence) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
                line.append("   ");
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
