package io.readahead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of one server stands in that server's folder, and nowhere where all servers pass through. */
class ServerNamesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/readahead");
    private static final Pattern NAME = Pattern.compile("netty|kafka|undertow|xnio|tomcat|coyote|jetty|grizzly|"
            + "vert\\.?x|\\bmina\\b|pekko|akka|\\bspark|cassandra|wildfly", Pattern.CASE_INSENSITIVE);

    @ParameterizedTest
    @ValueSource(strings = {"weave", "transfer", "bridge", "adapter", "survey", "gate"})
    void theRoomsOfAllServersNameNone(String room) throws IOException {
        assertEquals(List.of(), naming(SOURCES.resolve(room)));
    }

    @Test
    void theyWouldBeFound() throws IOException {
        assertTrue(naming(SOURCES.resolve("server")).size() > 2);
    }

    private static List<String> naming(Path room) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(room)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.readAllLines(file).stream().filter(line -> NAME.matcher(line).find()).forEach(line -> found.add(file + ": " + line));
            }
        }
        return found;
    }
}
