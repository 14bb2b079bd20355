package io.readahead.cli;

import java.util.Map;
import java.util.stream.Collectors;

/** One flat JSON object (RFC 8259); a whole JSON library would ride along in every server's jar for this alone. */
final class Json {

    private static final int FIRST_PRINTABLE = 0x20;

    private Json() {
    }

    /** Writes names and values in their order; a value that is a whole number is written as one. */
    static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> "  " + string(member.getKey()) + ": "
                        + (member.getValue().matches("-?(0|[1-9][0-9]{0,17})") ? member.getValue() : string(member.getValue())))
                .collect(Collectors.joining(",\n", "{\n", "\n}"));
    }

    private static String string(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
