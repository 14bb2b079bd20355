package io.readahead.observe.jfr;

import io.readahead.observe.Counters;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/** Committed by Flight Recorder's periodic thread. */
@Name("readahead.Statistics")
@Label("Readahead Statistics")
@Category("Readahead")
@Description("What the agent has done since it was started")
@Period("1 s")
@StackTrace(false)
@Registered(false)
final class StatisticsEvent extends Event {

    @Label("Calls")
    @Description("Woven calls that the agent looked at")
    long transfers;

    @Label("Resident Calls")
    @Description("Calls whose data was in the page cache")
    long resident;

    @Label("Parks")
    @Description("Times that a non-blocking target was parked")
    long parks;

    @Label("Readaheads")
    @Description("Ranges that were read ahead")
    long warmups;

    @Label("Bytes Read Ahead")
    @DataAmount
    long warmupBytes;

    @Label("Readaheads in Order")
    @Description("Ranges of fast readers, which the kernel's own readahead went before")
    long inOrder;

    @Label("Blocking Waits")
    @Description("Times that a thread with a blocking target waited for a readahead")
    long blockingWaits;

    @Label("Mended Wake-ups")
    @Description("Targets that the watchdog resumed; 0, or there is a bug")
    long mendedWakeups;

    @Label("Failures")
    @Description("Times that something inside the agent broke and the original call ran")
    long failures;

    @Label("Read Errors")
    @Description("Readaheads that the disk refused; the server's calls met the same errors")
    long readErrors;

    @Label("Dropped")
    @Description("Readaheads that were given up because the budget was full")
    long dropped;

    @Label("Out of Order")
    @Description("Calls that were answered 0 because bytes before theirs were still to come")
    long outOfOrder;

    @Label("Passed Through")
    @Description("Calls that the agent does not help; the status says why")
    long passedThrough;

    @Label("Parked Now")
    @Description("Targets parked at this moment")
    long parkedNow;

    @Label("Open Descriptors")
    @Description("Descriptors of the server by which readahead threads are reading at this moment")
    long openDescriptors;

    void take(Counters counters) {
        transfers = counters.transfers.sum();
        resident = counters.resident.sum();
        parks = counters.parks.sum();
        warmups = counters.warmups.sum();
        warmupBytes = counters.warmupBytes.sum();
        inOrder = counters.inOrder.sum();
        blockingWaits = counters.blockingWaits.sum();
        mendedWakeups = counters.mendedWakeups.sum();
        failures = counters.failures.sum();
        readErrors = counters.readErrors.sum();
        dropped = counters.dropped.sum();
        outOfOrder = counters.outOfOrder.sum();
        passedThrough = counters.passedThrough.sum();
        parkedNow = counters.parkedNow();
        openDescriptors = counters.openDescriptors.get();
    }
}
