package io.readahead.bench;

/** One row of the table: what is measured and against which bounds. */
interface Row {

    /** How it is named on the command line and in the file of results. */
    String id();

    /** How it is called in the table, with what a reader must know to judge it. */
    String title();

    /** Measures, every subject by turns, and says what is compared with what. */
    void measure(Bench bench, Samples samples) throws Exception;
}
