package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * CPU time of another process's threads, as the kernel accounts it.
 *
 * <p>Units: milliseconds, in steps of 10. Errors: IOException when the process is gone; a thread that ended counts no more.
 * <p>Source: proc(5), /proc/PID/task/TID/stat, fields 14 and 15.
 */
public final class ThreadCpu {

    /** Counted from field 3, the first after the name in parentheses. */
    private static final int UTIME_AFTER_NAME = 14 - 3;
    private static final int STIME_AFTER_NAME = 15 - 3;

    /** USER_HZ of every architecture that Java runs on is 100. */
    private static final long MILLIS_PER_TICK = 10;

    private ThreadCpu() {
    }

    /**
     * User and system time of all threads whose names begin so, together.
     *
     * @param namePrefixes as the kernel has them, in at most 15 bytes
     */
    public static long millis(long pid, String... namePrefixes) throws IOException {
        return millis(pid, ProcessCounts.threadIds(pid, namePrefixes));
    }

    /** As {@link #millis(long, String...)}, for threads known by their ids: {@link JavaThreads}. */
    public static long millis(long pid, Collection<Long> threadIds) {
        return MILLIS_PER_TICK * threadIds.stream().mapToLong(tid -> ticks(Path.of("/proc/" + pid + "/task/" + tid + "/stat"))).sum();
    }

    private static long ticks(Path stat) {
        try {
            String line = Files.readString(stat);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[UTIME_AFTER_NAME]) + Long.parseLong(fields[STIME_AFTER_NAME]);
        } catch (IOException ended) {
            return 0;
        }
    }
}
