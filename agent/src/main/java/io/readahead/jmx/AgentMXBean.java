package io.readahead.jmx;

import java.util.Map;

/**
 * {@code io.readahead:type=Agent}: what the agent did and does, for JConsole, jmx_exporter and any other JMX client.
 *
 * <p>Which event moves which counter; a counter starts at 0 with the agent and never goes back:
 * <ul>
 * <li>{@code Transfers}: a woven call that the agent looked at (a JDK file to a target that can be helped)
 * <li>{@code Resident}: such a call that went to the original at once
 * <li>{@code Parks}: a non-blocking target was parked, and 0 returned; {@code ParkMicrosTotal} grows when it is resumed
 * <li>{@code Warmups}, {@code WarmupBytes}, {@code ReadMicrosTotal}: a readahead ended, the bytes that it brought in, how long it took
 * <li>{@code BlockingWaits}: a thread with a blocking target waited for a readahead
 * <li>{@code MendedWakeups}: the watchdog resumed what should have been resumed already; 0, or there is a bug
 * <li>{@code Failures}: something inside the agent broke, and the original call ran
 * <li>{@code ReadErrors}: the disk answered a readahead with an error, which the server gets as its own
 * <li>{@code Dropped}: a speculative readahead was given up because the budget was full
 * <li>{@code OutOfOrder}: a call was answered 0, for the bytes before those that it was to send were cold
 * <li>{@code PassedThrough}: a woven call that the agent does not help; {@code PassedThroughCalls} has them by call site, reason and
 *     class, with blanks between
 * <li>{@code CallSiteCalls}, {@code CallSiteColdCalls}: a call of that place in the server's code, and one that had to wait
 * <li>{@code StoreReadBytes}: a readahead of that file store ended
 * </ul>
 * Names that end with {@code Now}, {@code OpenDescriptors} and {@code BudgetUsedBytes} are of this moment; percentiles and maxima are of
 * the time since the start or since {@link #reset}.
 *
 * <p>Units: in the names; a count has none. Only numbers, names of classes and device numbers: no path, no address.
 * <p>Errors: none. Threads: any; reading takes no lock that a transfer waits for. Only open types cross, so that a client needs no class of
 * ours.
 */
public interface AgentMXBean {

    @Describe("version of the agent's jar")
    String getVersion();

    @Describe("packages whose calls are woven, separated by colons")
    String getPackages();

    @Describe("seconds since the agent was started or attached")
    long getUpSeconds();

    @Describe("woven calls that the agent looked at")
    long getTransfers();

    @Describe("calls that were sent at once")
    long getResident();

    @Describe("times that a connection was parked until its readahead ended")
    long getParks();

    @Describe("readaheads that ended")
    long getWarmups();

    @Describe("bytes read ahead")
    long getWarmupBytes();

    @Describe("readaheads of fast readers, which the kernel's own readahead went before")
    long getInOrder();

    @Describe("times that a thread with a blocking target waited for a readahead")
    long getBlockingWaits();

    @Describe("wake-ups that the watchdog had to mend; 0, or there is a bug")
    long getMendedWakeups();

    @Describe("failures inside the agent; the original call ran each time")
    long getFailures();

    @Describe("readaheads that the disk answered with an error")
    long getReadErrors();

    @Describe("speculative readaheads given up because the budget was full")
    long getDropped();

    @Describe("calls that were answered 0 because bytes before theirs were still to come")
    long getOutOfOrder();

    @Describe("calls that the agent does not help")
    long getPassedThrough();

    @Describe("connections parked at this moment")
    long getParkedNow();

    @Describe("readaheads that no thread has begun")
    long getQueuedNow();

    @Describe("readahead threads at this moment")
    long getThreadsNow();

    @Describe("descriptors of the server by which readahead threads are reading")
    long getOpenDescriptors();

    @Describe("the most that is read ahead and not yet sent")
    long getBudgetBytes();

    @Describe("bytes read ahead and not yet sent at this moment")
    long getBudgetUsedBytes();

    @Describe("median of the time that connections were parked, in microseconds")
    long getParkMicrosP50();

    @Describe("90th percentile of the time that connections were parked, in microseconds")
    long getParkMicrosP90();

    @Describe("99th percentile of the time that connections were parked, in microseconds")
    long getParkMicrosP99();

    @Describe("99.9th percentile of the time that connections were parked, in microseconds")
    long getParkMicrosP999();

    @Describe("the longest time that a connection was parked, in microseconds")
    long getParkMicrosMax();

    @Describe("time that connections were parked, all together, in microseconds")
    long getParkMicrosTotal();

    @Describe("median of the time that readaheads took, in microseconds")
    long getReadMicrosP50();

    @Describe("99th percentile of the time that readaheads took, in microseconds")
    long getReadMicrosP99();

    @Describe("the longest that a readahead took, in microseconds")
    long getReadMicrosMax();

    @Describe("time that readaheads took, all together, in microseconds")
    long getReadMicrosTotal();

    @Describe("bytes read ahead, by the file store's device number")
    Map<String, Long> getStoreReadBytes();

    @Describe("readaheads that no thread has begun, by the file store's device number")
    Map<String, Long> getStoreQueuedNow();

    @Describe("readahead threads, by the file store's device number")
    Map<String, Long> getStoreThreadsNow();

    @Describe("99th percentile of the time in the queue in microseconds, by the file store's device number")
    Map<String, Long> getStoreQueueMicrosP99();

    @Describe("99th percentile of the time that readaheads took in microseconds, by the file store's device number")
    Map<String, Long> getStoreReadMicrosP99();

    @Describe("calls, by class and method that made them")
    Map<String, Long> getCallSiteCalls();

    @Describe("calls that had to wait for the disk, by class and method that made them")
    Map<String, Long> getCallSiteColdCalls();

    @Describe("calls that the agent does not help, by class and method that made them, reason, and the class that was met")
    Map<String, Long> getPassedThroughCalls();

    /** Counters stay as they are: whoever makes rates of their differences must not see them fall. */
    @Describe("has percentiles, maxima and slowest reads begin anew; counters stay")
    void reset();
}
