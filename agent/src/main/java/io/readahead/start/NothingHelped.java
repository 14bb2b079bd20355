package io.readahead.start;

import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says why an agent that runs has helped no call so far.
 *
 * <p>In the status at any time; in the log once, a minute after the first call that passed through, where every other one did too.
 * <p>Threads: {@link #look} is the watchdog's; any asks for the {@link #sentence}.
 */
final class NothingHelped {

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Counters counters;
    private final String packages;
    private final Consumer<String> report;
    private final LongSupplier nanoClock;
    private boolean met;
    private long firstNanos;
    private boolean settled;

    /**
     * @param packages whose calls are woven
     * @param report is told the sentence, once
     * @param nanoClock what time it is
     */
    NothingHelped(Counters counters, String packages, Consumer<String> report, LongSupplier nanoClock) {
        this.counters = counters;
        this.packages = packages;
        this.report = report;
        this.nanoClock = nanoClock;
    }

    /** Once a second. */
    void look() {
        if (settled || counters.passedThrough.sum() == 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (!met) {
            met = true;
            firstNanos = now;
        }
        if (counters.transfers.sum() > 0) {
            settled = true;
        } else if (now - firstNanos >= PATIENCE_NANOS) {
            settled = true;
            report.accept(sentence());
        }
    }

    /** Why, in a line, and what can be done; empty where a call was helped. */
    String sentence() {
        if (counters.transfers.sum() > 0) {
            return "";
        }
        List<PassedThrough.Row> rows = counters.passedThrough.rows();
        if (rows.isEmpty()) {
            return "no call was met so far: nothing was sent, or not by transferTo in " + packages
                    + " (see troubleshooting in the documentation)";
        }
        PassedThrough.Row most = rows.get(0);
        return "every call passed through so far: " + most.text() + " (" + most.calls() + " of " + counters.passedThrough.sum()
                + "). They run as without the agent, and wait for the disk as they did; detach it, or see limits in the documentation";
    }
}
