package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process holds at this moment: open descriptors, connections and threads; and what it has read.
 *
 * <p>Errors: IOException when the process is gone; what comes and goes while it is counted may be missed.
 * <p>Source: proc(5), /proc/PID/fd and /proc/PID/task.
 */
public final class ProcessCounts {

    private static final String READ_BYTES = "read_bytes: ";
    private static final String READ_CHARS = "rchar: ";
    private static final String SLEEPS = "voluntary_ctxt_switches:";

    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    /** TCP_LISTEN of net/tcp_states.h. */
    private static final String LISTEN = "0A";

    private ProcessCounts() {
    }

    /** What each open descriptor points at: a path, {@code socket:[123]}, {@code anon_inode:[eventpoll]} and the like. */
    public static List<String> descriptors(long pid) throws IOException {
        List<String> targets = new ArrayList<>();
        for (Path descriptor : list(Path.of("/proc/" + pid + "/fd"))) {
            try {
                targets.add(Files.readSymbolicLink(descriptor).toString());
            } catch (NoSuchFileException ignored) {
                // Closed since the folder was listed.
            }
        }
        return targets;
    }

    /**
     * How many connections to a port of this machine some process holds at the port's side; a listener is none.
     *
     * <p>Source: proc_net(5), tcp and tcp6; a socket that nobody holds any more has the inode 0.
     */
    public static long connections(int port) throws IOException {
        String end = String.format(":%04X", port);
        long connections = 0;
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[LOCAL_ADDRESS].endsWith(end) && !fields[STATE].equals(LISTEN) && !fields[INODE].equals("0")) {
                    connections++;
                }
            }
        }
        return connections;
    }

    /**
     * Bytes of the reads that the process's threads, those that have ended among them, sent to block devices.
     *
     * <p>Source: proc(5), /proc/PID/io, read_bytes: counted when a read is sent, not when it is done.
     */
    public static long readBytes(long pid) throws IOException {
        return readBytes(Files.readString(Path.of("/proc/" + pid + "/io")));
    }

    /** The same figure out of the text of such a file, a process's or a thread's. */
    static long readBytes(String io) throws IOException {
        return figure(io, READ_BYTES);
    }

    /** Bytes that the process took in by read(2) and its like, whether a disk was needed for them or not: proc(5), rchar. */
    static long readChars(long pid) throws IOException {
        return figure(Files.readString(Path.of("/proc/" + pid + "/io")), READ_CHARS);
    }

    private static long figure(String io, String name) throws IOException {
        for (String line : io.split("\n")) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip());
            }
        }
        throw new IOException("no " + name + "in what /proc says: of I/O, the kernel lacks CONFIG_TASK_IO_ACCOUNTING");
    }

    /**
     * The sockets on which a process can be spoken to by others: TCP that listens, and UDP; by their local addresses.
     *
     * <p>Source: proc_net(5); a line belongs to the process that has the inode open.
     */
    public static List<String> listeners(long pid) throws IOException {
        List<String> own = descriptors(pid);
        List<String> listeners = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net", table))) {
                String[] fields = line.strip().split("\\s+");
                if (own.contains("socket:[" + fields[INODE] + "]") && (table.startsWith("udp") || fields[STATE].equals(LISTEN))) {
                    listeners.add(table + " " + fields[LOCAL_ADDRESS]);
                }
            }
        }
        return listeners;
    }

    /** How many threads there are of each name; the kernel keeps 15 bytes of a name. */
    public static Map<String, Integer> threads(long pid) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : threadNames(pid).values()) {
            counts.merge(name, 1, Integer::sum);
        }
        return counts;
    }

    /** The name of each thread by its id. */
    public static Map<Long, String> threadNames(long pid) throws IOException {
        Map<Long, String> names = new TreeMap<>();
        for (Path task : list(Path.of("/proc/" + pid + "/task"))) {
            try {
                names.put(Long.parseLong(task.getFileName().toString()), Files.readString(task.resolve("comm")).strip());
            } catch (IOException ignored) {
                // Ended since the folder was listed: ENOENT at open, or ESRCH at read.
            }
        }
        return names;
    }

    /** Ids of the threads whose names begin so at this moment; a thread that was just started has the name of the one that started it. */
    public static Set<Long> threadIds(long pid, String... namePrefixes) throws IOException {
        return threadNames(pid).entrySet().stream()
                .filter(task -> Arrays.stream(namePrefixes).anyMatch(task.getValue()::startsWith))
                .map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    /**
     * How often the threads of such names have gone to sleep of their own accord.
     *
     * <p>Source: proc(5), /proc/PID/task/TID/status, voluntary_ctxt_switches.
     */
    public static long sleeps(long pid, String... namePrefixes) throws IOException {
        long sleeps = 0;
        for (long tid : threadIds(pid, namePrefixes)) {
            sleeps += figure(Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/status")), SLEEPS);
        }
        return sleeps;
    }

    /** Whether a process has a thread of that id, which has not ended. */
    static boolean isThread(long pid, long tid) {
        return Files.exists(Path.of("/proc/" + pid + "/task/" + tid));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
