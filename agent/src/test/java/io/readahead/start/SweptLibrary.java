package io.readahead.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A paragraph of {@code it-tests/versions.txt}, which says how it is written.
 *
 * @param folder how the names of its folders of jars begin
 * @param woven what is to be woven
 * @param questions what the adapters are asked
 */
record SweptLibrary(String name, String folder, Set<String> woven, List<AdapterQuestion> questions, List<String> releases) {

    /** Errors: IllegalArgumentException for a line that is none of a list. */
    static List<SweptLibrary> in(List<String> lines) {
        List<SweptLibrary> libraries = new ArrayList<>();
        SweptLibrary last = null;
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String key = line.substring(0, line.indexOf(' '));
            String value = line.substring(key.length()).strip();
            if (key.equals("library")) {
                last = new SweptLibrary(value, "", new TreeSet<>(), new ArrayList<>(), List.of());
            } else if (last != null) {
                last = last.with(key, value);
            }
            if (key.equals("releases")) {
                libraries.add(last);
            }
        }
        return libraries;
    }

    private SweptLibrary with(String key, String value) {
        List<String> words = Stream.of(value.split("\\s+")).toList();
        switch (key) {
            case "artifacts":
                return new SweptLibrary(name, words.get(0).split(":")[1], woven, questions, releases);
            case "woven":
                woven.addAll(words);
                return this;
            case "ask":
                questions.add(AdapterQuestion.of(value));
                return this;
            case "releases":
                return new SweptLibrary(name, folder, woven, questions, words);
            default:
                throw new IllegalArgumentException("a line of a list of libraries can't begin with " + key);
        }
    }
}
