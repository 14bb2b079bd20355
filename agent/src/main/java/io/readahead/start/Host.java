package io.readahead.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine, or the container, has: the options' defaults follow from it.
 *
 * <p>Errors: none; what can't be read counts as unlimited. Threads: any.
 * <p>Source: proc_meminfo(5); cgroups(7), {@code memory.limit_in_bytes} of version 1 and {@code memory.max} of version 2.
 *
 * @param cores processors that this JVM may use
 * @param memoryBytes of the machine, or of the smallest cgroup around this process
 */
record Host(int cores, long memoryBytes) {

    private static final long MIB = 1L << 20;
    private static final int LEAST_THREADS = 8;
    private static final int MOST_THREADS = 32;
    private static final int THREADS_PER_CORE = 2;
    private static final int MEMORY_SHARE = 8;
    private static final long LEAST_BUDGET_BYTES = 16 * MIB;
    private static final long MOST_BUDGET_BYTES = 1024 * MIB;
    private static final long MOST_WINDOW_BYTES = MIB;
    private static final int WINDOWS_IN_BUDGET = 32;
    private static final int MEMINFO_UNIT = 1024;

    /** The one that this JVM runs on. */
    static Host current() {
        return new Host(Runtime.getRuntime().availableProcessors(), memory(Path.of("/proc"), Path.of("/sys/fs/cgroup")));
    }

    /** Readers wait for the disk and cost next to no CPU; a disk that is fast enough for many cores answers many at a time. */
    int threads() {
        return Math.max(LEAST_THREADS, Math.min(MOST_THREADS, THREADS_PER_CORE * cores));
    }

    /** An eighth of the memory, whole megabytes: what is read ahead must not push out what is hot, nor itself. */
    long budgetBytes() {
        return Math.max(LEAST_BUDGET_BYTES, Math.min(MOST_BUDGET_BYTES, memoryBytes / MEMORY_SHARE)) / MIB * MIB;
    }

    /** A megabyte, or where memory is small a share of the budget that leaves room for others. */
    long windowBytes() {
        long share = Long.highestOneBit(budgetBytes() / WINDOWS_IN_BUDGET);
        return Math.min(MOST_WINDOW_BYTES, share);
    }

    /** The smallest limit there is. */
    static long memory(Path proc, Path cgroups) {
        long least = Long.MAX_VALUE;
        for (String line : lines(proc.resolve("meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                least = number(line.replaceAll("[^0-9]", "")) * MEMINFO_UNIT;
                break;
            }
        }
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            if (fields[1].isEmpty()) {
                least = Math.min(least, limit(cgroups, fields[2], "memory.max"));
            } else if (List.of(fields[1].split(",")).contains("memory")) {
                least = Math.min(least, limit(cgroups.resolve("memory"), fields[2], "memory.limit_in_bytes"));
            }
        }
        return least;
    }

    /** Of the group and all above it; in a container the path is often not there, and the root of the mount is the group. */
    private static long limit(Path mount, String group, String file) {
        long least = Long.MAX_VALUE;
        for (Path at = Path.of("/", group); at != null; at = at.getParent()) {
            Path knob = mount.resolve(Path.of("/").relativize(at)).resolve(file);
            List<String> value = lines(knob);
            least = Math.min(least, value.isEmpty() ? Long.MAX_VALUE : number(value.get(0)));
        }
        return least;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException | SecurityException unreadable) {
            return List.of();
        }
    }

    /** {@code max} and the like are no limit. */
    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException noNumber) {
            return Long.MAX_VALUE;
        }
    }
}
