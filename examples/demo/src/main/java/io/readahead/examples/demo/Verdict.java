package io.readahead.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One target, and whether it was reached.
 *
 * @param target what was asked
 * @param measured what came of it
 */
record Verdict(String target, String measured, boolean reached) {

    static final double MOST_SLOWDOWN_WITH = 1.1;
    static final double LEAST_SLOWDOWN_WITHOUT = 5;

    /** Two servers without the agent differ by 0.2 % over three rounds: both read what the throttle lets through. */
    static final double ACCURACY = 0.01;

    /** The targets that can be judged by what was run. */
    static List<Verdict> of(Summary summary) {
        List<Verdict> verdicts = new ArrayList<>();
        if (summary.has(Variant.WITH)) {
            Summary.Cell big = summary.require(Variant.WITH, Beside.BIG);
            verdicts.add(new Verdict("with the agent the selector thread never sleeps on the disk",
                    big.sleepMillis() + " ms", big.sleepMillis() == 0 && big.selector().sendfileDSamples() == 0));
            verdicts.add(atMost("with the agent big files slow the small ones by at most " + MOST_SLOWDOWN_WITH + " x",
                    summary.slowdown(Variant.WITH), MOST_SLOWDOWN_WITH));
        }
        if (summary.has(Variant.WITHOUT)) {
            double slowdown = summary.slowdown(Variant.WITHOUT);
            verdicts.add(new Verdict("without the agent, by more than " + (int) LEAST_SLOWDOWN_WITHOUT + " x",
                    times(slowdown), slowdown > LEAST_SLOWDOWN_WITHOUT));
        }
        if (summary.has(Variant.WITH) && summary.has(Variant.WITHOUT)) {
            double with = summary.require(Variant.WITH, Beside.BIG).backgroundMbPerSecond();
            double without = summary.require(Variant.WITHOUT, Beside.BIG).backgroundMbPerSecond();
            verdicts.add(new Verdict("with the agent the big files are at least as fast as without (to 1 %, the accuracy of this)",
                    String.format(Locale.ROOT, "%.2f MB/s, without %.2f MB/s", with, without), with >= without * (1 - ACCURACY)));
        }
        return verdicts;
    }

    private static Verdict atMost(String target, double measured, double most) {
        return new Verdict(target, times(measured), measured <= most);
    }

    private static String times(double factor) {
        return String.format(Locale.ROOT, factor < 10 ? "%.2f x" : "%.0f x", factor);
    }
}
