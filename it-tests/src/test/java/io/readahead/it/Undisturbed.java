package io.readahead.it;

import io.readahead.kit.ProcessCounts;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Measures who read files, on a machine whose kernel may let go of pages that were read a moment ago.
 *
 * <p>Problem: where memory is short, or idle pages are reclaimed before it is, a page may be gone again between its readahead and its
 * sending; the loop then reads it, as promised (progress goes before sleep), and the test says nothing of the agent. Choice: that shows in
 * the process's own account, which has read more than the files hold; such a run is repeated, and the last of {@value #MOST_RUNS} counts,
 * whatever it says. For a page that is gone the loop reads as far ahead as the kernel does by itself, and nobody may have read that before
 * (3 pages gone, 20 read): up to {@value #PAGES_READ_FOR_ONE} pages, 1 MB at a time. A loop that reads more than that, or where nothing was
 * read twice, is not excused.
 *
 * <p>Source: proc(5), /proc/PID/io, read_bytes.
 */
final class Undisturbed {

    private static final int MOST_RUNS = 3;
    private static final int PAGES_READ_FOR_ONE = 256;

    private final long pid;
    private final long before;

    private Undisturbed(long pid) throws IOException {
        this.pid = pid;
        this.before = ProcessCounts.readBytes(pid);
    }

    /** Begins to count what a process reads. */
    static Undisturbed since(long pid) throws IOException {
        return new Undisturbed(pid);
    }

    /** Bytes that it has read beyond what the files hold that it was to read once. */
    long readTwice(long fileBytes) throws IOException {
        return Math.max(0, ProcessCounts.readBytes(pid) - before - fileBytes);
    }

    /**
     * Runs a measurement, and runs it again where the loop read bytes and the process has read so much twice that it may be for that.
     *
     * @param loopBytes what a loop read in a run
     * @param readTwice what the process read twice in it
     */
    static <M> M measured(Callable<M> run, ToLongFunction<M> loopBytes, ToLongFunction<M> readTwice) throws Exception {
        return measured(run, measured -> loopBytes.applyAsLong(measured) > 0
                && loopBytes.applyAsLong(measured) <= readTwice.applyAsLong(measured) * PAGES_READ_FOR_ONE);
    }

    /** The same, where something else shows that pages were reclaimed before they were sent. */
    static <M> M measured(Callable<M> run, Predicate<M> disturbed) throws Exception {
        M measured = run.call();
        for (int runs = 1; runs < MOST_RUNS && disturbed.test(measured); runs++) {
            System.out.println("pages were reclaimed before they were sent, so once more: " + measured);
            measured = run.call();
        }
        return measured;
    }
}
