package io.readahead.bench;

import java.util.List;
import java.util.Locale;

/** Medians, extremes, and how a number is written. */
final class Numbers {

    private static final double LARGE = 100;
    private static final double SMALL = 10;

    private Numbers() {
    }

    /** NaN of nothing. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double least(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    static double most(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Three digits or more. */
    static String text(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "-" : "inf";
        }
        double size = Math.abs(value);
        String format = size >= LARGE || value == Math.rint(value) ? "%.0f" : size >= SMALL ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
