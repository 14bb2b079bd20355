package io.readahead.warmup;

import io.readahead.os.PosixLibrary;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The kernel's own readahead on descriptions of the server's, switched off where the server reads bits of the file that it also sends.
 *
 * <p>Problem: Kafka's request handlers read the head of a batch before the network thread sends what follows. The kernel takes that for
 * the beginning of a sequential read and marks a page; the network thread comes to the mark in sendfile, starts to read
 * {@code read_ahead_kb} more and marks a page of that, and so on to the end of the file: the reads are the loop's again, if not the
 * waiting. Choice: {@code POSIX_FADV_RANDOM} on the server's description, from the first such file on until the agent is taken off, so
 * that the server's small reads bring what they ask for and mark nothing; and what they had brought before is dropped, for the advice
 * keeps a description from marking pages, but not from following marks. Cost: a server that reads the same description from end to end by
 * itself (Kafka's log cleaner) does so without readahead, a buffer at a time.
 *
 * <p>Files are held weakly. Threads: workers; {@link #stop} any.
 * <p>Source: Linux 6.18, page_cache_sync_ra() and page_cache_async_ra() in mm/readahead.c.
 */
final class ServerReadahead {

    /** Readers that came to the file when the first one did may have left their marks before the advice was given. */
    private static final long MARKS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PosixLibrary posix;
    /** By the file, under this object's monitor. */
    private final Map<FileChannel, Off> files = new WeakHashMap<>();
    private volatile boolean stopped;

    /** A file's device, and since when it is off. */
    private record Off(long device, long sinceNanos) {
    }

    ServerReadahead(PosixLibrary posix) {
        this.posix = posix;
    }

    /** @return whether pages of the file that are in the page cache may be marked from before */
    boolean switchOff(SourceFile file) {
        long now = System.nanoTime();
        Off before;
        synchronized (this) {
            if (stopped) {
                return false;
            }
            before = files.putIfAbsent(file.channel(), new Off(file.device(), now));
        }
        if (before == null) {
            file.adviseServers(posix, PosixLibrary.POSIX_FADV_RANDOM);
            if (stopped) {
                switchOn(file);    // whoever stopped may have given the opposite advice first
            }
        }
        return before == null || now - before.sinceNanos < MARKS_NANOS;
    }

    void switchOn(SourceFile file) {
        file.adviseServers(posix, PosixLibrary.POSIX_FADV_NORMAL);
    }

    /** Switches off no more. @return the files where it is off and that the server hasn't closed, to be switched on by workers */
    synchronized List<SourceFile> stop() {
        stopped = true;
        List<SourceFile> open = new ArrayList<>();
        files.forEach((channel, off) -> {
            if (channel.isOpen()) {
                open.add(new SourceFile(channel, off.device()));
            }
        });
        return open;
    }
}
