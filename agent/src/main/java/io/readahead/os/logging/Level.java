package io.readahead.os.logging;

/** The levels that JNA names. */
public enum Level {
    /** Detail. */
    FINE,
    /** Information. */
    INFO,
    /** Warning. */
    WARNING,
    /** Failure. */
    SEVERE
}
