package io.readahead.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables for the terminal. */
final class TextReport {

    private static final int LABEL_WIDTH = 20;

    private TextReport() {
    }

    /** One measurement in a line, as it is done. */
    static String line(Measurement one) {
        HotResult hot = one.hot();
        return one.beside() + ": 100 requests take " + seconds(hot.meanSeconds()) + " s" + runs(hot)
                + format(", selector thread asleep on disk %d ms, second client %.1f MB/s", one.sleepMillis(),
                        one.backgroundMbPerSecond())
                + (one.smallPagesLost() > 0 ? ", " + one.smallPagesLost() + " pages of small files fell out of memory" : "");
    }

    private static String runs(HotResult hot) {
        if (hot.cut()) {
            return format(" (cut: %d of 100 done in %.1f s%s)", hot.requests(), hot.seconds(), hot.unanswered() ? ", one unanswered" : "");
        }
        Double deviation = hot.deviationSeconds();
        return format(" (%d run%s%s)", hot.runSeconds().size(), hot.runSeconds().size() == 1 ? "" : "s",
                deviation == null ? "" : ", deviation " + seconds(deviation));
    }

    /** The whole result. */
    static List<String> lines(Summary summary, MachineFacts facts, ServerKind server) {
        List<String> lines = new ArrayList<>();
        seedTable(lines, summary, facts, server);
        latencyTable(lines, summary);
        diskTable(lines, summary, server);
        lines.add("");
        for (Verdict verdict : Verdict.of(summary)) {
            lines.add((verdict.reached() ? "reached  " : "MISSED   ") + verdict.target() + ": " + verdict.measured());
        }
        if (!facts.throttled()) {
            lines.add("The targets are meant for a disk of 40 MB/s; this one was " + facts.diskSpeed() + " (" + facts.hindrance() + ").");
        }
        return lines;
    }

    private static void seedTable(List<String> lines, Summary summary, MachineFacts facts, ServerKind server) {
        int width = Math.max(26, 2 + columnWidth(summary));
        lines.add("Mean seconds of 100 requests for 3 small hot files (20 KB each), one connection, one after another, each round:");
        lines.add("");
        lines.add(pad("", LABEL_WIDTH) + pad(Beside.SMALL.toString(), width) + pad(Beside.BIG.toString(), width) + "slowdown");
        boolean cut = false;
        for (Variant variant : ran(summary)) {
            Summary.Cell small = summary.require(variant, Beside.SMALL);
            Summary.Cell big = summary.require(variant, Beside.BIG);
            cut |= small.cut() || big.cut();
            lines.add(pad(variant.toString(), LABEL_WIDTH) + pad(means(small), width) + pad(means(big), width)
                    + format("%.2f x", summary.slowdown(variant)));
            lines.add(pad("  deviation of runs", LABEL_WIDTH) + pad(deviations(small), width) + pad(deviations(big), width));
        }
        if (cut) {
            lines.add("* 100 requests took longer than a measurement: cut by time, the mean is that of the requests done");
        }
        lines.add("big: " + server.bigFilesInWords() + " in a loop; disk " + facts.diskSpeed() + "; memory " + facts.memoryLimit());
    }

    private static void latencyTable(List<String> lines, Summary summary) {
        lines.add("");
        lines.add("Latency of the hot requests, milliseconds:");
        lines.add("");
        lines.add(pad("", 2 * LABEL_WIDTH) + "      mean       p50       p99     p99.9       max  newcomer  requests");
        for (Variant variant : ran(summary)) {
            for (Beside beside : Beside.values()) {
                Summary.Cell cell = summary.require(variant, beside);
                lines.add(pad(variant.toString(), LABEL_WIDTH) + pad(beside.toString(), LABEL_WIDTH)
                        + format("%10.3f%10.3f%10.3f%10.3f%10.3f%10.3f%10d", cell.meanMillis(), cell.percentileMillis(50),
                                cell.percentileMillis(99), cell.percentileMillis(99.9), cell.maxMillis(),
                                cell.newcomerMillis(), cell.latencies().getTotalCount()));
            }
        }
        lines.add("newcomer: what somebody waits, on an average, who comes at any moment");
    }

    private static void diskTable(List<String> lines, Summary summary, ServerKind server) {
        lines.add("");
        lines.add("Beside big files, " + server.selector() + " by /proc, and the big files:");
        lines.add("");
        lines.add(pad("", LABEL_WIDTH) + "  asleep on disk    seen asleep (as it sends)    disk reads of its own    big files");
        for (Variant variant : ran(summary)) {
            Summary.Cell cell = summary.require(variant, Beside.BIG);
            double seconds = cell.rounds().stream().mapToDouble(Measurement::seconds).sum();
            lines.add(pad(variant.toString(), LABEL_WIDTH) + format("%6.2f s of %4.0f s", cell.sleepMillis() / 1000.0, seconds)
                    + format("%11d (%d) of %d looks", cell.selector().dSamples(), cell.selector().sendingDSamples(),
                            cell.selector().samples())
                    + format("%16.1f MB", cell.selector().readBytes() / (double) Units.MB)
                    + format("%12.2f MB/s", cell.backgroundMbPerSecond()));
        }
        if (!summary.measurements().get(0).selector().delayAccounting()) {
            lines.add("(without kernel.task_delayacct: sleep is the time that the thread was seen asleep as it sends)");
        }
    }

    private static List<Variant> ran(Summary summary) {
        return List.of(Variant.values()).stream().filter(summary::has).toList();
    }

    private static int columnWidth(Summary summary) {
        int width = 0;
        for (Variant variant : ran(summary)) {
            for (Beside beside : Beside.values()) {
                width = Math.max(width, means(summary.require(variant, beside)).length());
            }
        }
        return width;
    }

    private static String means(Summary.Cell cell) {
        return cell.rounds().stream().map(round -> seconds(round.hot().meanSeconds()) + (round.hot().cut() ? "*" : ""))
                .collect(Collectors.joining(" "));
    }

    private static String deviations(Summary.Cell cell) {
        return cell.rounds().stream().map(round -> round.hot().deviationSeconds())
                .map(deviation -> deviation == null ? "-" : seconds(deviation))
                .collect(Collectors.joining(" "));
    }

    private static String seconds(double seconds) {
        return format(seconds < 1 ? "%.4f" : "%.2f", seconds);
    }

    private static String pad(String text, int width) {
        return String.format("%-" + width + "s", text);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
