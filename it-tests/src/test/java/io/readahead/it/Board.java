package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What {@code status} shows, without a JVM of its own for each look. */
final class Board {

    private static final String PREFIX = "readahead.";

    private Board() {
    }

    /** The agent's figures by name, as of the last second. */
    static Map<String, String> of(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            Properties properties = machine.getAgentProperties();
            Map<String, String> figures = new TreeMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (name.startsWith(PREFIX)) {
                    figures.put(name.substring(PREFIX.length()), properties.getProperty(name));
                }
            }
            return figures;
        } finally {
            machine.detach();
        }
    }
}
