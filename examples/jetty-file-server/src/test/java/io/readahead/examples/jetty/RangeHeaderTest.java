package io.readahead.examples.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.readahead.examples.jetty.RangeHeader.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
    private static final long SIZE = 1000;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-999, 0, 1000",
        "bytes=10-19, 10, 10",
        "bytes=10-, 10, 990",
        "bytes=10-5000, 10, 990",
        "bytes=999-, 999, 1",
        "bytes=-1, 999, 1",
        "bytes=-5000, 0, 1000",
        "Bytes = 1-2, 1, 2",
        "bytes=0-99999999999999999999999999, 0, 1000",
        "bytes=000000000000000000000000001-2, 1, 2",
    })
    void aRangeIsCutAtTheFilesEnd(String header, long first, long length) {
        assertEquals(new RangeHeader(Outcome.PARTIAL, first, length), RangeHeader.parse(header, SIZE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999-"})
    void aRangeWithoutAByteInTheFileIsUnsatisfiable(String header) {
        assertEquals(Outcome.UNSATISFIABLE, RangeHeader.parse(header, SIZE).outcome());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "bytes", "bytes=", "bytes=-", "bytes=5-4",
        "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=--1", "bytes=1-2-3"})
    void whatIsMalformedOrMultipleIsIgnored(String header) {
        assertEquals(new RangeHeader(Outcome.WHOLE, 0, SIZE), RangeHeader.parse(header, SIZE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1"})
    void anEmptyFileHasNoRange(String header) {
        assertEquals(Outcome.UNSATISFIABLE, RangeHeader.parse(header, 0).outcome());
    }
}
