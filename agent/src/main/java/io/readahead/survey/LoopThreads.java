package io.readahead.survey;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The threads that were seen making calls.
 *
 * <p>Not thread-locals: those would stay behind in every thread of the server. At most {@value #MOST} threads that live and as many that
 * have ended are kept; calls of further ones are not looked at.
 * <p>Threads: any finds its own; {@link #sweep} is the watchdog's.
 */
final class LoopThreads {

    private static final int MOST = 1024;

    private final LongSupplier nanoClock;
    private final boolean helped;
    private final long sinceNanos;
    private final ConcurrentHashMap<Thread, LoopThread> living = new ConcurrentHashMap<>();
    private final List<LoopThread> ended = new ArrayList<>();

    /** @param helped whether the agent would help the calls of these threads */
    LoopThreads(LongSupplier nanoClock, boolean helped) {
        this.nanoClock = nanoClock;
        this.helped = helped;
        this.sinceNanos = nanoClock.getAsLong();
    }

    /** The calling thread; null where there are too many. */
    LoopThread current() {
        Thread thread = Thread.currentThread();
        LoopThread known = living.get(thread);
        return known != null || living.size() >= MOST ? known
                : living.computeIfAbsent(thread, t -> new LoopThread(t.getName(), ReadsElsewhere.nameOfThisThread(), sinceNanos, helped));
    }

    /** The calling thread; null where it was never asked for before. */
    LoopThread known() {
        return living.get(Thread.currentThread());
    }

    /** Lets go of threads that have ended, but not of what they did. */
    synchronized void sweep() {
        living.forEach((thread, loop) -> {
            if (!thread.isAlive() && living.remove(thread) != null && ended.size() < MOST) {
                ended.add(loop);
            }
        });
    }

    /** What they read in calls, by the kernel's names for them. */
    synchronized void addReadsTo(Map<String, Long> inCalls) {
        living.values().forEach(loop -> loop.addReadsTo(inCalls));
        ended.forEach(loop -> loop.addReadsTo(inCalls));
    }

    synchronized Findings find() {
        long now = nanoClock.getAsLong();
        List<LoopThread> all = new ArrayList<>(living.values());
        all.addAll(ended);
        List<Findings.Loop> loops = new ArrayList<>();
        Map<String, Waits> sites = new TreeMap<>();
        for (LoopThread thread : all) {
            loops.add(thread.find(now));
            thread.addSitesTo(sites);
        }
        loops.sort(Comparator.comparing((Findings.Loop loop) -> -loop.waits().nanos()).thenComparing(Findings.Loop::name));
        return new Findings(now - sinceNanos, List.copyOf(loops), sites);
    }
}
