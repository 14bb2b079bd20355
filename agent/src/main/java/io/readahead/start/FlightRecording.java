package io.readahead.start;

import io.readahead.observe.Counters;
import io.readahead.observe.jfr.JfrEvents;
import java.util.function.Consumer;

/**
 * The agent's events for Flight Recorder, in a JVM that has it; nothing in one that doesn't.
 *
 * <p>Threads: the agent's own, one at a time.
 */
final class FlightRecording {

    private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final Counters counters;
    private final Consumer<String> report;
    private JfrEvents events;

    /** @param report is told, in a line, what failed */
    FlightRecording(Counters counters, Consumer<String> report) {
        this.counters = counters;
        this.report = report;
    }

    /** Has the events recorded from now on, if there is a recording already. Costs a start-up 0.1 ms. */
    void connectIfRunning() {
        if (AVAILABLE && JfrEvents.isRunning()) {
            connect();
        }
    }

    /** Has the events recorded as soon as there is a recording. */
    synchronized void connect() {
        if (AVAILABLE && events == null) {
            events = new JfrEvents(counters, report);
            events.connect();
        }
    }

    /** Takes everything back. */
    synchronized void close() {
        if (events != null) {
            events.close();
        }
    }
}
