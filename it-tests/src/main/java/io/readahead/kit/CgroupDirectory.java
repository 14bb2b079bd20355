package io.readahead.kit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Makes, fills, empties and removes the folder of a cgroup. */
final class CgroupDirectory {

    /** Begins the name of every group that we make; then our process id, so that what a killed process left is known. */
    static final String PREFIX = "readahead-";

    private static final long REMOVE_MILLIS = 3000;
    private static final long RETRY_MILLIS = 20;

    private CgroupDirectory() {
    }

    /**
     * Makes a group below a parent, and sweeps away what killed processes left there.
     *
     * @param knob file that the group must have to be of use
     * @throws IOException why it can't be had; nothing is left behind
     */
    static Path create(Path parent, String name, String knob) throws IOException {
        removeLeftovers(parent);
        Path directory = Files.createDirectory(parent.resolve(name));
        if (!Files.isWritable(directory.resolve(knob))) {
            Files.delete(directory);
            throw new IOException("this kernel or user has no " + knob);
        }
        return directory;
    }

    /** Writes one value. The kernel takes a value as one write, and files here can be neither created nor cut. */
    static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }

    /** An exception in a few words; that of a refused file names only the file. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getFile() + ": " + failed.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    /**
     * Moves the group's processes out and removes it.
     *
     * <p>Errors: IOException if it is still there after {@value #REMOVE_MILLIS} ms; a process that is ending is inside until it is gone.
     */
    static void remove(Path directory, Path home) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REMOVE_MILLIS);
        while (true) {
            moveProcesses(directory, home);
            try {
                Files.deleteIfExists(directory);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void moveProcesses(Path directory, Path home) {
        for (String pid : processes(directory)) {
            try {
                write(home.resolve("cgroup.procs"), pid);
            } catch (IOException ignored) {
                // It ended meanwhile, or it is ending: the removal will tell.
            }
        }
    }

    private static List<String> processes(Path directory) {
        try {
            return Files.readAllLines(directory.resolve("cgroup.procs"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A group that still holds processes stays: the kernel refuses to remove it. */
    private static void removeLeftovers(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            children.filter(CgroupDirectory::isLeftover).forEach(CgroupDirectory::removeIfEmpty);
        } catch (IOException ignored) {
            // Nothing to be seen there, so nothing to sweep.
        }
    }

    /** True for a group whose maker no longer lives. */
    static boolean isLeftover(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.matches(PREFIX + "[0-9]{1,10}-[0-9]+.*")) {
            return false;
        }
        String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
        return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    private static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException ignored) {
            // Still in use.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
