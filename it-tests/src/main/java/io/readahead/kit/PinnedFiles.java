package io.readahead.kit;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Program files that stay in the page cache for as long as this JVM lives.
 *
 * <p>Problem: a thread that comes to code or to a class for the first time reads it from the JDK or from a jar. Where the kernel has let
 * go of those pages meanwhile (memory is short, or idle pages are reclaimed before it is), a loop under test is charged with that read,
 * and sleeps as long as a test has stopped the disk. Choice: lock them in memory. Cost: some 200 MB for a JDK and a server.
 *
 * <p>Errors: none; a user who may lock no memory runs the tests without. Threads: any.
 * <p>Source: mlock(2); RLIMIT_MEMLOCK doesn't hold for root.
 */
final class PinnedFiles {

    private static final Set<Path> DONE = ConcurrentHashMap.newKeySet();
    private static final List<String> PROGRAM_ENDINGS = List.of(".jar", ".so", ".so.1", ".so.2", ".so.6", ".jsa");

    private PinnedFiles() {
    }

    /** Pins a JDK, and every jar that a command names: alone, on a class path, or by the folder that it lies in. */
    static void pinProgram(Jdk jdk, List<String> command) {
        pinBelow(jdk.home().resolve("lib"));
        for (String argument : command) {
            for (String name : argument.split("[:=]")) {
                Path path = Path.of(name.endsWith("/*") ? name.substring(0, name.length() - 2) : name);
                if (path.isAbsolute() && path.getNameCount() > 2) {
                    if (Files.isRegularFile(path)) {
                        pinProgramFile(path);
                    } else if (Files.isDirectory(path.resolve("lib")) || name.endsWith("/*")) {
                        pinBelow(path);
                    }
                }
            }
        }
    }

    private static void pinBelow(Path folder) {
        if (!DONE.add(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(PinnedFiles::pinProgramFile);
        } catch (IOException ignored) {
            // What can't be listed isn't pinned.
        }
    }

    private static void pinProgramFile(Path file) {
        String name = file.getFileName().toString();
        if ((name.equals("modules") || PROGRAM_ENDINGS.stream().anyMatch(name::endsWith)) && DONE.add(file)) {
            try {
                PinnedRange.lock(file);
            } catch (IOException | LastErrorException ignored) {
                // May not be locked, or has gone.
            }
        }
    }
}
