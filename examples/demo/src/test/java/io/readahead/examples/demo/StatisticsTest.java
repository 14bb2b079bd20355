package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void deviationIsThatOfASample() {
        assertEquals(0.288, Statistics.mean(List.of(0.268, 0.308)), 1e-12);
        assertEquals(2.138, Statistics.deviation(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0)), 1e-3);
    }

    @Test
    void oneValueHasNoDeviation() {
        assertNull(Statistics.deviation(List.of(1.0)));
        assertNull(Statistics.deviation(List.of()));
    }

    /** A second in which one request is under way, and a second of a thousand: half of it is over when somebody comes. */
    @Test
    void whoComesAtAnyMomentWaitsForHalfOfWhatIsUnderWay() {
        Histogram latencies = new Histogram(3);
        latencies.recordValue(1_000_000_000);
        latencies.recordValueWithCount(1_000_000, 1000);
        assertEquals((500 + 0.5) / 2, Summary.Cell.newcomerMillis(latencies), 0.5);
        assertEquals(1, latencies.getValueAtPercentile(99.9) / 1e6, 0.01, "the percentile of the same");
        assertEquals(0, Summary.Cell.newcomerMillis(new Histogram(3)));
    }
}
