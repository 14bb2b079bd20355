package io.readahead.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One cell of the matrix of kernels, as it crosses a guest's serial console: a line of names and values.
 *
 * <p>Units: as each name says. Errors: IllegalStateException where a figure is asked for that the line doesn't have.
 *
 * @param cell which column
 * @param server which server, {@link #NONE} where it concerns none
 * @param figures by name
 */
record KernelLine(String cell, String server, Map<String, String> figures) {

    static final String NONE = "none";

    /** A cell that could not be measured has nothing but the reason, by this name. */
    static final String FAILED = "failed";

    private static final String PREFIX = "readahead-kernel:";
    /** No value has one, and no terminal changes it. */
    private static final String SEPARATOR = "\t";

    /** @param namesAndValues a name, its value, a name, its value, and so on */
    static KernelLine of(String cell, String server, Object... namesAndValues) {
        Map<String, String> figures = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            figures.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString().replaceAll("\\s+", " "));
        }
        return new KernelLine(cell, server, figures);
    }

    /** The lines of a console, which has others besides. */
    static List<KernelLine> in(List<String> console) {
        List<KernelLine> lines = new ArrayList<>();
        for (String line : console) {
            // A message of the kernel's may stand before it.
            int start = line.indexOf(PREFIX);
            if (start >= 0) {
                String[] fields = line.substring(start + PREFIX.length()).strip().split(SEPARATOR);
                Map<String, String> figures = new LinkedHashMap<>();
                Arrays.stream(fields).skip(2).map(field -> field.split("=", 2)).forEach(pair -> figures.put(pair[0], pair[1]));
                lines.add(new KernelLine(fields[0], fields[1], figures));
            }
        }
        return lines;
    }

    boolean failed() {
        return figures.containsKey(FAILED);
    }

    String text(String name) {
        String value = figures.get(name);
        if (value == null) {
            throw new IllegalStateException("no " + name + " in " + this);
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    @Override
    public String toString() {
        return PREFIX + " " + cell + SEPARATOR + server + figures.entrySet().stream()
                .map(figure -> SEPARATOR + figure.getKey() + "=" + figure.getValue()).collect(Collectors.joining());
    }
}
