package io.readahead.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A Java installation of this machine that a server can be run with.
 *
 * <p>Errors: a folder that is no installation, or is older than {@link #OLDEST_FEATURE}, is left out without a word.
 *
 * @param home its real path, so that two links to one installation are one
 * @param feature 17, 21, 25 and so on
 */
public record Jdk(Path home, int feature) {

    /** What the product is compiled for. */
    public static final int OLDEST_FEATURE = 17;

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The installation that runs this JVM. */
    public static Jdk current() {
        try {
            return new Jdk(Path.of(System.getProperty("java.home")).toRealPath(), Runtime.version().feature());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Every installation found: the running one first, then that of JAVA_HOME, then those of /usr/lib/jvm by feature and path.
     *
     * @return each once by its real path; never empty
     */
    public static List<Jdk> all() {
        Map<Path, Jdk> found = new LinkedHashMap<>();
        found.put(current().home(), current());
        Stream.concat(Stream.ofNullable(System.getenv("JAVA_HOME")).filter(home -> !home.isBlank()).map(Path::of), installed().stream())
                .flatMap(home -> at(home).stream())
                .forEach(jdk -> found.putIfAbsent(jdk.home(), jdk));
        return List.copyOf(found.values());
    }

    /** The installation in this folder; empty where there is none that is new enough. */
    public static Optional<Jdk> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return Optional.empty();
        }
        try (var lines = Files.newBufferedReader(release)) {
            Properties facts = new Properties();
            facts.load(lines);
            String version = facts.getProperty("JAVA_VERSION", "0").replace("\"", "");
            int feature = Runtime.Version.parse(version).feature();
            return feature < OLDEST_FEATURE ? Optional.empty() : Optional.of(new Jdk(home.toRealPath(), feature));
        } catch (IOException | IllegalArgumentException ignored) {
            // JDK 8 writes 1.8.0_392, which is no Runtime.Version, and is too old anyway.
            return Optional.empty();
        }
    }

    /** The launcher. */
    public Path java() {
        return home.resolve("bin/java");
    }

    @Override
    public String toString() {
        return "JDK " + feature + " at " + home;
    }

    private static List<Path> installed() {
        if (!Files.isDirectory(INSTALLED)) {
            return List.of();
        }
        try (Stream<Path> homes = Files.list(INSTALLED)) {
            List<Path> sorted = new ArrayList<>(homes.sorted().toList());
            return sorted;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
