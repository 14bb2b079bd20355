package io.readahead.survey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the threads of this process have a disk read outside of the calls that are looked at, by the kernel's account of each.
 *
 * <p>Problem: a server may read files in ways that the agent doesn't know, such as a handler that loads a file whole; no call tells of
 * it. Choice: whatever a thread has read is known, and what was read in calls by threads of its name is taken off. Threads whose names
 * differ in the number at the end are one row; the kernel keeps 15 bytes of a name.
 *
 * <p>Units: bytes; of block devices alone, those by which the JVM loads its classes included, and of calls that were answered so fast that
 * nobody asked what they read. Threads: any; each look reads two small files of /proc for each thread, some 20 us. Errors: none; where the
 * kernel keeps no such account, there are no rows.
 * <p>Source: {@code read_bytes} in Documentation/filesystems/proc.rst (CONFIG_TASK_IO_ACCOUNTING).
 */
public final class ReadsElsewhere {

    private static final int LEAST_MB = 4;
    private static final long LEAST_BYTES = (long) LEAST_MB << 20;
    private static final int MOST_NAMES = 1024;
    private static final String OWN_THREADS = "readahead-";
    private static final String READ_BYTES = "read_bytes: ";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+$");
    private static final Pattern CONTROL = Pattern.compile("\\p{IsCc}");

    private final Path tasks;
    private final Map<Long, Account> accounts = new HashMap<>();
    /** Of threads that have ended. */
    private final Map<String, Long> ended = new HashMap<>();
    private boolean looked;

    /** Of threads that go by one name, at least {@value ReadsElsewhere#LEAST_MB} MB. */
    public record Row(String name, long bytes) {
    }

    /** @param before what it had read when it was first seen; of one that has begun since the first look, 0 */
    private record Account(String name, long before, long now) {
    }

    /** @param tasks /proc/self/task */
    ReadsElsewhere(Path tasks) {
        this.tasks = tasks;
    }

    /** The name of the calling thread, or of the one that carries it, as rows have it; empty where that can't be known. */
    static String nameOfThisThread() {
        try {
            return nameIn(Path.of("/proc/thread-self"));
        } catch (IOException | RuntimeException unknown) {
            return "";
        }
    }

    /** Threads may have any bytes as a name, and the kernel cuts it in the middle of a character. */
    private static String nameIn(Path task) throws IOException {
        String name = new String(Files.readAllBytes(task.resolve("comm")), StandardCharsets.UTF_8).trim();
        return NUMBER.matcher(CONTROL.matcher(name).replaceAll("?")).replaceFirst("*");
    }

    /** Takes note of what each thread has read by now. Who begins and ends between two looks is missed. */
    synchronized void look() {
        Set<Long> living = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                look(task, living);
            }
        } catch (IOException | RuntimeException unknown) {
            return;    // There is no /proc here.
        }
        accounts.entrySet().removeIf(entry -> !living.contains(entry.getKey()) && end(entry.getValue()));
        looked = true;
    }

    private void look(Path task, Set<Long> living) {
        try {
            long id = Long.parseLong(task.getFileName().toString());
            living.add(id);
            String name = nameIn(task);
            long read = Files.readAllLines(task.resolve("io")).stream().filter(line -> line.startsWith(READ_BYTES))
                    .mapToLong(line -> Long.parseLong(line.substring(READ_BYTES.length()))).findAny().orElse(0);
            Account known = accounts.get(id);
            boolean same = known != null && known.name.equals(name) && read >= known.now;
            if (known != null && !same) {
                end(known);
            }
            accounts.put(id, new Account(name, same ? known.before : looked ? 0 : read, read));
        } catch (IOException | RuntimeException ended) {
            // It has ended meanwhile; what it had read by the last look counts.
        }
    }

    private boolean end(Account account) {
        if (account.now > account.before && (ended.size() < MOST_NAMES || ended.containsKey(account.name))) {
            ended.merge(account.name, account.now - account.before, Long::sum);
        }
        return true;
    }

    /** Those that read most first. @param inCalls what threads have read in calls that were looked at, by their names */
    synchronized List<Row> rows(Map<String, Long> inCalls) {
        Map<String, Long> sums = new HashMap<>(ended);
        accounts.values().forEach(account -> sums.merge(account.name, account.now - account.before, Long::sum));
        return sums.entrySet().stream().filter(sum -> !sum.getKey().startsWith(OWN_THREADS))
                .map(sum -> new Row(sum.getKey(), sum.getValue() - inCalls.getOrDefault(sum.getKey(), 0L)))
                .filter(row -> row.bytes >= LEAST_BYTES)
                .sorted(Comparator.comparing((Row row) -> -row.bytes).thenComparing(Row::name)).toList();
    }
}
