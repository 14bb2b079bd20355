package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";
    private static final int REPEATS = 42;

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> stderr = new ArrayList<>();

    private Log log(Log.Level most) {
        return log(file().toString(), most);
    }

    private Log log(String destination, Log.Level most) {
        return new Log(destination, most, nanos::get, stderr::add);
    }

    private Path file() {
        return folder.resolve("agent.log");
    }

    private List<String> lines() throws IOException {
        return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    }

    @Test
    void aLineInAFileHasTimeLevelAndText() throws IOException {
        log(Log.Level.INFO).line(Log.Level.WARN, "a class stays as it is");
        assertEquals(1, lines().size());
        assertTrue(lines().get(0).matches(TIME + "WARN  readahead: a class stays as it is"), lines().get(0));
    }

    @Test
    void whatMattersLessThanTheLevelIsLeftOut() throws IOException {
        Log log = log(Log.Level.WARN);
        for (Log.Level level : Log.Level.values()) {
            log.line(level, level.name());
            log.soon(level, level.name(), "soon " + level.name());
        }
        log.tick();
        assertEquals(List.of("ERROR", "WARN", "soon ERROR", "soon WARN"),
                lines().stream().map(line -> line.replaceAll(".*readahead: ", "")).sorted().toList());
    }

    @Test
    void repeatedLinesAreCountedAndSaidOnceAMinute() throws IOException {
        Log log = log(Log.Level.INFO);
        for (int i = 0; i < REPEATS; i++) {
            log.atMostOncePerMinute(Log.Level.ERROR, "failure", "it failed");
            log.tick();
        }
        assertEquals(1, lines().size(), "the first is said at once, the others wait");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        log.tick();
        log.tick();
        assertEquals(2, lines().size());
        assertTrue(lines().get(1).endsWith("it failed (41 times since the last such line)"), lines().get(1));
    }

    @Test
    void whatHappensOnAnEventLoopIsWrittenByTheWatchdog() throws IOException {
        Log log = log(Log.Level.INFO);
        for (int i = 0; i < REPEATS; i++) {
            log.soon(Log.Level.ERROR, "failure", "it failed");
        }
        assertEquals(List.of(), lines());
        log.tick();
        assertTrue(lines().get(0).endsWith("it failed (42 times)"), lines().get(0));
        log.soon(Log.Level.ERROR, "failure", "it failed again");
        log.flush();
        assertTrue(lines().get(1).endsWith("it failed again"), "nothing is held back at the end");
    }

    @Test
    void kindsWithoutEndShareOne() throws IOException {
        Log log = log(Log.Level.INFO);
        for (int i = 0; i < 1000; i++) {
            log.atMostOncePerMinute(Log.Level.WARN, "kind " + i, "text " + i);
        }
        assertEquals(257, lines().size(), "256 kinds, and one for all others");
    }

    @Test
    void aFileThatCannotBeWrittenToGivesWayToStderrAndIsNamed() {
        String path = folder.resolve("missing").resolve("log").toString();
        log(path, Log.Level.INFO).line(Log.Level.INFO, "one");
        assertTrue(stderr.get(0).startsWith("readahead: one") && stderr.get(0).contains(path), stderr::toString);
    }

    @Test
    void stderrGetsItAndOffGetsNothing() {
        log("off", Log.Level.INFO).line(Log.Level.INFO, "none");
        log("stderr", Log.Level.INFO).line(Log.Level.INFO, "one");
        assertEquals(List.of("readahead: one"), stderr);
    }

    @Test
    void ofManyThreadsOneWrites() throws Exception {
        Log log = log(Log.Level.INFO);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                log.atMostOncePerMinute(Log.Level.ERROR, "failure", "it failed");
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, lines().size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
