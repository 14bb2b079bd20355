package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
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
}
