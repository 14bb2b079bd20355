package io.readahead.examples.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Chromium without a screen, with a profile of its own for each page.
 *
 * <p>Errors: IllegalStateException, with all that it printed, when it fails or takes longer than a minute; nothing of it is left then.
 */
final class Browser {

    private static final int TIMEOUT_SECONDS = 60;
    /** Longer than everything on the page is tall. */
    private static final String WINDOW = "1240,2450";

    private Browser() {
    }

    /**
     * What came of a page.
     *
     * @param dom the document after its scripts ran; empty where a screenshot was asked for
     * @param console what its scripts logged, and the errors that nobody caught
     */
    record Visit(String dom, List<String> console) {
    }

    /** Has the page's scripts run. */
    static Visit dom(Path page) throws IOException, InterruptedException {
        return visit(page, "--dump-dom");
    }

    /** Takes a picture of the whole page. */
    static Visit screenshot(Path page, Path png) throws IOException, InterruptedException {
        return visit(page, "--screenshot=" + png);
    }

    private static Visit visit(Path page, String action) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("readahead-browser-");
        Path out = Files.createTempFile("readahead-browser-", ".out");
        Path err = Files.createTempFile("readahead-browser-", ".err");
        List<String> command = new ArrayList<>(List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                "--user-data-dir=" + profile, "--disable-dev-shm-usage", "--enable-logging=stderr", "--hide-scrollbars",
                "--window-size=" + WINDOW, action, page.toUri().toString()));
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(err, StandardCharsets.ISO_8859_1);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + (ended ? " failed: " : " did not end: ") + lines);
            }
            return new Visit(Files.readString(out), lines.stream().filter(line -> line.contains(":CONSOLE")).toList());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Files.delete(out);
            Files.delete(err);
            delete(profile);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
