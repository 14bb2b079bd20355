package io.readahead.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One target, and whether it was reached.
 *
 * <p>A target is missed where what was measured is beyond it by more than chance: the parts of a measurement differ, and so would
 * another run. On a machine where nothing is wrong that is so at most once in a hundred runs, of {@code --quick} too.
 *
 * @param target what was asked
 * @param measured what came of it
 */
record Verdict(String target, String measured, boolean reached) {

    static final double MOST_SLOWDOWN_WITH = 1.1;
    static final double LEAST_SLOWDOWN_WITHOUT = 5;

    /** Of whole files: both read what the throttle lets through, and were 0.1 to 0.2 % apart. */
    static final double ACCURACY = 0.01;

    /** Of all bytes of a short measurement, in which a file that never ends counts, too. */
    private static final double ACCURACY_OF_ALL = 0.1;

    private static final double PERCENT = 100;

    /** The targets that can be judged by what was run. */
    static List<Verdict> of(Summary summary) {
        List<Verdict> verdicts = new ArrayList<>();
        if (summary.has(Variant.WITH)) {
            Summary.Cell big = summary.require(Variant.WITH, Beside.BIG);
            verdicts.add(new Verdict("with the agent the selector thread never sleeps on the disk",
                    big.sleepMillis() + " ms", big.sleepMillis() == 0 && big.selector().sendingDSamples() == 0));
            Estimate slowdown = summary.slowdownEstimate(Variant.WITH);
            verdicts.add(new Verdict("with the agent big files slow the small ones by at most " + MOST_SLOWDOWN_WITH + " x",
                    times(slowdown), slowdown.atLeast() <= MOST_SLOWDOWN_WITH));
        }
        if (summary.has(Variant.WITHOUT)) {
            Estimate slowdown = summary.slowdownEstimate(Variant.WITHOUT);
            verdicts.add(new Verdict("without the agent, by more than " + (int) LEAST_SLOWDOWN_WITHOUT + " x",
                    times(slowdown), slowdown.atMost() > LEAST_SLOWDOWN_WITHOUT));
        }
        if (summary.has(Variant.WITH) && summary.has(Variant.WITHOUT)) {
            verdicts.add(coldFiles(summary.require(Variant.WITH, Beside.BIG), summary.require(Variant.WITHOUT, Beside.BIG)));
        }
        return verdicts;
    }

    private static Verdict coldFiles(Summary.Cell with, Summary.Cell without) {
        String target = "with the agent the big files are at least as fast as without";
        double all = with.backgroundMbPerSecond() / without.backgroundMbPerSecond();
        Optional<Estimate> files = with.fileMbPerSecond();
        Optional<Estimate> filesWithout = without.fileMbPerSecond();
        if (files.isEmpty() || filesWithout.isEmpty()) {
            return new Verdict(target + " (to 10 %, since hardly a file came whole)",
                    String.format(Locale.ROOT, "%.2f MB/s, without %.2f MB/s", with.backgroundMbPerSecond(),
                            without.backgroundMbPerSecond()),
                    all >= 1 - ACCURACY_OF_ALL);
        }
        Estimate ratio = files.get().by(filesWithout.get());
        return new Verdict(target + " (to 1 %)",
                String.format(Locale.ROOT, "whole files at %.2f MB/s, without at %.2f MB/s: %+.1f %%, give or take %.1f",
                        files.get().mean(), filesWithout.get().mean(), (ratio.mean() - 1) * PERCENT, ratio.margin() * PERCENT),
                ratio.atMost() >= 1 - ACCURACY && all >= 1 - ACCURACY_OF_ALL);
    }

    private static String times(Estimate factor) {
        return String.format(Locale.ROOT, factor.mean() < 10 ? "%.2f x, give or take %.2f" : "%.0f x", factor.mean(),
                factor.margin());
    }
}
