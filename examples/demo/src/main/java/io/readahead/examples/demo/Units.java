package io.readahead.examples.demo;

/** Units that the demo counts in. */
final class Units {

    /** A megabyte is 2^20 bytes everywhere in the demo: in file sizes, limits and rates. */
    static final long MB = 1L << 20;

    static final double NANOS_PER_MILLI = 1e6;
    static final double NANOS_PER_SECOND = 1e9;

    private Units() {
    }
}
