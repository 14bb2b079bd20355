package io.readahead.examples.demo;

import java.util.List;

/** Mean and standard deviation. */
final class Statistics {

    private Statistics() {
    }

    /** The mean; NaN of nothing. */
    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** The standard deviation of a sample (n - 1), or null where there are fewer than two values. */
    static Double deviation(List<Double> values) {
        if (values.size() < 2) {
            return null;
        }
        double mean = mean(values);
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
