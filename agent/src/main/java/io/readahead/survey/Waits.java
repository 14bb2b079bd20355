package io.readahead.survey;

/**
 * What came of some calls.
 *
 * @param calls all of them
 * @param cold those that met data which was not in the page cache
 * @param waits those in which the thread slept until the disk had read it
 * @param nanos how long, in sum
 * @param longestNanos and at worst
 * @param unprovenNanos of the sum, where the thread slept in the call and nobody can tell for what
 */
public record Waits(long calls, long cold, long waits, long nanos, long longestNanos, long unprovenNanos) {

    static final Waits NONE = new Waits(0, 0, 0, 0, 0, 0);

    /** These calls and others. */
    Waits plus(Waits other) {
        return new Waits(calls + other.calls, cold + other.cold, waits + other.waits, nanos + other.nanos,
                Math.max(longestNanos, other.longestNanos), unprovenNanos + other.unprovenNanos);
    }
}
