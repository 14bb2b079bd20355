package io.readahead.survey;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the threads of this process have a disk read outside of the calls that are looked at, by the kernel's account of each.
 *
 * <p>Problem: a server may read files in ways that the agent doesn't know, such as a handler that loads a file whole; no call tells of
 * it. Choice: whatever a thread has read is known, and what it read in calls is taken off. Threads whose names differ in the number at
 * the end are one row.
 *
 * <p>Units: bytes; of block devices alone, those by which the JVM loads its classes included. Threads: any; each look reads two small
 * files of /proc for each thread, some 20 us. Errors: none; where the kernel keeps no such account, there are no rows.
 * <p>Source: {@code read_bytes} in Documentation/filesystems/proc.rst (CONFIG_TASK_IO_ACCOUNTING).
 */
public final class ReadsElsewhere {

    private static final int LEAST_MB = 4;
    private static final long LEAST_BYTES = (long) LEAST_MB << 20;
    private static final int MOST_THREADS = 4096;
    private static final String OWN_THREADS = "readahead-";
    private static final String READ_BYTES = "read_bytes: ";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+$");
    private static final long NO_ID = -1;

    private final Path tasks;
    private final Map<Long, Account> accounts = new HashMap<>();
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

    /** The kernel's number of the calling thread, or of the one that carries it; negative where that can't be known. */
    static long idOfThisThread() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
        } catch (IOException | RuntimeException unknown) {
            return NO_ID;
        }
    }

    /** Takes note of what each thread has read by now. Who begins and ends between two looks is missed. */
    synchronized void look() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                look(task);
            }
            looked = true;
        } catch (IOException | DirectoryIteratorException unknown) {
            // There is no /proc here.
        }
    }

    private void look(Path task) {
        try {
            long id = Long.parseLong(task.getFileName().toString());
            Account known = accounts.get(id);
            if (known == null && accounts.size() >= MOST_THREADS) {
                return;
            }
            long read = Files.readAllLines(task.resolve("io")).stream().filter(line -> line.startsWith(READ_BYTES))
                    .mapToLong(line -> Long.parseLong(line.substring(READ_BYTES.length()))).findAny().orElse(0);
            String name = Files.readString(task.resolve("comm")).trim().replaceAll("\\p{Cntrl}", "?");
            boolean same = known != null && read >= known.now;    // else another thread has its number
            accounts.put(id, new Account(name, same ? known.before : looked ? 0 : read, read));
        } catch (IOException | RuntimeException ended) {
            // It has ended meanwhile; what it had read by the last look stays.
        }
    }

    /** Those that read most first. @param inCalls what threads have read in calls that were looked at, by their numbers */
    synchronized List<Row> rows(Map<Long, Long> inCalls) {
        Map<String, Long> sums = new HashMap<>();
        accounts.forEach((id, account) -> {
            if (!account.name.startsWith(OWN_THREADS)) {
                sums.merge(NUMBER.matcher(account.name).replaceFirst("*"),
                        Math.max(0, account.now - account.before - inCalls.getOrDefault(id, 0L)), Long::sum);
            }
        });
        return sums.entrySet().stream().filter(sum -> sum.getValue() >= LEAST_BYTES)
                .map(sum -> new Row(sum.getKey(), sum.getValue()))
                .sorted(Comparator.comparing((Row row) -> -row.bytes).thenComparing(Row::name)).toList();
    }
}
