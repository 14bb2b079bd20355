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
    private static final String ANSWERS = "answers";
    private static final String FIGURES = "figures";
    /** What means something in a properties file. */
    private static final String SPECIAL = "\\ \t\f:=#!";
    /** No figure: it is for later agents of this JVM. */
    private static final String BRIDGE = "io.readahead.bridge";

    private StatusBoard() {
    }

    /** Says what became of the agent; one of the words above. */
    static void state(String state) {
        put("state", state);
    }

    /** Says in a line what came of the last attach or detach; counted, so that who asked can tell it from an older answer. */
    static void answer(String line) {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            put("answer", line);
            put(ANSWERS, Long.toString(Long.parseLong(board.getProperty(PREFIX + ANSWERS, "0")) + 1));
        }
    }

    /** Leaves word of which bridge was defined. @return the word that the first one left, for as long as the JVM lives */
    static String bridge(String ours) {
        Properties board = JdkInternals.agentProperties();
        Object first = board == null ? null : board.putIfAbsent(BRIDGE, ours);
        return first == null ? ours : first.toString();
    }

    /**
     * Publishes figures, in place of those that were there before: as one property, in the format of properties files. Who reads
     * several while they are set one after the other gets some of before and some of now.
     */
    static void publish(Map<String, String> figures) {
        StringBuilder text = new StringBuilder();
        figures.forEach((name, value) -> {
            escape(text, name).append('=');
            escape(text, value).append('\n');
        });
        put(FIGURES, text.toString());
    }

    /** {@link Properties#store} begins with a date, for which the JDK loads its time zones: 60 ms of a slow machine's start. */
    private static StringBuilder escape(StringBuilder text, String plain) {
        for (int i = 0; i < plain.length(); i++) {
            char next = plain.charAt(i);
            if (next == '\n' || next == '\r') {
                text.append('\\').append(next == '\n' ? 'n' : 'r');
            } else {
                if (SPECIAL.indexOf(next) >= 0) {
                    text.append('\\');
                }
                text.append(next);
            }
        }
        return text;
    }

    /** Takes everything back but state and answer, and their number. */
    static void clear() {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            board.remove(PREFIX + FIGURES);
        }
    }

    private static void put(String name, String value) {
        Properties board = JdkInternals.agentProperties();
        if (board != null) {
            board.setProperty(PREFIX + name, value);
        }
    }
}
