package io.readahead.kit;

import java.util.Map;
import java.util.TreeMap;

/**
 * The counters that the agent prints at the end of a JVM under {@code -Dreadahead.debug.stats=true}.
 *
 * @param counters value by name
 */
public record AgentStats(Map<String, Long> counters) {

    /** How the line of counters begins. */
    public static final String PREFIX = "readahead-stats:";

    /** Parses {@code readahead-stats: name=value name=value}. */
    static AgentStats parse(String line) {
        Map<String, Long> counters = new TreeMap<>();
        for (String pair : line.substring(PREFIX.length()).strip().split("\\s+")) {
            String[] nameAndValue = pair.split("=", 2);
            try {
                counters.put(nameAndValue[0], Long.parseLong(nameAndValue[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
                throw new IllegalStateException("not name=value: " + pair + " in " + line, broken);
            }
        }
        return new AgentStats(counters);
    }

    /** Calls that reached the agent. */
    public long transfers() {
        return get("transfers");
    }

    /** Calls that were sent at once. */
    public long resident() {
        return get("resident");
    }

    /** Calls that were turned away with 0 until their range was read ahead. */
    public long parks() {
        return get("parks");
    }

    /** Ranges read ahead. */
    public long warmups() {
        return get("warmups");
    }

    /** Bytes of those. */
    public long warmupBytes() {
        return get("warmupBytes");
    }

    /** Times that a call on a blocking target waited for a range. */
    public long blockingWaits() {
        return get("blockingWaits");
    }

    /** Lost wake-ups that the watchdog found; 0 in every test. */
    public long mendedWakeups() {
        return get("mendedWakeups");
    }

    /** What broke inside the agent; 0 in every test. */
    public long failures() {
        return get("failures");
    }

    /** Channels parked at the end. */
    public long parkedNow() {
        return get("parkedNow");
    }

    /** Descriptors that the agent held at the end. */
    public long openDescriptors() {
        return get("openDescriptors");
    }

    /** Any counter by its name. */
    public long get(String name) {
        Long value = counters.get(name);
        if (value == null) {
            throw new IllegalStateException("no counter " + name + " in " + counters);
        }
        return value;
    }
}
