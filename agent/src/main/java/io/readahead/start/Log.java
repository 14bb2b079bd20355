package io.readahead.start;

import io.readahead.jdk.ProcessStderr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The agent's log, on the process's stderr, also where the server has replaced System.err, or in a file.
 *
 * <p>Format: {@code readahead: text}; in a file with time (UTC) and level before it,
 * {@code 2026-01-31T23:59:59.123Z WARN  readahead: text}. A file is opened for each line, so it may be moved away at any time.
 * <p>Repeated lines: of one kind at most one a minute, which says how often it happened since the last.
 * <p>Not System.Logger or java.util.logging: they would start the application's log manager inside premain.
 * <p>Errors: never throws; a file that can't be written to gives way to stderr.
 * <p>Threads: any. {@link #soon} writes nothing itself and is for event loops; what it was told is written by {@link #tick}.
 */
public final class Log {

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Kinds that are kept apart; further ones share one. */
    private static final int MAX_KINDS = 256;
    private static final String OTHER = "other";

    private final String destination;
    private final Level most;
    private final LongSupplier nanoClock;
    private final Consumer<String> stderr;
    private final ConcurrentHashMap<String, Repeated> repeated = new ConcurrentHashMap<>();

    /** How much a line matters; the option {@code log.level} names the least that is written. */
    public enum Level {
        /** The agent, or a call of it, does not do what it is for. */
        ERROR,
        /** Something is left as it would be without the agent. */
        WARN,
        /** Start, attach, detach. */
        INFO,
        /** Each woven class, the stack of each failure. */
        DEBUG
    }

    /** Loaded with the first line in a file: it would cost every start some milliseconds. */
    private static final class Time {

        private static final int MILLIS_DIGITS = 3;
        private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder().appendInstant(MILLIS_DIGITS)
                .toFormatter(Locale.ROOT);
    }

    /** Lines of one kind. */
    private static final class Repeated {

        private Level level;
        private String text;
        private long times;
        private boolean written;
        private long writtenNanos;
    }

    /**
     * @param destination stderr, off, or the path of a file that is appended to
     * @param most the level that is written, and all that matter more
     */
    public Log(String destination, Level most) {
        this(destination, most, System::nanoTime, ProcessStderr::line);
    }

    Log(String destination, Level most, LongSupplier nanoClock, Consumer<String> stderr) {
        this.destination = destination;
        this.most = most;
        this.nanoClock = nanoClock;
        this.stderr = stderr;
    }

    /** Whether lines of that level are written. */
    public boolean writes(Level level) {
        return level.compareTo(most) <= 0 && !destination.equals("off");
    }

    /** Writes a line. */
    public void line(Level level, String text) {
        if (!writes(level)) {
            return;
        }
        String line = "readahead: " + text;
        if (!destination.equals("stderr")) {
            try {
                Files.writeString(Path.of(destination), String.format(Locale.ROOT, "%s %-5s %s%n", Time.FORMAT.format(Instant.now()),
                        level, line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return;
            } catch (IOException | RuntimeException e) {
                line += " (log=" + destination + " can't be written to: " + e + ")";
            }
        }
        stderr.accept(line);
    }

    /** Writes a line, unless one of the same kind was written within the last minute. */
    public void atMostOncePerMinute(Level level, String kind, String text) {
        soon(level, kind, text);
        Repeated lines = repeated.get(repeated.containsKey(kind) ? kind : OTHER);
        if (lines != null) {
            write(lines, false);
        }
    }

    /** Has a line written by the next {@link #tick}, under the same rule. */
    public void soon(Level level, String kind, String text) {
        if (!writes(level)) {
            return;
        }
        String key = repeated.containsKey(kind) || repeated.size() < MAX_KINDS ? kind : OTHER;
        Repeated lines = repeated.computeIfAbsent(key, k -> new Repeated());
        synchronized (lines) {
            lines.level = level;
            lines.text = text;
            lines.times++;
        }
    }

    /** Writes what was held back and is due. Threads: the watchdog, once a second. */
    public void tick() {
        repeated.values().forEach(lines -> write(lines, false));
    }

    /** Writes all that was held back: nothing follows. */
    public void flush() {
        repeated.values().forEach(lines -> write(lines, true));
    }

    private void write(Repeated lines, boolean anyway) {
        Level level;
        String text;
        synchronized (lines) {
            long now = nanoClock.getAsLong();
            if (lines.times == 0 || lines.written && !anyway && now - lines.writtenNanos < INTERVAL_NANOS) {
                return;
            }
            level = lines.level;
            text = lines.times == 1 ? lines.text : lines.text + " (" + lines.times + " times"
                    + (lines.written ? " since the last such line)" : ")");
            lines.times = 0;
            lines.written = true;
            lines.writtenNanos = now;
        }
        line(level, text);
    }
}
