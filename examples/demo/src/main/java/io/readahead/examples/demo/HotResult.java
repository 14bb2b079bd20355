package io.readahead.examples.demo;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What the hot client saw in one measurement.
 *
 * @param runSeconds how long each whole run of {@link HotClient#REQUESTS_PER_RUN} requests took
 * @param requests answered requests, those of a run that was cut included
 * @param seconds from the first request to the last answer
 * @param latencies nanoseconds of each request
 * @param timeline slowest request of each {@link HotClient#BUCKET_MILLIS}, in milliseconds, by the time of its answer; 0 where there
 *     was no answer
 * @param unanswered true if a request was still without an answer when the patience ended; its time counts in seconds
 */
record HotResult(List<Double> runSeconds, long requests, double seconds, Histogram latencies, double[] timeline, boolean unanswered) {

    private static final double HALF_SECOND = 0.5;

    /** Mean seconds of 100 requests, over all that were answered: the mean of the whole runs, and what was done of the one that was cut. */
    double meanSeconds() {
        return seconds / Math.max(1, requests) * HotClient.REQUESTS_PER_RUN;
    }

    /** Standard deviation of the whole runs, or null where there are fewer than two. */
    Double deviationSeconds() {
        return Statistics.deviation(runSeconds);
    }

    /** What runs took on an average in each half second; what is left at the end is left out. */
    List<Double> meansByHalfSecond() {
        List<Double> means = new ArrayList<>();
        double sum = 0;
        int runs = 0;
        for (double run : runSeconds) {
            sum += run;
            runs++;
            if (sum >= HALF_SECOND) {
                means.add(sum / runs);
                sum = 0;
                runs = 0;
            }
        }
        return means;
    }

    /** True if the time was up before one whole run was done. */
    boolean cut() {
        return runSeconds.isEmpty();
    }
}
