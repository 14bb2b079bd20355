package io.readahead.survey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ReadsElsewhereTest {

    private static final long MB = 1 << 20;

    @TempDir
    private Path tasks;

    private ReadsElsewhere reads;

    @BeforeEach
    void begin() {
        reads = new ReadsElsewhere(tasks);
    }

    private void thread(long id, String name, long readBytes) throws IOException {
        Path task = Files.createDirectories(tasks.resolve(Long.toString(id)));
        Files.writeString(task.resolve("comm"), name + "\n");
        Files.writeString(task.resolve("io"), "rchar: 5\nread_bytes: " + readBytes + "\nwrite_bytes: 7\n");
    }

    private List<ReadsElsewhere.Row> rows(Map<String, Long> inCalls) {
        reads.look();
        return reads.rows(inCalls);
    }

    @Test
    void whatWasReadBeforeTheFirstLookDoesNotCount() throws IOException {
        thread(11, "pool-1", 100 * MB);
        reads.look();
        thread(11, "pool-1", 106 * MB);
        assertEquals(List.of(new ReadsElsewhere.Row("pool-*", 6 * MB)), rows(Map.of()));
    }

    @Test
    void whoBeganSinceCountsWholeAndThoseOfAPoolAreOneRow() throws IOException {
        reads.look();
        thread(11, "pool-1", 3 * MB);
        thread(12, "pool-22", 2 * MB);
        thread(13, "selector", 9 * MB);
        assertEquals(List.of(new ReadsElsewhere.Row("selector", 9 * MB), new ReadsElsewhere.Row("pool-*", 5 * MB)), rows(Map.of()));
    }

    @Test
    void whatWasReadInCallsIsTakenOff() throws IOException {
        reads.look();
        thread(13, "selector", 9 * MB);
        assertEquals(List.of(new ReadsElsewhere.Row("selector", 5 * MB)), rows(Map.of("selector", 4 * MB)));
        assertEquals(List.of(), rows(Map.of("selector", 6 * MB)), "less is not worth a row");
    }

    @Test
    void theAgentsOwnThreadsAreNone() throws IOException {
        reads.look();
        thread(14, "readahead-1-2", 50 * MB);
        assertEquals(List.of(), rows(Map.of()));
    }

    @Test
    void whatIsNoThreadOrHasEndedIsLeftOut() throws IOException {
        reads.look();
        Files.createDirectories(tasks.resolve("77"));
        Files.createFile(tasks.resolve("x"));
        assertEquals(List.of(), rows(Map.of()));
        assertEquals(List.of(), new ReadsElsewhere(tasks.resolve("none")).rows(Map.of()));
    }

    @Test
    void anotherThreadWithTheSameNumberIsAnother() throws IOException {
        thread(11, "pool-1", 100 * MB);
        reads.look();
        thread(11, "other", 5 * MB);
        assertEquals(List.of(new ReadsElsewhere.Row("other", 5 * MB)), rows(Map.of()), "the first had read nothing since the first look");
    }

    @Test
    void whatThoseHaveReadThatEndedStays() throws IOException {
        reads.look();
        thread(11, "pool-1", 3 * MB);
        reads.look();
        Files.move(tasks.resolve("11"), tasks.resolve("gone"));
        thread(12, "pool-2", 2 * MB);
        assertEquals(List.of(new ReadsElsewhere.Row("pool-*", 5 * MB)), rows(Map.of()));
        assertEquals(List.of(new ReadsElsewhere.Row("pool-*", 5 * MB)), rows(Map.of()), "once");
    }

    @Test
    void aNameMayBeCutInTheMiddleOfACharacterOrHaveControlsInIt() throws IOException {
        reads.look();
        thread(11, "x", 9 * MB);
        Files.write(tasks.resolve("11").resolve("comm"), new byte[] {'a', (byte) 0xC2, (byte) 0x9B, 'b', (byte) 0xD0, '\n'});
        assertEquals(List.of(new ReadsElsewhere.Row("a?b\uFFFD", 9 * MB)), rows(Map.of()));
    }

    @Test
    void thisThreadHasTheNameThatTheKernelHas() {
        Thread.currentThread().setName("looks-7");
        assertEquals("looks-*", ReadsElsewhere.nameOfThisThread());
    }
}
