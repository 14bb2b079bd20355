package io.readahead.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls that the agent does not help, by the place in the server's code that made them, with the reason and the class that was met.
 *
 * <p>Not counted are calls that send nothing or throw: a count of 0, a closed channel, an interrupted thread.
 * <p>At most {@value #MOST_ROWS} rows; what would be a further one is counted as {@link Reason#FURTHER}. Classes are kept by name, so
 * that no loader is held.
 * <p>Threads: any; counting never blocks, and allocates only where a row is new.
 */
public final class PassedThrough {

    /** Why. The names are what users script against. */
    public enum Reason {
        /** The target is of a class that the agent doesn't know: nobody can tell whether it may be kept waiting. */
        TARGET("writes to %s, which the agent doesn't know"),
        /** The file is not a channel of the JDK, or nobody knows whether there is one. */
        FILE("reads from %s, which is no file of the JDK"),
        /** The file was opened to be read past the page cache. */
        DIRECT("reads past the page cache, by O_DIRECT, from %s"),
        /** The target is a file. */
        TO_FILE("copies to a file, %s"),
        /** The target is a socket that is not connected; the call throws. */
        NOT_CONNECTED("writes to a socket that is not connected, %s"),
        /** A buffer of a mapped file, where the kernel has no way to read it ahead, or a seccomp filter forbids it. */
        MAPPED("writes from a mapped file, of %s, and the kernel reads none ahead here"),
        /** A class of a server that the agent knows by name has another shape. */
        SHAPE("uses %s, which has another shape than the agent knows"),
        /** The socket below a server's own layer blocks. */
        BLOCKING("writes to a socket that blocks, %s"),
        /** A class or a call in it could not be woven: counted once for each time that it was loaded, for the calls are not seen. */
        NOT_WOVEN("could not be woven, because of %s"),
        /** There are more places, reasons and classes than are kept apart. */
        FURTHER("has more reasons than are kept apart, %s");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /**
     * Calls of one kind.
     *
     * @param site class and method that called; {@code -} where that is not kept
     * @param met name of the class that was met
     */
    public record Row(String site, Reason reason, String met, long calls) {

        /** Calls, reason, class and call site, with blanks between. */
        @Override
        public String toString() {
            return calls + " " + reason + " " + met + " " + site;
        }

        /** Site, reason and class, with blanks between. */
        public String key() {
            return site + " " + reason + " " + met;
        }

        /** What these calls do, in words. */
        public String text() {
            return site + " " + String.format(reason.text, met);
        }
    }

    static final int MOST_ROWS = 256;

    private static final String NOTHING = "-";

    /** By site, reason, and the name of the class: three look-ups, and no key to be made. */
    private final ConcurrentHashMap<String, Map<Reason, ConcurrentHashMap<String, LongAdder>>> sites = new ConcurrentHashMap<>();
    private final AtomicInteger rows = new AtomicInteger();
    private final LongAdder further = new LongAdder();
    private final LongAdder sum = new LongAdder();

    /**
     * Takes note of a call.
     *
     * @param site class and method, as the weaving wrote it
     * @param met whose class the agent can do nothing with
     */
    public void called(String site, Reason reason, Object met) {
        count(site, reason, met.getClass().getName());    // which the class keeps
    }

    /**
     * Takes note of a class, or of a call in it, that stays as it is.
     *
     * @param site the class, or class and method
     * @param met name of the class that is the reason
     */
    public void notWoven(String site, String met) {
        count(site, Reason.NOT_WOVEN, met);
    }

    private void count(String site, Reason reason, String met) {
        sum.increment();
        Map<Reason, ConcurrentHashMap<String, LongAdder>> reasons = sites.get(site);
        LongAdder calls = reasons == null ? null : reasons.get(reason).get(met);
        (calls == null ? newRow(site, reason, met) : calls).increment();
    }

    private LongAdder newRow(String site, Reason reason, String met) {
        if (rows.get() >= MOST_ROWS) {
            return further;
        }
        return sites.computeIfAbsent(site, name -> byReason()).get(reason).computeIfAbsent(met, name -> {
            rows.incrementAndGet();
            return new LongAdder();
        });
    }

    private static Map<Reason, ConcurrentHashMap<String, LongAdder>> byReason() {
        Map<Reason, ConcurrentHashMap<String, LongAdder>> reasons = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            reasons.put(reason, new ConcurrentHashMap<>(1));
        }
        return reasons;
    }

    /** All of them. */
    public long sum() {
        return sum.sum();
    }

    /** What has been counted, the most calls first. */
    public List<Row> rows() {
        List<Row> found = new ArrayList<>();
        sites.forEach((site, reasons) -> reasons.forEach((reason, classes) -> classes.forEach((met, calls) ->
                found.add(new Row(word(site), reason, word(met), calls.sum())))));
        if (further.sum() > 0) {
            found.add(new Row(NOTHING, Reason.FURTHER, NOTHING, further.sum()));
        }
        found.sort(Comparator.comparing((Row row) -> -row.calls()).thenComparing(Row::key));
        return found;
    }

    /** The JVM allows names with blanks and line ends in them; these go into lines. */
    private static String word(String name) {
        return name.replaceAll("[\\s\\p{Cntrl}]", "_");
    }
}
