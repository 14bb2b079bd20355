package io.readahead.it;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Jars of the agent as other builds would make them: no entry lies where it lies in the shipped jar. */
final class AgentBuilds {

    private static final String VERSION = "META-INF/isolated/io/readahead/start/version.properties";
    private static final String BRIDGE = "META-INF/isolated/java/nio/channels/ReadaheadBridge.classdata";

    private AgentBuilds() {
    }

    /** The shipped jar, but for its version. @return the path */
    static Path version(String version, Path path) throws IOException {
        return write(path, Map.of(VERSION, text(version)));
    }

    /** The same with another bridge. @return the path */
    static Path withAnotherBridge(String version, Path path) throws IOException {
        return write(path, Map.of(VERSION, text(version), BRIDGE, new byte[1]));
    }

    private static byte[] text(String version) {
        return ("version=" + version + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Path write(Path path, Map<String, byte[]> changed) throws IOException {
        try (ZipFile shipped = new ZipFile(Artifacts.agentJar().toFile()); OutputStream file = Files.newOutputStream(path);
                ZipOutputStream jar = new ZipOutputStream(file)) {
            jar.setLevel(Deflater.BEST_SPEED);
            for (ZipEntry entry : Collections.list(shipped.entries())) {
                jar.putNextEntry(new ZipEntry(entry.getName()));
                byte[] content = changed.get(entry.getName());
                jar.write(content != null ? content : shipped.getInputStream(entry).readAllBytes());
            }
        }
        return path;
    }
}
