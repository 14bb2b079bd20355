package io.readahead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Main;

/**
 * The tests of {@link HandOverTest} by jcstress's own harness, on the newest JDK there is: a JVM for each, its threads bound to
 * cores, the compilers' order of instructions shuffled.
 *
 * <p>Minutes: only {@code -Pmatrix} runs it.
 */
class ForkedHandOverTest {

    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final Pattern FEATURE = Pattern.compile("JAVA_VERSION=\"(\\d+)");
    private static final long LIMIT_MINUTES = 8;

    @TempDir
    private Path folder;

    @Test
    void noWakeUpIsLost() throws Exception {
        String output = jcstress("io\\.readahead\\.(?!.*Broken).*", 500, 0);
        assertTrue(output.contains("Failed tests: No matches"), output);
        assertTrue(output.contains("Error tests: No matches"), output);
    }

    @Test
    void aBrokenGateFails() throws Exception {
        jcstress(".*BrokenGateStress", 2000, 1);
    }

    private String jcstress(String tests, int millis, int expectedExit) throws IOException, InterruptedException {
        String opens = Stream.of("java.io", "java.lang", "java.nio", "java.nio.channels", "java.nio.channels.spi", "sun.nio.ch")
                .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED").reduce((a, b) -> a + " " + b).orElseThrow();
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(newestJava(), "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "-t", tests, "-c", "2", "-f", "1", "-fsm", "1", "-sc", "false", "-hs", "512", "-iters", "1",
                "-time", Integer.toString(millis), "-jvmArgs", opens)
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), "still running after " + LIMIT_MINUTES + " minutes");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertEquals(expectedExit, process.exitValue(), text);
        return text;
    }

    private static String newestJava() throws IOException {
        Path newest = Path.of(System.getProperty("java.home"));
        int feature = Runtime.version().feature();
        List<Path> homes = new ArrayList<>();
        if (Files.isDirectory(JVMS)) {
            try (Stream<Path> found = Files.list(JVMS)) {
                found.filter(home -> Files.isExecutable(home.resolve("bin/java"))).forEach(homes::add);
            }
        }
        for (Path home : homes) {
            Path release = home.resolve("release");
            Matcher version = FEATURE.matcher(Files.isReadable(release) ? Files.readString(release) : "");
            if (version.find() && Integer.parseInt(version.group(1)) > feature) {
                feature = Integer.parseInt(version.group(1));
                newest = home;
            }
        }
        return newest.resolve("bin/java").toString();
    }
}
