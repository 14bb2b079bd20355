package io.readahead.transfer;

import io.readahead.observe.Counters;
import java.util.function.Consumer;

/**
 * Takes note of what breaks inside the agent; the original call runs all the same.
 *
 * @param report is told of each
 */
record Failures(Counters counters, Consumer<Throwable> report) {

    void note(Throwable failure) {
        try {
            counters.note(failure);
            report.accept(failure);
        } catch (Throwable ignored) {
            // Not even memory for a line in the log: the original call runs all the same.
        }
    }
}
