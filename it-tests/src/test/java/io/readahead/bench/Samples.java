package io.readahead.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What was measured of each subject, round by round, and the comparisons made of it.
 *
 * <p>Threads: the row's.
 */
final class Samples {

    /** Below this, a bound "at most" is a limit for the number or the ratio; above, "at least". */
    enum Sense {
        AT_MOST("<="),
        AT_LEAST(">="),
        /** Told, and bound to nothing. */
        TOLD("");

        private final String sign;

        Sense(String sign) {
            this.sign = sign;
        }

        boolean holds(double value, double bound) {
            return this == TOLD || (this == AT_MOST ? value <= bound : value >= bound);
        }
    }

    /**
     * What is asked of a ratio, or of a number that is compared with nothing.
     */
    record Bound(Sense sense, double value) {

        static final Bound NONE = new Bound(Sense.TOLD, 0);

        static Bound atMost(double value) {
            return new Bound(Sense.AT_MOST, value);
        }

        static Bound atLeast(double value) {
            return new Bound(Sense.AT_LEAST, value);
        }

        @Override
        public String toString() {
            return sense == Sense.TOLD ? "" : sense.sign + " " + Numbers.text(value);
        }
    }

    /**
     * A line of the table.
     *
     * @param subject who is judged
     * @param peer who it is compared with; empty where a number is judged by itself
     * @param value median of the subject
     * @param peerValue median of the peer; 0 without one
     * @param ratio median of the rounds' ratios; without a peer the value
     * @param least the smallest of those
     * @param most the largest of those
     * @param bound what is asked, in words
     * @param reached whether the ratio holds the bound
     */
    record Line(String scene, String metric, String subject, String peer, double value, double peerValue, double ratio, double least,
                double most, int rounds, String bound, boolean reached) {
    }

    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /** Takes note of a number. */
    void add(String scene, String subject, String metric, double value) {
        values.computeIfAbsent(key(scene, subject, metric), key -> new ArrayList<>()).add(value);
        System.err.printf("  %-28s %-22s %-30s %s%n", scene, subject, metric, Numbers.text(value));
    }

    /** Whether a number was ever noted. */
    boolean has(String scene, String subject, String metric) {
        return values.containsKey(key(scene, subject, metric));
    }

    /** Adds a line that compares two subjects, round by round. */
    void compare(String scene, String metric, Peer subject, Peer peer, Bound bound) {
        List<Double> own = of(scene, subject.name(), metric);
        List<Double> others = of(scene, peer.name(), metric);
        List<Double> ratios = IntStream.range(0, Math.min(own.size(), others.size()))
                .mapToObj(i -> others.get(i) == 0 ? own.get(i) == 0 ? 1.0 : Double.POSITIVE_INFINITY : own.get(i) / others.get(i)).toList();
        double ratio = Numbers.median(ratios);
        lines.add(new Line(scene, metric, subject.name(), peer.name(), Numbers.median(own), Numbers.median(others), ratio,
                Numbers.least(ratios), Numbers.most(ratios), ratios.size(), bound.toString(), bound.sense.holds(ratio, bound.value)));
    }

    /** Adds a line about a number by itself. */
    void judge(String scene, String metric, String subject, Bound bound) {
        judge(scene, metric, subject, subject, bound);
    }

    /** The same, with the subject called otherwise. */
    void judge(String scene, String metric, String title, String subject, Bound bound) {
        List<Double> own = of(scene, subject, metric);
        double median = Numbers.median(own);
        lines.add(new Line(scene, metric, title, "", median, 0, median, Numbers.least(own), Numbers.most(own), own.size(),
                bound.toString(), bound.sense.holds(median, bound.value)));
    }

    /** Adds a line about how much more one subject has than another, round by round. */
    void difference(String scene, String metric, Peer subject, Peer peer, Bound bound) {
        difference(scene, metric, subject.name(), peer.name(), bound);
    }

    /** The same, of subjects by their names. */
    void difference(String scene, String metric, String subject, String peer, Bound bound) {
        List<Double> own = of(scene, subject, metric);
        List<Double> others = of(scene, peer, metric);
        List<Double> differences = IntStream.range(0, Math.min(own.size(), others.size()))
                .mapToObj(i -> own.get(i) - others.get(i)).toList();
        double median = Numbers.median(differences);
        lines.add(new Line(scene, metric + ", difference", subject, peer, Numbers.median(own), Numbers.median(others), median,
                Numbers.least(differences), Numbers.most(differences), differences.size(), bound.toString(),
                bound.sense.holds(median, bound.value)));
    }

    /** The median of what was noted of a subject. */
    double median(String scene, String subject, String metric) {
        return Numbers.median(of(scene, subject, metric));
    }

    List<Line> lines() {
        return lines;
    }

    Map<String, List<Double>> values() {
        return values;
    }

    private List<Double> of(String scene, String subject, String metric) {
        return values.getOrDefault(key(scene, subject, metric), List.of());
    }

    private static String key(String scene, String subject, String metric) {
        return scene + " | " + subject + " | " + metric;
    }
}
