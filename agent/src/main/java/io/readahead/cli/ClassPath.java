package io.readahead.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The class path that a JVM was started with, as its command line and environment have it: nothing is asked of the JVM itself.
 *
 * <p>Source: the manual of {@code java}: -cp wins over CLASSPATH; with -jar neither counts. Options in a file of arguments or in
 * JDK_JAVA_OPTIONS are not looked at, so where nothing is said the current folder, which counts then, is left out: it may be the root.
 */
final class ClassPath {

    private static final Set<String> OPTIONS = Set.of("-cp", "-classpath", "--class-path");
    private static final String LONG_OPTION = "--class-path=";
    private static final String VARIABLE = "CLASSPATH=";
    /** Of the JVM's options with a value of their own, those that come as a word of its own. */
    private static final Set<String> WITH_A_WORD = Set.of("-p", "--module-path", "--add-modules", "--add-exports", "--add-opens",
            "--add-reads", "--upgrade-module-path", "--patch-module", "--limit-modules", "--source");
    private static final Set<String> MODULE = Set.of("-m", "--module");

    private ClassPath() {
    }

    /** Its entries that are no jars, below a process's folder of proc(5); empty where nothing can be read. */
    static List<Path> foldersOf(Path proc) {
        try {
            List<Path> folders = new ArrayList<>();
            for (String entry : entries(words(proc.resolve("cmdline")), words(proc.resolve("environ")))) {
                if (!entry.endsWith(".jar") && !entry.endsWith("*")) {
                    Path folder = entry.startsWith("/") ? Path.of(proc + "/root" + entry) : proc.resolve("cwd").resolve(entry);
                    if (Files.isDirectory(folder)) {
                        folders.add(folder);
                    }
                }
            }
            return folders;
        } catch (IOException | RuntimeException ignored) {
            return List.of();    // the process has ended, or is another user's
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.asList(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
    }

    /** What lies on the class path; an empty entry is the current folder. */
    static List<String> entries(List<String> commandLine, List<String> environment) {
        String path = null;
        for (int word = 1; word < commandLine.size(); word++) {
            String option = commandLine.get(word);
            if (OPTIONS.contains(option) && word + 1 < commandLine.size()) {
                word++;
                path = commandLine.get(word);
            } else if (option.startsWith(LONG_OPTION)) {
                path = option.substring(LONG_OPTION.length());
            } else if (option.equals("-jar")) {
                return List.of();
            } else if (MODULE.contains(option)) {
                return path == null ? List.of() : split(path);    // CLASSPATH does not count
            } else if (WITH_A_WORD.contains(option)) {
                word++;
            } else if (!option.startsWith("-") && !option.startsWith("@")) {
                break;    // the main class
            }
        }
        if (path == null) {
            path = environment.stream().filter(variable -> variable.startsWith(VARIABLE)).findFirst()
                    .map(variable -> variable.substring(VARIABLE.length())).orElse(null);
        }
        return path == null ? List.of() : split(path);
    }

    private static List<String> split(String path) {
        return Arrays.stream(path.split(File.pathSeparator, -1)).map(entry -> entry.isEmpty() ? "." : entry).toList();
    }
}
