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

    /** Calls of one site. */
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

    /** For each site its calls and its cold calls, with a blank between. */
    public Map<String, String> figures() {
        Map<String, String> figures = new TreeMap<>();
        sites.forEach((name, site) -> figures.put(name, site.calls.sum() + " " + site.cold.sum()));
        return figures;
    }
}
