package io.readahead.survey;

import io.readahead.observe.Events;
import io.readahead.os.FileFacts;
import io.readahead.os.ThreadUsage;
import java.nio.channels.SelectableChannel;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One thread of the server: what its calls came to, and the one that it is in.
 *
 * <p>Threads: its own; others read what has been counted.
 */
final class LoopThread {

    private static final long NOT_COLD = Long.MIN_VALUE;
    /** Who is in a call on a non-blocking socket so long waits for the file, whatever it is on. */
    private static final long SURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where answers of the system go. */
    final ThreadUsage usage = new ThreadUsage();
    final FileFacts facts = new FileFacts();

    /** Whether the agent would help the calls. */
    final boolean helped;

    // Of the call under way, set at its begin.
    long beganNanos;
    long position;
    long readBlocksBefore;
    long sleepsBefore;
    long faultsBefore;
    long cpuNanosBefore;
    long safepointsBefore;
    long safepointNanosBefore;
    boolean usageKnown;
    FirstPages.Are pages;
    SelectableChannel target;
    boolean inCall;
    Events.Call recorded;

    private final String name;
    private final Minute minute;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private String lastSite;
    private Tally lastTally;
    private volatile String coldSite;
    private volatile boolean coldProven;
    private volatile long coldSinceNanos = NOT_COLD;
    private volatile int poolWaits;
    private volatile int loopWaits;
    private final String kernelName;
    private volatile long readInCalls;

    /** @param kernelName its name in {@link ReadsElsewhere} */
    LoopThread(String name, String kernelName, long nowNanos, boolean helped) {
        this.kernelName = kernelName;
        this.helped = helped;
        this.name = name.replaceAll("\\p{Cntrl}", "?");    // it goes into the log
        this.minute = new Minute(nowNanos);
    }

    /**
     * Whoever ends the call will be told of its end in any case. It met cold data, or nobody can tell; where the disk never answers, that
     * shows while the call lasts.
     *
     * @param proven whether it met cold data; else it shows once no other cause is likely
     */
    void coldCallBegins(String site, boolean proven) {
        coldSite = site;
        coldProven = proven;
        coldSinceNanos = beganNanos;
    }

    /** It had a disk read so many bytes in a call. Threads: its own. */
    void readInCall(long bytes) {
        readInCalls += bytes;
    }

    /** What it read in calls, by the kernel's name for it. Threads: any. */
    void addReadsTo(Map<String, Long> inCalls) {
        inCalls.merge(kernelName, readInCalls, Long::sum);
    }

    /** Forgets a call whose end nobody told of, for it threw. */
    void forgetCall() {
        forgetTarget();
        recorded = null;
    }

    /** The call has ended: nothing of the server is held between calls. */
    void forgetTarget() {
        inCall = false;
        target = null;
    }

    void hotCall(String site) {
        if (coldSinceNanos != NOT_COLD) {
            coldSinceNanos = NOT_COLD;
        }
        tallyOf(site).hot();
    }

    /**
     * @param waitedNanos how long the thread slept in it; 0 where it did not
     * @param proven whether it is known that it slept for the disk
     */
    void coldCallEnded(String site, long waitedNanos, boolean proven, long nowNanos) {
        coldSinceNanos = NOT_COLD;
        tallyOf(site).cold(waitedNanos, proven);
        if (waitedNanos > 0) {
            minute.add(nowNanos - waitedNanos, nowNanos);
        }
    }

    /** It waits as one of a pool, or as the one that selects. Threads: its own. */
    void waitsAs(boolean oneOfPool) {
        if (oneOfPool) {
            poolWaits++;
        } else {
            loopWaits++;
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
        long nanos = since == NOT_COLD ? 0 : Math.max(0, nowNanos - since);
        if (since != NOT_COLD && (coldProven || nanos >= SURE_NANOS)) {
            sum = sum.plus(new Waits(1, 1, 1, nanos, nanos, coldProven ? 0 : nanos));
            last = Math.min(last + nanos, Findings.MINUTE_NANOS);
        } else {
            site = tallies.entrySet().stream().max(Comparator.comparing(entry -> entry.getValue().sum().nanos())).map(Map.Entry::getKey)
                    .orElse("");
        }
        return new Findings.Loop(name, sum, last, Math.max(last, minute.worst()), site, poolWaits > loopWaits);
    }

    /** What has been counted, by call site. Threads: any. */
    void addSitesTo(Map<String, Waits> sites) {
        tallies.forEach((site, tally) -> sites.merge(site, tally.sum(), Waits::plus));
    }
}
