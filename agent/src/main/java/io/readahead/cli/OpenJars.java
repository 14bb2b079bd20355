package io.readahead.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The jars that a JVM has open and the folders on its class path, and which of them call {@code FileChannel.transferTo}.
 *
 * <p>Nothing is asked of the JVM itself. What is linked into an image by jlink is not looked into.
 * <p>Errors: what can't be read is left out. Source: proc(5), /proc/PID/fd.
 */
final class OpenJars {

    private static final Path PROC = Path.of("/proc");

    private OpenJars() {
    }

    /** The names of those that call it, in alphabetical order; a folder's ends with a slash. */
    static List<String> callers(long pid) {
        Path proc = PROC.resolve(Long.toString(pid));
        TreeSet<String> names = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if ((target.endsWith(".jar") || target.endsWith(".war")) && seen.add(target)) {
                    names.addAll(SendingCode.inJar(descriptor, Path.of(target).getFileName().toString()));
                }
            }
        } catch (IOException | RuntimeException ignored) {
            // The process has ended, or is another user's.
        }
        for (Path folder : ClassPath.foldersOf(proc)) {
            if (SendingCode.inFolder(folder)) {
                names.add(folder.getFileName() + "/");
            }
        }
        return List.copyOf(names);
    }
}
