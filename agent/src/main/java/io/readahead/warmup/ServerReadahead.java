package io.readahead.warmup;

import io.readahead.os.PosixLibrary;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The kernel's own readahead on descriptions of the server's, switched off where the server reads bits of the file that it also sends.
 *
 * <p>Problem: Kafka's request handlers read the head of a batch before the network thread sends what follows. The kernel takes that for
 * the beginning of a sequential read and marks a page; whoever comes to the mark starts to read {@code read_ahead_kb} more and marks a
 * page of that, and so on to the end of the file: reads that nobody has asked for, before those that somebody waits for. Choice:
 * {@code POSIX_FADV_RANDOM} on the server's description, from the first such file on until the agent is taken off, so that the server's
 * small reads bring what they ask for and mark nothing. Cost: a server that reads the same description from end to end by itself (Kafka's
 * log cleaner) does so without readahead, a buffer at a time.
 *
 * <p>Files are held weakly. Threads: workers; {@link #stop} any.
 * <p>Source: Linux 6.18, page_cache_sync_ra() and page_cache_async_ra() in mm/readahead.c.
 */
final class ServerReadahead {

    private final PosixLibrary posix;
    /** Where it is off, and the file's device; under this object's monitor. */
    private final Map<FileChannel, Long> devices = new WeakHashMap<>();
    private volatile boolean stopped;

    ServerReadahead(PosixLibrary posix) {
        this.posix = posix;
    }

    void switchOff(SourceFile file) {
        synchronized (this) {
            if (stopped || devices.putIfAbsent(file.channel(), file.device()) != null) {
                return;
            }
        }
        file.adviseServers(posix, PosixLibrary.POSIX_FADV_RANDOM);
        if (stopped) {
            switchOn(file);    // whoever stopped may have given the opposite advice first
        }
    }

    void switchOn(SourceFile file) {
        file.adviseServers(posix, PosixLibrary.POSIX_FADV_NORMAL);
    }

    /** Switches off no more. @return the files where it is off and that the server hasn't closed, to be switched on by workers */
    synchronized List<SourceFile> stop() {
        stopped = true;
        List<SourceFile> open = new ArrayList<>();
        devices.forEach((channel, device) -> {
            if (channel.isOpen()) {
                open.add(new SourceFile(channel, device));
            }
        });
        return open;
    }
}
