package io.readahead.it;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Medians, least and most of the benchmark's runs, and whether the bounds are met.
 *
 * @param runs of all variants of one scene
 */
record KafkaBenchTable(List<KafkaBenchResult> runs) {

    /** Catch-up that is slower than this part of the original's is lower; the rest is what two runs of the same differ by. */
    private static final double LEAST_CATCH_UP = 0.98;

    String text() {
        StringBuilder text = new StringBuilder("""
                | median (least - most) | without the agent | with the agent | no catch-up |
                |---|---|---|---|
                """);
        for (KafkaBenchFigure figure : KafkaBenchFigure.values()) {
            if (runs.stream().allMatch(run -> run.figures().containsKey(figure))) {
                row(text, figure);
            }
        }
        text.append("records checked: ").append(runs.stream().mapToLong(KafkaBenchResult::checked).sum()).append('\n');
        for (KafkaBenchRun.Variant variant : List.of(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchRun.Variant.WITH_AGENT)) {
            text.append(String.format(Locale.ROOT, "%s: p99 is %.1f x (produce-ack) and %.1f x (tail-consume) that of no catch-up%n",
                    variant, times(variant, KafkaBenchFigure.ACK_P99), times(variant, KafkaBenchFigure.TAIL_P99)));
        }
        return text.toString();
    }

    /** Whether p99 with the agent is within the bound, without it isn't, and catch-up is no slower. */
    boolean met(double mostTimes) {
        return times(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchFigure.ACK_P99) <= mostTimes
                && times(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchFigure.TAIL_P99) <= mostTimes
                && times(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchFigure.ACK_P99) > mostTimes
                && times(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchFigure.TAIL_P99) > mostTimes
                && median(KafkaBenchRun.Variant.WITH_AGENT, KafkaBenchFigure.CATCH_UP)
                        >= LEAST_CATCH_UP * median(KafkaBenchRun.Variant.WITHOUT_AGENT, KafkaBenchFigure.CATCH_UP);
    }

    private void row(StringBuilder text, KafkaBenchFigure figure) {
        text.append("| ").append(figure.title()).append(" |");
        for (KafkaBenchRun.Variant variant : KafkaBenchRun.Variant.values()) {
            double[] values = sorted(variant, figure);
            text.append(String.format(Locale.ROOT, " %.1f (%.1f - %.1f) |", median(variant, figure), values[0], values[values.length - 1]));
        }
        text.append('\n');
    }

    private double times(KafkaBenchRun.Variant variant, KafkaBenchFigure figure) {
        return median(variant, figure) / median(KafkaBenchRun.Variant.NO_CATCH_UP, figure);
    }

    private double median(KafkaBenchRun.Variant variant, KafkaBenchFigure figure) {
        double[] values = sorted(variant, figure);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    private double[] sorted(KafkaBenchRun.Variant variant, KafkaBenchFigure figure) {
        double[] values = runs.stream().filter(run -> run.variant() == variant).mapToDouble(run -> run.figures().get(figure)).toArray();
        Arrays.sort(values);
        return values;
    }
}
