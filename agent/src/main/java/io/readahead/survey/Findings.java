package io.readahead.survey;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What has been seen so far.
 *
 * @param observedNanos since the first look
 * @param loops threads that made calls, those that waited longest first
 * @param sites the same calls by the place in the server's code
 */
public record Findings(long observedNanos, List<Loop> loops, Map<String, Waits> sites) {

    static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * A thread that made calls.
     *
     * @param lastMinuteNanos it waited in the last minute
     * @param worstMinuteNanos it waited in its worst minute
     * @param site where it waited longest
     * @param pool whether it waited as one of a pool: for channels for which another thread selects
     */
    public record Loop(String name, Waits waits, long lastMinuteNanos, long worstMinuteNanos, String site, boolean pool) {
    }

    /** All calls. */
    public Waits sum() {
        return loops.stream().map(Loop::waits).reduce(Waits.NONE, Waits::plus);
    }

    /** The length of what is called the last minute: shorter than one where the agent hasn't observed so long. */
    public long windowNanos() {
        return Math.max(1, Math.min(observedNanos, MINUTE_NANOS));
    }
}
