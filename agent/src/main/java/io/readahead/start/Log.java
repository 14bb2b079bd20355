package io.readahead.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The agent's log: lines that begin with {@code readahead: }, on stderr or in a file.
 *
 * <p>Not System.Logger or java.util.logging: they would start the application's log manager inside premain.
 * <p>Errors: never throws; a file that can't be written to gives way to stderr.
 * <p>Threads: any.
 */
public final class Log {

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String destination;
    private final ConcurrentHashMap<String, Long> lastNanos = new ConcurrentHashMap<>();

    /** @param destination stderr, off, or the path of a file that is appended to */
    public Log(String destination) {
        this.destination = destination;
    }

    /** Writes a line. */
    public void line(String text) {
        String line = "readahead: " + text;
        if (destination.equals("off")) {
            return;
        }
        if (!destination.equals("stderr")) {
            try {
                Files.writeString(Path.of(destination), line + System.lineSeparator(), StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                return;
            } catch (IOException | RuntimeException e) {
                line += " (log=" + destination + " can't be written to: " + e + ")";
            }
        }
        System.err.println(line);
    }

    /** Writes a line unless one of the same kind was written within the last minute. */
    public void atMostOncePerMinute(String kind, String text) {
        long now = System.nanoTime();
        Long last = lastNanos.get(kind);
        boolean mine = last == null ? lastNanos.putIfAbsent(kind, now) == null
                : now - last > INTERVAL_NANOS && lastNanos.replace(kind, last, now);
        if (mine) {
            line(text);
        }
    }
}
