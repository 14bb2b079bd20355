package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that another process has open, as it has them: what is advised here holds there.
 *
 * <p>Errors: LastErrorException where this user may not take its descriptors. Threads: any.
 * <p>Source: pidfd_getfd(2), Linux 5.6; posix_fadvise(2), POSIX_FADV_RANDOM, which is kept in the description.
 */
public final class OpenFiles {

    private static final int SYS_PIDFD_OPEN = 434;    // the same numbers on every architecture
    private static final int SYS_PIDFD_GETFD = 438;

    private OpenFiles() {
    }

    /** Tells the kernel that a process reads a file that it has open here and there, so that nothing is read ahead for it. */
    public static void adviseRandom(long pid, Path file) throws IOException {
        int process = Libc.INSTANCE.syscall(SYS_PIDFD_OPEN, (int) pid, 0);
        try {
            for (Path descriptor : descriptors(pid)) {
                if (Files.readSymbolicLink(descriptor).equals(file)) {
                    int own = Libc.INSTANCE.syscall(SYS_PIDFD_GETFD, process, Integer.parseInt(descriptor.getFileName().toString()), 0);
                    Libc.INSTANCE.posix_fadvise(own, 0, 0, Libc.POSIX_FADV_RANDOM);
                    Libc.INSTANCE.close(own);
                }
            }
        } finally {
            Libc.INSTANCE.close(process);
        }
    }

    private static List<Path> descriptors(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.toList();
        }
    }
}
