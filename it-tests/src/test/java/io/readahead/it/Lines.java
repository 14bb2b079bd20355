package io.readahead.it;

import io.readahead.kit.ServerProcess;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a program under test printed as {@code name=value}. */
final class Lines {

    private Lines() {
    }

    /** All of them, of a program that must have ended well; of a name that is printed more than once, all values with blanks between. */
    static Map<String, String> of(ServerProcess program) {
        assertEquals(0, program.exitCode(), program::toString);
        Map<String, String> values = new TreeMap<>();
        for (String line : program.stdout()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.merge(line.substring(0, equals), line.substring(equals + 1), (first, next) -> first + " " + next);
            }
        }
        return values;
    }
}
