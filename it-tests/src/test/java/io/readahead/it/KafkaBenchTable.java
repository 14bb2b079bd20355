package io.readahead.it;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Medians, least and most of the benchmark's runs, and whether the bounds are met.
 *
 * @param runs of all variants
 */
record KafkaBenchTable(List<KafkaBenchRun.Figures> runs) {

    /** Catch-up that is slower than this part of the original's is lower; the rest is what two runs of the same differ by. */
    private static final double LEAST_CATCH_UP = 0.98;

    String text() {
        StringBuilder text = new StringBuilder("""
                | median (least - most) | without the agent | with the agent | no catch-up |
                |---|---|---|---|
                """);
        row(text, "produce-ack p50, ms", KafkaBenchRun.Figures::ackP50);
        row(text, "produce-ack p99, ms", KafkaBenchRun.Figures::ackP99);
        row(text, "produce-ack p99.9, ms", KafkaBenchRun.Figures::ackP999);
        row(text, "produce-ack max, ms", KafkaBenchRun.Figures::ackMax);
        row(text, "tail-consume p50, ms", KafkaBenchRun.Figures::tailP50);
        row(text, "tail-consume p99, ms", KafkaBenchRun.Figures::tailP99);
        row(text, "tail-consume p99.9, ms", KafkaBenchRun.Figures::tailP999);
        row(text, "tail-consume max, ms", KafkaBenchRun.Figures::tailMax);
        row(text, "catch-up, MB/s", KafkaBenchRun.Figures::catchUpMbPerSecond);
        row(text, "network thread asleep on disk, s", KafkaBenchRun.Figures::networkSleepSeconds);
        row(text, "network thread's own reads, MB", KafkaBenchRun.Figures::networkReadMb);
        row(text, "request handlers asleep on disk, s, all 8", KafkaBenchRun.Figures::handlersSleepSeconds);
        text.append("records checked: ").append(runs.stream().mapToLong(KafkaBenchRun.Figures::checked).sum()).append('\n');
        for (KafkaBenchRun.Variant variant : List.of(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchRun.Variant.WITH_AGENT)) {
            text.append(String.format(Locale.ROOT, "%s: p99 is %.1f x (produce-ack) and %.1f x (tail-consume) that of no catch-up%n",
                    variant, times(variant, KafkaBenchRun.Figures::ackP99), times(variant, KafkaBenchRun.Figures::tailP99)));
        }
        return text.toString();
    }

    /** Whether p99 with the agent is within the bound, without it isn't, and catch-up is no slower. */
    boolean met(double mostTimes) {
        return times(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchRun.Figures::ackP99) <= mostTimes
                && times(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchRun.Figures::tailP99) <= mostTimes
                && times(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchRun.Figures::ackP99) > mostTimes
                && times(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchRun.Figures::tailP99) > mostTimes
                && median(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchRun.Figures::catchUpMbPerSecond)
                        >= LEAST_CATCH_UP * median(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchRun.Figures::catchUpMbPerSecond);
    }

    private void row(StringBuilder text, String name, ToDoubleFunction<KafkaBenchRun.Figures> figure) {
        text.append("| ").append(name).append(" |");
        for (KafkaBenchRun.Variant variant : KafkaBenchRun.Variant.values()) {
            double[] values = sorted(variant, figure);
            text.append(String.format(Locale.ROOT, " %.1f (%.1f - %.1f) |", median(variant, figure), values[0], values[values.length - 1]));
        }
        text.append('\n');
    }

    private double times(KafkaBenchRun.Variant variant, ToDoubleFunction<KafkaBenchRun.Figures> figure) {
        return median(variant, figure) / median(KafkaBenchRun.Variant.NO_CATCH_UP, figure);
    }

    private double median(KafkaBenchRun.Variant variant, ToDoubleFunction<KafkaBenchRun.Figures> figure) {
        double[] values = sorted(variant, figure);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    private double[] sorted(KafkaBenchRun.Variant variant, ToDoubleFunction<KafkaBenchRun.Figures> figure) {
        double[] values = runs.stream().filter(run -> run.variant() == variant).mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values;
    }
}
