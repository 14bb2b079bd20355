package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {

    @TempDir
    private Path folder;

    private static String onStderr(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineIsAppendedToTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "before\n");
        Log log = new Log(file.toString());
        log.line("one");
        log.line("two");
        assertEquals(List.of("before", "readahead: one", "readahead: two"), Files.readAllLines(file));
    }

    @Test
    void stderrGetsItAndOffGetsNothing() {
        assertEquals("readahead: one" + System.lineSeparator(), onStderr(() -> new Log("stderr").line("one")));
        assertEquals("", onStderr(() -> new Log("off").line("one")));
    }

    @Test
    void aFileThatCannotBeWrittenToGivesWayToStderrAndIsNamed() {
        String path = folder.resolve("missing").resolve("log").toString();
        String written = onStderr(() -> new Log(path).line("one"));
        assertTrue(written.startsWith("readahead: one") && written.contains(path), written);
    }

    @Test
    void oneKindOfLineIsWrittenOncePerMinuteAndAnotherKindIsNotHeldBack() throws IOException {
        Path file = folder.resolve("log");
        Log log = new Log(file.toString());
        log.atMostOncePerMinute("kind", "one");
        log.atMostOncePerMinute("kind", "two");
        log.atMostOncePerMinute("other", "three");
        assertEquals(List.of("readahead: one", "readahead: three"), Files.readAllLines(file));
    }

    @Test
    void ofManyThreadsOneWrites() throws Exception {
        Path file = folder.resolve("log");
        Log log = new Log(file.toString());
        for (int round = 0; round < 200; round++) {
            String kind = "kind " + round;
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    awaitQuietly(start);
                    log.atMostOncePerMinute(kind, kind);
                });
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
                assertFalse(thread.isAlive());
            }
        }
        assertEquals(200, Files.readAllLines(file).size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
