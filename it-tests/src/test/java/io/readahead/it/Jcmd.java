package io.readahead.it;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The JDK's own command for a JVM that runs. */
final class Jcmd {

    private Jcmd() {
    }

    /** Runs a command of the JVM. @return what it prints */
    static String run(Jdk jdk, long pid, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(jdk.java().resolveSibling("jcmd").toString(), Long.toString(pid)));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
