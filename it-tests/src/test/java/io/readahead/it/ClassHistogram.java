package io.readahead.it;

import io.readahead.kit.Jdk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The objects that a JVM has, by the name of their class, after a garbage collection. */
final class ClassHistogram {

    private static final int INSTANCES = 1;
    private static final int NAME = 3;

    private ClassHistogram() {
    }

    /**
     * Asks a JVM.
     *
     * <p>Errors: an empty answer where it can't be asked.
     * <p>Source: jcmd(1), GC.class_histogram.
     */
    static Map<String, Long> of(Jdk jdk, long pid) throws Exception {
        Path jcmd = jdk.java().resolveSibling("jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram").redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Map<String, Long> instances = new TreeMap<>();
        for (String line : output.lines().toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > NAME && fields[0].matches("\\d+:")) {
                instances.merge(fields[NAME], Long.parseLong(fields[INSTANCES]), Long::sum);
            }
        }
        if (instances.isEmpty()) {
            throw new IllegalStateException("no histogram: " + output);
        }
        return instances;
    }
}
