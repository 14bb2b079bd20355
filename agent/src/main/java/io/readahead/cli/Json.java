package io.readahead.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON (RFC 8259) of maps, lists and texts; a whole JSON library would ride along in every server's jar for this alone. */
final class Json {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final String INDENT = "  ";

    private Json() {
    }

    /** Writes names and values in their order; a text that is a whole number is written as one. */
    static String write(Map<String, ?> members) {
        return value(members, "");
    }

    private static String value(Object value, String indent) {
        String deeper = indent + INDENT;
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "{}" : map.entrySet().stream()
                    .map(member -> deeper + string((String) member.getKey()) + ": " + value(member.getValue(), deeper))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "[]" : list.stream().map(element -> deeper + value(element, deeper))
                    .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
        }
        String text = (String) value;
        return text.matches("-?(0|[1-9][0-9]{0,17})") ? text : string(text);
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
