package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.readahead.kit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In the build's folder, which is on a disk more often than that for temporary files is. */
class DataFilesTest {

    private static final Path FOLDER = Path.of("target", "data-files-test").toAbsolutePath();
    private static final Path THEIRS = FOLDER.resolve("theirs");

    @BeforeEach
    void somethingElseLiesThere() throws IOException {
        Requirement.linux().orSkip();
        Files.createDirectories(FOLDER);
        Files.writeString(THEIRS, "not of the demo");
    }

    @AfterEach
    void delete() throws IOException {
        new DataFiles(FOLDER, 0, 0).delete();
        Files.delete(THEIRS);
        Files.delete(FOLDER);
    }

    private static Map<String, Long> sizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(path -> !path.equals(THEIRS)).toList()) {
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        return sizes;
    }

    @Test
    void whatWasKeptForAnotherServerGoesAndWhatFitsStays() throws Exception {
        Progress progress = new Progress(System.out, false);
        new DataFiles(FOLDER, 3, 7000).create(progress);
        assertEquals(Map.of("small-1", DataFiles.SMALL_BYTES, "small-2", DataFiles.SMALL_BYTES, "small-3", DataFiles.SMALL_BYTES,
                "big-1", 7000L, "big-2", 7000L, "big-3", 7000L), sizes());
        Object small = Files.getAttribute(FOLDER.resolve("small-1"), "unix:ino");
        DataFiles others = new DataFiles(FOLDER, 2, 9000);
        others.create(progress);
        assertEquals(Map.of("small-1", DataFiles.SMALL_BYTES, "small-2", DataFiles.SMALL_BYTES, "small-3", DataFiles.SMALL_BYTES,
                "big-1", 9000L, "big-2", 9000L), sizes());
        assertEquals(small, Files.getAttribute(FOLDER.resolve("small-1"), "unix:ino"), "the same file as before");
        others.delete();
        assertEquals(Map.of(), sizes());
        assertEquals("not of the demo", Files.readString(THEIRS));
    }
}
