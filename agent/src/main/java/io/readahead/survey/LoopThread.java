package io.readahead.survey;

import io.readahead.observe.Events;
import io.readahead.os.FileFacts;
import io.readahead.os.ThreadUsage;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One thread of the server: what its calls came to, and the one that it is in.
 *
 * <p>Threads: its own; others read what has been counted.
 */
final class LoopThread {

    private static final long NOT_COLD = Long.MIN_VALUE;

    /** Where answers of the system go. */
    final ThreadUsage usage = new ThreadUsage();
    final FileFacts facts = new FileFacts();

    // Of the call under way, set at its begin.
    long beganNanos;
    long readBlocksBefore;
    long sleepsBefore;
    long faultsBefore;
    boolean usageKnown;
    boolean absent;
    boolean inCall;
    Events.Call recorded;

    private final String name;
    private final Minute minute;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private String lastSite;
    private Tally lastTally;
    private volatile String coldSite;
    private volatile long coldSinceNanos = NOT_COLD;

    LoopThread(String name, long nowNanos) {
        this.name = name.replaceAll("\\p{Cntrl}", "?");    // it goes into the log
        this.minute = new Minute(nowNanos);
    }

    /** Whoever ends the call will be told of its end in any case; it met cold data, and where the disk never answers, that shows now. */
    void coldCallBegins(String site) {
        coldSite = site;
        coldSinceNanos = beganNanos;
    }

    /** Forgets a call whose end nobody told of, for it threw. */
    void forgetCall() {
        inCall = false;
        recorded = null;
    }

    void hotCall(String site) {
        tallyOf(site).hot();
    }

    /** @param waited whether the thread slept in it */
    void coldCallEnded(String site, boolean waited, long nowNanos) {
        coldSinceNanos = NOT_COLD;
        tallyOf(site).cold(waited ? Math.max(1, nowNanos - beganNanos) : 0);
        if (waited) {
            minute.add(beganNanos, nowNanos);
        }
    }

    private Tally tallyOf(String site) {
        // Call sites are constants of woven code, so the same one is the same object.
        if (site != lastSite) {
            lastTally = tallies.computeIfAbsent(site, s -> new Tally());
            lastSite = site;
        }
        return lastTally;
    }

    /** What has been counted, the wait that it is in included. Threads: any. */
    Findings.Loop find(long nowNanos) {
        Waits sum = tallies.values().stream().map(Tally::sum).reduce(Waits.NONE, Waits::plus);
        long last = minute.last(nowNanos);
        long since = coldSinceNanos;
        String site = coldSite;
        if (since != NOT_COLD) {
            long nanos = Math.max(0, nowNanos - since);
            sum = sum.plus(new Waits(1, 1, 1, nanos, nanos));
            last = Math.min(last + nanos, Findings.MINUTE_NANOS);
        } else {
            site = tallies.entrySet().stream().max(Comparator.comparing(entry -> entry.getValue().sum().nanos())).map(Map.Entry::getKey)
                    .orElse("");
        }
        return new Findings.Loop(name, sum, last, Math.max(last, minute.worst()), site);
    }

    /** What has been counted, by call site. Threads: any. */
    void addSitesTo(Map<String, Waits> sites) {
        tallies.forEach((site, tally) -> sites.merge(site, tally.sum(), Waits::plus));
    }
}
