package io.readahead.examples.demo;

import io.readahead.kit.ThreadDiskAccount;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** All measurements of one demo, put together: each variant beside each kind of files over all rounds. */
final class Summary {

    private final List<Measurement> measurements;
    private final Map<Variant, Map<Beside, Cell>> cells = new EnumMap<>(Variant.class);

    Summary(List<Measurement> measurements) {
        this.measurements = List.copyOf(measurements);
        for (Variant variant : Variant.values()) {
            for (Beside beside : Beside.values()) {
                List<Measurement> rounds = measurements.stream()
                        .filter(one -> one.variant() == variant && one.beside() == beside).toList();
                if (!rounds.isEmpty()) {
                    cells.computeIfAbsent(variant, key -> new EnumMap<>(Beside.class)).put(beside, Cell.of(rounds));
                }
            }
        }
    }

    /**
     * One cell of the table.
     *
     * @param rounds in order
     * @param meanSeconds mean of the rounds' means of 100 requests
     * @param latencies of all rounds
     * @param backgroundMbPerSecond of the second client, over all rounds
     * @param selector sum of all rounds
     */
    record Cell(List<Measurement> rounds, double meanSeconds, Histogram latencies, double backgroundMbPerSecond,
            ThreadDiskAccount selector) {

        private static Cell of(List<Measurement> rounds) {
            Histogram latencies = rounds.get(0).hot().latencies().copy();
            ThreadDiskAccount selector = rounds.get(0).selector();
            for (Measurement round : rounds.subList(1, rounds.size())) {
                latencies.add(round.hot().latencies());
                selector = selector.plus(round.selector());
            }
            double seconds = rounds.stream().mapToDouble(Measurement::seconds).sum();
            long bytes = rounds.stream().mapToLong(Measurement::backgroundBytes).sum();
            double mean = Statistics.mean(rounds.stream().map(round -> round.hot().meanSeconds()).toList());
            return new Cell(rounds, mean, latencies, bytes / seconds / Units.MB, selector);
        }

        /** Seconds of 100 requests, with what the half seconds of all rounds differ by. */
        Estimate hotSeconds() {
            return Estimate.of(rounds.stream().flatMap(round -> round.hot().meansByHalfSecond().stream()).toList()).about(meanSeconds);
        }

        /**
         * MB/s of the second client, of whole files: at the end of one nothing is on its way. In between up to twice read_ahead_kb are,
         * 16 MB of the 480 MB of a short measurement where that is 8 MB; and what comes first is no matter of the disk's speed, since a
         * throttle that had nothing to do lets some MB through at once.
         *
         * @return empty if there are fewer than two files, which is too little to be judged
         */
        Optional<Estimate> fileMbPerSecond() {
            List<Double> rates = rounds.stream().flatMap(round -> round.fileRates().stream()).toList();
            return rates.size() < 2 ? Optional.empty() : Optional.of(Estimate.of(rates));
        }

        /** True if a whole run of 100 requests was too long in one of the rounds. */
        boolean cut() {
            return rounds.stream().anyMatch(round -> round.hot().cut());
        }

        long sleepMillis() {
            return rounds.stream().mapToLong(Measurement::sleepMillis).sum();
        }

        double percentileMillis(double percentile) {
            return latencies.getValueAtPercentile(percentile) / Units.NANOS_PER_MILLI;
        }

        double meanMillis() {
            return latencies.getMean() / Units.NANOS_PER_MILLI;
        }

        /**
         * What somebody waits, on an average, who comes at any moment: he is more likely to come while a long request is under way, and
         * then waits for half of it. One client that asks for the next file only when it has the last one counts a wait of seconds once,
         * and the thousands that it gets in the second after it as often, so that no percentile shows it.
         */
        double newcomerMillis() {
            return newcomerMillis(latencies);
        }

        static double newcomerMillis(Histogram latencies) {
            double squares = 0;
            double sum = 0;
            for (HistogramIterationValue value : latencies.recordedValues()) {
                double millis = latencies.medianEquivalentValue(value.getValueIteratedTo()) / Units.NANOS_PER_MILLI;
                squares += value.getCountAtValueIteratedTo() * millis * millis;
                sum += value.getCountAtValueIteratedTo() * millis;
            }
            return sum == 0 ? 0 : squares / sum / 2;
        }

        double maxMillis() {
            return latencies.getMaxValue() / Units.NANOS_PER_MILLI;
        }
    }

    List<Measurement> measurements() {
        return measurements;
    }

    /** Empty if that variant was not run. */
    Optional<Cell> cell(Variant variant, Beside beside) {
        return Optional.ofNullable(cells.getOrDefault(variant, Map.of()).get(beside));
    }

    /** The cell of a variant that was run. */
    Cell require(Variant variant, Beside beside) {
        return cell(variant, beside).orElseThrow();
    }

    boolean has(Variant variant) {
        return cells.containsKey(variant);
    }

    /** The mean beside big files, in units of the mean beside small ones. */
    double slowdown(Variant variant) {
        return slowdownEstimate(variant).mean();
    }

    Estimate slowdownEstimate(Variant variant) {
        return require(variant, Beside.BIG).hotSeconds().by(require(variant, Beside.SMALL).hotSeconds());
    }
}
