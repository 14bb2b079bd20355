package io.readahead.examples.demo;

import java.util.List;

/**
 * A mean, and how far it may be from what it would be in a measurement without end.
 *
 * @param mean of the parts of a measurement
 * @param error its standard error, by the spread of the parts; 0 of fewer than two
 * @param freedom degrees of freedom of the error
 */
record Estimate(double mean, double error, double freedom) {

    /** Of 0.998: {@link #atLeast} and {@link #atMost} are wrong twice in a thousand times each. */
    private static final double NORMAL_QUANTILE = 2.878;

    static Estimate of(List<Double> parts) {
        Double deviation = Statistics.deviation(parts);
        return deviation == null
                ? new Estimate(Statistics.mean(parts), 0, 1)
                : new Estimate(Statistics.mean(parts), deviation / Math.sqrt(parts.size()), parts.size() - 1);
    }

    /** With the same error about another mean of the same. */
    Estimate about(double otherMean) {
        return new Estimate(otherMean, error, freedom);
    }

    /** This by that; the error to first order, the freedom by Welch and Satterthwaite. */
    Estimate by(Estimate other) {
        double ratio = mean / other.mean;
        double own = error / mean;
        double others = other.error / other.mean;
        double squares = own * own + others * others;
        double freedom = squares == 0 ? 1 : squares * squares
                / (Math.pow(own, 4) / this.freedom + Math.pow(others, 4) / other.freedom);
        return new Estimate(ratio, Math.abs(ratio) * Math.sqrt(squares), freedom);
    }

    /** The truth is at least this. */
    double atLeast() {
        return mean - margin();
    }

    /** The truth is at most this. */
    double atMost() {
        return mean + margin();
    }

    /** Half the range that the truth is in. */
    double margin() {
        return error == 0 ? 0 : error * quantile();
    }

    /** Of Student's distribution, from the normal one's: Abramowitz and Stegun, 26.7.5. */
    private double quantile() {
        double x = NORMAL_QUANTILE;
        double cube = x * x * x;
        double fifth = cube * x * x;
        double seventh = fifth * x * x;
        return x + (cube + x) / (4 * freedom) + (5 * fifth + 16 * cube + 3 * x) / (96 * freedom * freedom)
                + (3 * seventh + 19 * fifth + 17 * cube - 15 * x) / (384 * freedom * freedom * freedom);
    }
}
