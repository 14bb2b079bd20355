package io.readahead.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects the lines of a stream until the other side closes it.
 *
 * <p>Threads: a daemon thread of its own collects; any may ask.
 */
final class LineCollector {

    private final List<String> lines = new ArrayList<>();
    private final Thread thread;
    private boolean complete;

    LineCollector(BufferedReader reader, String name) {
        thread = new Thread(() -> collect(reader), name);
        thread.setDaemon(true);
        thread.start();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    void join() throws InterruptedException {
        thread.join();
    }

    /** The first line that matches; null when the output ends or the time is up before. */
    synchronized Matcher await(Pattern pattern, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int seen = 0; true; seen++) {
            while (seen == lines.size()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (complete || left <= 0) {
                    return null;
                }
                wait(left);
            }
            Matcher matcher = pattern.matcher(lines.get(seen));
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    private void collect(BufferedReader reader) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException ignored) {
            // The pipe of a process that was killed: what came is what there is.
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        complete = true;
        notifyAll();
    }
}
