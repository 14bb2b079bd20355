package io.readahead.cli;

import io.readahead.weave.CallSiteSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The jars that a JVM has open, and which of them call {@code FileChannel.transferTo}.
 *
 * <p>Nothing is asked of the JVM itself. Jars inside jars are not looked into.
 * <p>Errors: what can't be read is left out. Source: proc(5), /proc/PID/fd.
 */
final class OpenJars {

    private OpenJars() {
    }

    /** The names of those that call it, in alphabetical order. */
    static List<String> callers(long pid) {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.endsWith(".jar") && !names.contains(Path.of(target).getFileName().toString()) && calls(descriptor)) {
                    names.add(Path.of(target).getFileName().toString());
                }
            }
        } catch (IOException | RuntimeException ignored) {
            // The process has ended, or is another user's.
        }
        return List.copyOf(names);
    }

    private static boolean calls(Path jarFile) throws IOException {
        try (JarFile jar = new JarFile(jarFile.toFile(), false)) {
            if (jar.getEntry("META-INF/isolated/") != null) {
                return false;    // the agent itself
            }
            Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        if (CallSiteSearch.sendsFiles(entry.getName(), in.readAllBytes())) {
                            return true;
                        }
                    }
                }
            }
            return false;
        }
    }
}
