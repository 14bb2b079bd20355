package io.readahead.os.logging;

/** The levels that JNA may name: all that {@code java.util.logging.Level} has for messages. */
public enum Level {
    /** Most detail. */
    FINEST,
    /** More detail. */
    FINER,
    /** Detail. */
    FINE,
    /** Configuration. */
    CONFIG,
    /** Information. */
    INFO,
    /** Warning. */
    WARNING,
    /** Failure. */
    SEVERE
}
