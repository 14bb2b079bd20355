package io.readahead.start;

import io.readahead.jdk.JdkInternals;
import java.util.Map;
import java.util.Properties;

/**
 * What the agent tells whoever attaches to the JVM, in the JVM's agent properties.
 *
 * <p>The attach mechanism hands these properties to a tool of the same user: no port, no file, and no code is loaded to read
 * them, so looking costs the server next to nothing and prints no warning of a dynamically loaded agent.
 * <p>Errors: where the JDK keeps no such properties nothing is told. Threads: any.
 * <p>Source: {@code jdk.internal.vm.VMSupport.getAgentProperties}, {@code com.sun.tools.attach.VirtualMachine.getAgentProperties}.
 */
final class StatusBoard {

    static final String ACTIVE = "ACTIVE";
    static final String OBSERVING = "OBSERVING";
    static final String PASSIVE = "PASSIVE";
    static final String OFF = "OFF";
    static final String INACTIVE = "INACTIVE";
    static final String DETACHED = "DETACHED";

    private static final String PREFIX = "readahead.";

    private StatusBoard() {
    }

    /** Says what became of the agent; one of the words above. */
    static void state(String state) {
        put("state", state);
    }

    /** Says in a line what came of the last attach or detach. */
    static void answer(String line) {
        put("answer", line);
    }

    /** Publishes figures under their names, in place of those that were there before. */
    static void publish(Map<String, String> figures) {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            board.keySet().removeIf(key -> key.toString().startsWith(PREFIX + Figures.SLOW)
                    && !figures.containsKey(key.toString().substring(PREFIX.length())));
        }
        figures.forEach(StatusBoard::put);
    }

    /** Takes everything back but state and answer. */
    static void clear() {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            board.keySet().removeIf(key -> key.toString().startsWith(PREFIX)
                    && !key.equals(PREFIX + "state") && !key.equals(PREFIX + "answer"));
        }
    }

    private static void put(String name, String value) {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            board.setProperty(PREFIX + name, value);
        }
    }
}
