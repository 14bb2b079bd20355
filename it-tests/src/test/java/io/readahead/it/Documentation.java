package io.readahead.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is written for users and developers: README.md and what it leads to. */
final class Documentation {

    /** The line above a block of commands, which says who runs it: a test class, a script, or nobody. */
    static final Pattern BLOCK = Pattern.compile("(?ms)(?:^<!-- run by ([^\n]+?) -->\n)?^```(\\w*)\n(.*?)^```$");

    /** The folder that README.md is in. */
    static final Path ROOT = Path.of(System.getProperty("basedir")).getParent();

    private Documentation() {
    }

    /** A block of code. @param runner who runs it, empty where nothing is said of that; @param language as the fence has it */
    record Block(String runner, String language, String text) {
    }

    /** What a user reads first. */
    static String readme() {
        return text(ROOT.resolve("README.md"));
    }

    /** A page, by its name without {@code .md}. */
    static String page(String name) {
        return text(ROOT.resolve("agent/docs/" + name + ".md"));
    }

    /** README.md and the pages that it leads to, by their paths. */
    static Map<Path, String> ofUsers() {
        return under(Stream.concat(Stream.of(ROOT.resolve("README.md")), files("agent/docs", ".md")));
    }

    /** The same, and all else that is written in Markdown. */
    static Map<Path, String> all() {
        Map<Path, String> all = ofUsers();
        all.putAll(under(Stream.of(".github", "examples", "it-tests").flatMap(folder -> files(folder, ".md"))));
        return all;
    }

    /** The blocks of code of a text. */
    static List<Block> blocks(String text) {
        return BLOCK.matcher(text).results()
                .map(block -> new Block(block.group(1) == null ? "" : block.group(1), block.group(2), block.group(3))).toList();
    }

    /** The block of commands that has this name. */
    static String commands(String text, String runner) {
        return blocks(text).stream().filter(block -> block.runner().equals(runner)).map(Block::text).findFirst()
                .orElseThrow(() -> new AssertionError("no block is run by " + runner));
    }

    private static Map<Path, String> under(Stream<Path> files) {
        Map<Path, String> texts = new TreeMap<>();
        files.forEach(file -> texts.put(file, text(file)));
        return texts;
    }

    /** The files below a folder whose names end so, but for what the build makes. */
    static Stream<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending) && !file.toString().contains("/target/")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
