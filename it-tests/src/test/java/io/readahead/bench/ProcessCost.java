package io.readahead.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import io.readahead.kit.ProcessCounts;

/**
 * What a process has cost so far, as the kernel accounts it.
 *
 * <p>Errors: IOException when the process is gone. Threads: any.
 */
final class ProcessCost {

    private static final int UTIME_AFTER_NAME = 14 - 3;
    private static final int STIME_AFTER_NAME = 15 - 3;
    private static final double SECONDS_PER_TICK = 0.01;
    private static final double NANOS = 1e9;

    private ProcessCost() {
    }

    /**
     * CPU time so far. Where the kernel does not account each change of mode, it knows the sum, and divides it as its ticks found the
     * threads.
     *
     * @param userSeconds in the program
     * @param systemSeconds in the kernel on its behalf
     */
    record Cpu(double userSeconds, double systemSeconds) {

        double seconds() {
            return userSeconds + systemSeconds;
        }

        Cpu since(Cpu before) {
            return new Cpu(userSeconds - before.userSeconds, systemSeconds - before.systemSeconds);
        }
    }

    /** CPU seconds of all threads, those that ended included. */
    static double cpuSeconds(long pid) throws IOException {
        return cpu(pid).seconds();
    }

    /** The same by mode. Source: proc(5), stat, fields 14 and 15; steps of 10 ms. */
    static Cpu cpu(long pid) throws IOException {
        String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return new Cpu(Long.parseLong(fields[UTIME_AFTER_NAME]) * SECONDS_PER_TICK,
                Long.parseLong(fields[STIME_AFTER_NAME]) * SECONDS_PER_TICK);
    }

    /** CPU seconds of the living threads whose names begin so. Source: schedstat, whose first number is nanoseconds. */
    static double threadCpuSeconds(long pid, String... prefixes) throws IOException {
        double seconds = 0;
        for (long tid : ProcessCounts.threadIds(pid, prefixes)) {
            seconds += Long.parseLong(Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/schedstat")).split(" ")[0]) / NANOS;
        }
        return seconds;
    }

    static int descriptors(long pid) throws IOException {
        return ProcessCounts.descriptors(pid).size();
    }

    /** Descriptors of files of a folder, less one for each file. */
    static long openTwice(long pid, Path folder) throws IOException {
        List<String> files = ProcessCounts.descriptors(pid).stream().filter(target -> target.startsWith(folder + "/")).toList();
        return files.size() - files.stream().distinct().count();
    }

    static int threads(long pid) throws IOException {
        return ProcessCounts.threadNames(pid).size();
    }
}
