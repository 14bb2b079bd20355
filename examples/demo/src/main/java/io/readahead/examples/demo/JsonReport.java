package io.readahead.examples.demo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.readahead.kit.ThreadDiskAccount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * results.json: every run, and what was made of them. The report page draws from the same text.
 *
 * <p>Names are part of what users script against; numbers have the unit in the name, MB is 2^20 bytes.
 */
final class JsonReport {

    /** Resolution of the distributions: points for each further nine of the percentile. */
    private static final int POINTS_PER_DECADE = 20;
    private static final int DECADES = 7;

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private JsonReport() {
    }

    private record Results(String measuredAt, MachineFacts machine, Settings settings, List<Row> table, List<Verdict> verdicts,
            List<Round> rounds, Map<String, Long> agentCounters) {
    }

    private record Settings(String server, String serverInWords, String selectorInWords, int bigFiles, long bigFileMb,
            String bigFilesInWords, int rounds, int smallSeconds, int bigSeconds, int clients, int diskRateMb, int memoryMb,
            String agentOptions) {

        static Settings of(DemoOptions options) {
            ServerKind server = options.server();
            Plan plan = options.plan();
            return new Settings(server.toString(), server.description(), server.selector(), server.bigFiles(),
                    server.bigBytes() / Units.MB, server.bigFilesInWords(), plan.rounds(), plan.smallSeconds(), plan.bigSeconds(),
                    options.clients(), options.diskRateMb(), options.memoryMb(), options.agentOptions());
        }
    }

    /** One variant beside one kind of files, all rounds. */
    private record Row(String variant, String beside, double meanSecondsOf100, Double slowdown, Latency latency,
            double secondClientMbPerSecond, long selectorSleepMillis, ThreadDiskAccount selectorThread) {
    }

    /** One measurement. */
    private record Round(String variant, String beside, int round, double meanSecondsOf100, Double deviationSeconds, boolean cut,
            boolean lastUnanswered, long requests, double seconds, double secondClientMbPerSecond,
            List<Double> secondClientMbPerSecondByFiles, Latency latency, long selectorSleepMillis, ThreadDiskAccount selectorThread,
            long smallPagesLost, List<Double> runSeconds, int timelineBucketMillis, double[] timelineMaxMillis) {
    }

    /** Milliseconds; newcomer as in {@link Summary.Cell#newcomerMillis}, the distribution is pairs of 1 / (1 - quantile) and latency. */
    private record Latency(double mean, double p50, double p99, double p999, double max, double newcomer, List<double[]> distribution) {

        static Latency of(Histogram histogram) {
            return new Latency(histogram.getMean() / Units.NANOS_PER_MILLI, at(histogram, 50), at(histogram, 99), at(histogram, 99.9),
                    histogram.getMaxValue() / Units.NANOS_PER_MILLI, Summary.Cell.newcomerMillis(histogram), distribution(histogram));
        }

        private static double at(Histogram histogram, double percentile) {
            return histogram.getValueAtPercentile(percentile) / Units.NANOS_PER_MILLI;
        }

        /** Ends where one request is all that is left: beyond that the maximum would only be repeated. */
        private static List<double[]> distribution(Histogram histogram) {
            List<double[]> points = new ArrayList<>();
            for (int i = 0; i <= DECADES * POINTS_PER_DECADE; i++) {
                double requestsPerSlower = Math.pow(10, (double) i / POINTS_PER_DECADE);
                if (requestsPerSlower > histogram.getTotalCount()) {
                    break;
                }
                points.add(new double[] {requestsPerSlower, at(histogram, 100 - 100 / requestsPerSlower)});
            }
            return points;
        }
    }

    static String write(Summary summary, MachineFacts machine, Map<String, Long> agentCounters, DemoOptions options) {
        List<Row> table = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            for (Beside beside : Beside.values()) {
                summary.cell(variant, beside).ifPresent(cell -> table.add(new Row(variant.toString(), beside.toString(), cell.meanSeconds(),
                        beside == Beside.BIG ? summary.slowdown(variant) : null, Latency.of(cell.latencies()), cell.backgroundMbPerSecond(),
                        cell.sleepMillis(), cell.selector())));
            }
        }
        return GSON.toJson(new Results(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), machine, Settings.of(options), table,
                Verdict.of(summary), summary.measurements().stream().map(JsonReport::round).toList(), agentCounters));
    }

    private static Round round(Measurement one) {
        HotResult hot = one.hot();
        return new Round(one.variant().toString(), one.beside().toString(), one.round(), hot.meanSeconds(), hot.deviationSeconds(),
                hot.cut(), hot.unanswered(), hot.requests(), one.seconds(), one.backgroundMbPerSecond(), one.fileRates(),
                Latency.of(hot.latencies()), one.sleepMillis(), one.selector(), one.smallPagesLost(), hot.runSeconds(),
                HotClient.BUCKET_MILLIS, hot.timeline());
    }
}
