package io.readahead.jmx;

import io.readahead.observe.CallSites;
import io.readahead.observe.Counters;
import io.readahead.observe.Durations;
import io.readahead.warmup.Budget;
import io.readahead.warmup.StoreFigures;
import io.readahead.warmup.WarmupPool;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Reads what {@link AgentMXBean} shows from where it is counted. Threads: any. */
public final class AgentBean implements AgentMXBean {

    private final String version;
    private final String packages;
    private final Counters counters;
    private final WarmupPool pool;
    private final Budget budget;
    private final long startNanos = System.nanoTime();

    /** @param packages as the options have them */
    public AgentBean(String version, String packages, Counters counters, WarmupPool pool, Budget budget) {
        this.version = version;
        this.packages = packages;
        this.counters = counters;
        this.pool = pool;
        this.budget = budget;
    }

    @Override
    public String getVersion() {
        return version;
    }

    @Override
    public String getPackages() {
        return packages;
    }

    @Override
    public long getUpSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
    }

    @Override
    public long getTransfers() {
        return counters.transfers.sum();
    }

    @Override
    public long getResident() {
        return counters.resident.sum();
    }

    @Override
    public long getParks() {
        return counters.parks.sum();
    }

    @Override
    public long getWarmups() {
        return counters.warmups.sum();
    }

    @Override
    public long getWarmupBytes() {
        return counters.warmupBytes.sum();
    }

    @Override
    public long getInOrder() {
        return counters.inOrder.sum();
    }

    @Override
    public long getBlockingWaits() {
        return counters.blockingWaits.sum();
    }

    @Override
    public long getMendedWakeups() {
        return counters.mendedWakeups.sum();
    }

    @Override
    public long getFailures() {
        return counters.failures.sum();
    }

    @Override
    public long getReadErrors() {
        return counters.readErrors.sum();
    }

    @Override
    public long getDropped() {
        return counters.dropped.sum();
    }

    @Override
    public long getOutOfOrder() {
        return counters.outOfOrder.sum();
    }

    @Override
    public long getPassedThrough() {
        return counters.passedThrough.sum();
    }

    @Override
    public long getParkedNow() {
        return counters.parkedNow();
    }

    @Override
    public long getQueuedNow() {
        return pool.queued();
    }

    @Override
    public long getThreadsNow() {
        return pool.workers();
    }

    @Override
    public long getOpenDescriptors() {
        return counters.openDescriptors.get();
    }

    @Override
    public long getBudgetBytes() {
        return budget.limit();
    }

    @Override
    public long getBudgetUsedBytes() {
        return budget.used();
    }

    @Override
    public long getParkMicrosP50() {
        return counters.parkTimes.p50Micros();
    }

    @Override
    public long getParkMicrosP90() {
        return counters.parkTimes.p90Micros();
    }

    @Override
    public long getParkMicrosP99() {
        return counters.parkTimes.p99Micros();
    }

    @Override
    public long getParkMicrosP999() {
        return counters.parkTimes.p999Micros();
    }

    @Override
    public long getParkMicrosMax() {
        return counters.parkTimes.maxMicros();
    }

    @Override
    public long getParkMicrosTotal() {
        return counters.parkTimes.totalMicros();
    }

    @Override
    public long getReadMicrosP50() {
        return counters.readTimes.p50Micros();
    }

    @Override
    public long getReadMicrosP99() {
        return counters.readTimes.p99Micros();
    }

    @Override
    public long getReadMicrosMax() {
        return counters.readTimes.maxMicros();
    }

    @Override
    public long getReadMicrosTotal() {
        return counters.readTimes.totalMicros();
    }

    @Override
    public Map<String, Long> getStoreReadBytes() {
        return each(pool.figures(), StoreFigures::readBytes);
    }

    @Override
    public Map<String, Long> getStoreQueuedNow() {
        return each(pool.figures(), StoreFigures::queued);
    }

    @Override
    public Map<String, Long> getStoreThreadsNow() {
        return each(pool.figures(), StoreFigures::threads);
    }

    @Override
    public Map<String, Long> getStoreQueueMicrosP99() {
        return each(pool.figures(), StoreFigures::queueMicrosP99);
    }

    @Override
    public Map<String, Long> getStoreReadMicrosP99() {
        return each(pool.figures(), StoreFigures::readMicrosP99);
    }

    @Override
    public Map<String, Long> getCallSiteCalls() {
        return each(counters.callSites.figures(), CallSites.Figures::calls);
    }

    @Override
    public Map<String, Long> getCallSiteColdCalls() {
        return each(counters.callSites.figures(), CallSites.Figures::cold);
    }

    @Override
    public Map<String, Long> getPassedThroughCalls() {
        Map<String, Long> calls = new TreeMap<>();
        counters.passedThrough.rows().forEach(row -> calls.merge(row.key(), row.calls(), Long::sum));
        return calls;
    }

    @Override
    public void reset() {
        for (Durations times : new Durations[] {counters.parkTimes, counters.readTimes}) {
            times.reset();
        }
        counters.slowestReads.reset();
        pool.resetTimes();
    }

    private static <T> Map<String, Long> each(Map<String, T> figures, ToLongFunction<T> figure) {
        Map<String, Long> numbers = new TreeMap<>();
        figures.forEach((name, of) -> numbers.put(name, figure.applyAsLong(of)));
        return numbers;
    }
}
