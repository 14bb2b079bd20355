package io.readahead.it.soak;

import io.readahead.it.AgentCommand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the agents of one server counted, all those that were taken off again; from the line that each leaves in the log.
 *
 * @param sums of each counter
 * @param runs agents that were taken off
 */
record AgentAccount(Map<String, Long> sums, long runs) {

    private static final String PREFIX = "readahead: ";
    private static final String DETACHED = "DETACHED";
    /** What the agent says where the soak took a file's permissions away. */
    private static final String PERMISSION_TAKEN = "/proc/self/fd could not be opened (Permission denied)";
    /** What it says when it is taken off beside a disk that the soak has slowed: their reads, and descriptors, end a little later. */
    private static final String STILL_READING = "readahead threads still wait for a disk";
    private static final String OPEN_DESCRIPTORS = "openDescriptors";
    private static final List<String> COUNTERS = List.of("transfers", "resident", "parks", "warmups", "warmupBytes", "blockingWaits",
            "dropped", "mendedWakeups", "failures", "parkedNow", OPEN_DESCRIPTORS);
    private static final List<String> ALWAYS_ZERO = List.of("mendedWakeups", "failures", "parkedNow");

    /** Adds up, and tells the tally of each line that says something went wrong. */
    static AgentAccount of(SoakServer server, Tally tally) {
        Map<String, Long> sums = new TreeMap<>();
        COUNTERS.forEach(counter -> sums.put(counter, 0L));
        long runs = 0;
        boolean stillReading = false;
        for (String line : server.process().stderr()) {
            if (!line.startsWith(PREFIX)) {
                continue;
            }
            if (line.contains(DETACHED)) {
                runs++;
                add(server, line, stillReading, sums, tally);
                stillReading = false;
            } else if (line.contains(STILL_READING)) {
                stillReading = true;
            } else if (!line.contains(" ACTIVE ") && !line.contains(PERMISSION_TAKEN)) {
                tally.failed(server + " has a line of the agent that says that something failed: " + line);
            }
        }
        return new AgentAccount(sums, runs);
    }

    /** @param stillReading whether the agent said that it left threads behind, and so what they and the closes behind them hold */
    private static void add(SoakServer server, String line, boolean stillReading, Map<String, Long> sums, Tally tally) {
        for (String counter : COUNTERS) {
            long value = AgentCommand.figure(line, counter);
            sums.merge(counter, value, Long::sum);
            if (value != 0 && (ALWAYS_ZERO.contains(counter) || counter.equals(OPEN_DESCRIPTORS) && !stillReading)) {
                tally.failed(server + ": " + counter + "=" + value + " when an agent was taken off: " + line);
            }
        }
    }

    /** Both together. */
    AgentAccount and(AgentAccount other) {
        Map<String, Long> both = new TreeMap<>(sums);
        other.sums.forEach((counter, value) -> both.merge(counter, value, Long::sum));
        return new AgentAccount(both, runs + other.runs);
    }

    long get(String counter) {
        return sums.getOrDefault(counter, 0L);
    }
}
