package io.readahead.start;

import io.readahead.os.FileFacts;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.PosixLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds out at the start what this kernel, its seccomp profile and this mount table allow.
 *
 * <p>Threads: the one that starts the agent.
 */
final class SelfTest {

    private final PosixLibrary posix;
    private final PageCacheProbe probe;

    SelfTest(PosixLibrary posix, PageCacheProbe probe) {
        this.posix = posix;
        this.probe = probe;
    }

    /** Words for the start-up line: {@code probe=...}, and what else is missing. The probe knows afterwards what not to ask. */
    String words() {
        String probed = "untested";
        String size = " size=none";
        for (String name : List.of("/proc/self/exe", Path.of(System.getProperty("java.home"), "lib", "modules").toString())) {
            int fd = posix.open(name);
            if (fd >= 0) {
                int own = ownFile();
                probed = probe.selfTest(fd, own);
                if (own >= 0) {
                    posix.close(own);
                }
                size = posix.stat(fd, new FileFacts()) == 0 ? "" : size;
                posix.close(fd);
                break;
            }
        }
        return "probe=" + probed + (probed.equals("untested") ? "" : size);
    }

    /** @return a descriptor of a file that belongs to this process's user; negative where none can be made */
    private int ownFile() {
        int inMemory = posix.memfd_create();
        if (inMemory >= 0) {
            return inMemory;
        }
        try {
            Path file = Files.createTempFile("readahead-", null);
            int fd = posix.open(file.toString());
            Files.delete(file);
            return fd;
        } catch (IOException | RuntimeException noFolder) {
            return inMemory;
        }
    }
}
