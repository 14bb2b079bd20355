package io.readahead.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out for which system calls this process would be killed.
 *
 * <p>Where a seccomp filter is on, no call is made here first that a server's JVM need not have made: a child makes it, which has the same
 * filter. (Starting a child is clone and execve: threads are started by the one, and the filter has let this JVM be started by the
 * other.) One child is enough where none is killed, a millisecond; each that dies costs one more.
 *
 * <p>Errors: IOException where it can't be found out, with the reason. Threads: start-up.
 * <p>Source: seccomp(2), SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP: a process with one thread ends by SIGSYS
 * each time.
 */
final class SystemCallTrial {

    /** The thread that asks, and the first of the process. */
    private static final List<String> STATUS_FILES = List.of("/proc/thread-self/status", "/proc/self/status");
    private static final String FILTERED = "Seccomp:";
    private static final String NOT_FILTERED = "0";

    /** Makes calls in a process of its own. */
    interface Child {

        /** @return how many of the calls came back, in order: all, or the next one has killed it */
        int survived(List<SystemCall> calls) throws IOException;
    }

    private SystemCallTrial() {
    }

    /** What must not be called in this process. */
    static Set<SystemCall> deadly() throws IOException {
        if (!isFiltered(STATUS_FILES)) {
            return EnumSet.noneOf(SystemCall.class);
        }
        try {
            return deadly(new SpawnedChild());
        } finally {
            SpawnedChild.unbind();
        }
    }

    static Set<SystemCall> deadly(Child child) throws IOException {
        Set<SystemCall> deadly = EnumSet.noneOf(SystemCall.class);
        List<SystemCall> untried = Arrays.asList(SystemCall.values());
        int survived = child.survived(untried);
        while (survived < untried.size()) {
            deadly.add(untried.get(survived));
            untried = untried.subList(survived + 1, untried.size());
            survived = child.survived(untried);
        }
        return deadly;
    }

    /** Whether a filter is on, or nobody can say. A kernel without filters has no such line. */
    static boolean isFiltered(List<String> statusFiles) {
        try {
            for (String file : statusFiles) {
                for (String line : Files.readAllLines(Path.of(file))) {
                    if (line.startsWith(FILTERED) && !line.substring(FILTERED.length()).strip().equals(NOT_FILTERED)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException | RuntimeException unreadable) {
            return true;
        }
    }
}
