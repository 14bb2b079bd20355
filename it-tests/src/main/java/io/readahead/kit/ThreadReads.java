package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the threads of a process had the disk read, but for the agent's: for servers in which any thread may send.
 *
 * <p>Source: proc(5), /proc/PID/task/TID/io, read_bytes. What a thread read that has ended since is not seen.
 *
 * @param bytes by the thread's id
 */
public record ThreadReads(Map<Long, Long> bytes) {

    private static final String OF_THE_AGENT = "readahead-";

    /** Up to now. */
    public static ThreadReads of(long pid) throws IOException {
        Map<Long, Long> bytes = new TreeMap<>();
        for (Map.Entry<Long, String> thread : ProcessCounts.threadNames(pid).entrySet()) {
            if (!thread.getValue().startsWith(OF_THE_AGENT)) {
                try {
                    bytes.put(thread.getKey(),
                            ProcessCounts.readBytes(Files.readString(Path.of("/proc/" + pid + "/task/" + thread.getKey() + "/io"))));
                } catch (IOException ignored) {
                    // Ended since the threads were listed.
                }
            }
        }
        return new ThreadReads(bytes);
    }

    /** All of it since then; a thread that is newer had read nothing. */
    public long since(ThreadReads then) {
        return bytes.entrySet().stream().mapToLong(now -> now.getValue() - then.bytes.getOrDefault(now.getKey(), 0L)).sum();
    }
}
