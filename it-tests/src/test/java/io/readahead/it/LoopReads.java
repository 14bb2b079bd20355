package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.ThreadDiskAccount;
import java.util.concurrent.Callable;

/**
 * What came of cold downloads.
 *
 * @param loop what the event loops were charged with
 * @param readTwice bytes that the process has read beyond what it was to read once
 * @param stats the agent's counters, if there was one
 */
record LoopReads(ThreadDiskAccount loop, long readTwice, AgentStats stats) {

    /** What a run says in which no page was reclaimed before it was sent, {@link Undisturbed}. */
    static LoopReads undisturbed(Callable<LoopReads> run) throws Exception {
        return Undisturbed.measured(run, one -> one.loop.readBytes(), LoopReads::readTwice);
    }
}
