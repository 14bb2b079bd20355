package io.readahead.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What happened since start-up. Which event moves which counter:
 *
 * <ul>
 * <li>{@code transfers}: a woven call that the agent looked at (a JDK file to a target that can be helped)
 * <li>{@code resident}: such a call that went to the original at once
 * <li>{@code parks}: a non-blocking target was parked, and 0 returned
 * <li>{@code warmups}, {@code warmupBytes}: a readahead ended, and the bytes that it brought in
 * <li>{@code inOrder}: those of them that the kernel's own readahead went before
 * <li>{@code blockingWaits}: a thread with a blocking target waited for a readahead
 * <li>{@code mendedWakeups}: the watchdog resumed what should have been resumed already; 0, or there is a bug
 * <li>{@code failures}: something inside the agent broke, and the original call ran
 * <li>{@code readErrors}: the disk refused a readahead; the server's call met the same error
 * <li>{@code dropped}: a speculative readahead was given up because the budget was full
 * <li>{@code outOfOrder}: a call was answered 0, for the bytes before those that it was to send were cold
 * <li>{@code passedThrough}: a woven call that the agent does not help, and a class that could not be woven
 * </ul>
 */
public final class Counters {

    public final LongAdder transfers = new LongAdder();
    public final LongAdder resident = new LongAdder();
    public final LongAdder parks = new LongAdder();
    public final LongAdder warmups = new LongAdder();
    public final LongAdder warmupBytes = new LongAdder();
    public final LongAdder inOrder = new LongAdder();
    public final LongAdder blockingWaits = new LongAdder();
    public final LongAdder mendedWakeups = new LongAdder();
    public final LongAdder failures = new LongAdder();
    public final LongAdder readErrors = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    public final LongAdder outOfOrder = new LongAdder();
    /** How long targets were parked. */
    public final Durations parkTimes = new Durations();
    /** How long readahead took, from the worker's first call to its last. */
    public final Durations readTimes = new Durations();
    /** The slowest of those, of late. */
    public final SlowestReads slowestReads = new SlowestReads();
    /** Calls by call site. */
    public final CallSites callSites = new CallSites();
    /** Calls that the agent does not help. */
    public final PassedThrough passedThrough = new PassedThrough();
    /** Descriptors of the server that readahead threads are reading by at this moment. */
    public final AtomicLong openDescriptors = new AtomicLong();

    private volatile LongSupplier parkedNow = () -> 0;
    private volatile Events events = Events.NONE;
    private volatile Consumer<Throwable> failureReport = failure -> { };
    private volatile String lastFailure = "";

    /** Who wants to know of things one by one. */
    public Events events() {
        return events;
    }

    /** Sets who wants to know of things one by one. */
    public void eventsTo(Events recorder) {
        events = recorder;
    }

    /** Sets who is told of each failure; told on the thread that met it, which may be an event loop. */
    public void failuresGoTo(Consumer<Throwable> report) {
        failureReport = report;
    }

    /** Counts something that broke inside the agent; the original call runs all the same. */
    public void note(Throwable failure) {
        failures.increment();
        lastFailure = failure.toString();
    }

    /** Counts it and tells whoever is to be told. */
    public void failed(Throwable failure) {
        note(failure);
        failureReport.accept(failure);
    }

    /** What broke last; empty as long as nothing did. */
    public String lastFailure() {
        return lastFailure;
    }

    /** Sets where the number of parked targets is read. */
    public void parkedNowFrom(LongSupplier gauge) {
        parkedNow = gauge;
    }

    /** Targets parked at this moment. */
    public long parkedNow() {
        return parkedNow.getAsLong();
    }

    /** All of them as {@code name=value}, the gauges last. */
    public String line() {
        return "transfers=" + transfers.sum() + " resident=" + resident.sum() + " parks=" + parks.sum()
                + " warmups=" + warmups.sum() + " warmupBytes=" + warmupBytes.sum() + " inOrder=" + inOrder.sum()
                + " blockingWaits=" + blockingWaits.sum()
                + " mendedWakeups=" + mendedWakeups.sum() + " failures=" + failures.sum()
                + " readErrors=" + readErrors.sum() + " dropped=" + dropped.sum()
                + " outOfOrder=" + outOfOrder.sum()
                + " passedThrough=" + passedThrough.sum()
                + " parkedNow=" + parkedNow.getAsLong() + " openDescriptors=" + openDescriptors.get();
    }
}
