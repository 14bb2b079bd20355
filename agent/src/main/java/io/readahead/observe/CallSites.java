package io.readahead.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls by the place in the server's code that made them.
 *
 * <p>Threads: any; counting never blocks. The map has an entry for each woven call site that was ever reached.
 */
public final class CallSites {

    /**
     * Calls of one site.
     *
     * @param calls all of them
     * @param cold those that had to wait for the disk
     */
    public record Figures(long calls, long cold) {

        @Override
        public String toString() {
            return calls + " " + cold;
        }
    }

    private record Site(LongAdder calls, LongAdder cold) {
    }

    private final ConcurrentHashMap<String, Site> sites = new ConcurrentHashMap<>();

    /** Takes note of a call. @param site class and method, as the weaving wrote it */
    public void called(String site, boolean cold) {
        Site counted = sites.get(site);
        if (counted == null) {
            counted = sites.computeIfAbsent(site, name -> new Site(new LongAdder(), new LongAdder()));
        }
        counted.calls.increment();
        if (cold) {
            counted.cold.increment();
        }
    }

    /** For each site its calls and its cold calls. */
    public Map<String, Figures> figures() {
        Map<String, Figures> figures = new TreeMap<>();
        sites.forEach((name, site) -> figures.put(name, new Figures(site.calls.sum(), site.cold.sum())));
        return figures;
    }
}
