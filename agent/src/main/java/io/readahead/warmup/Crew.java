package io.readahead.warmup;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many threads the lanes of a pool may have between them.
 *
 * <p>Problem: a machine with 36 disks, each of them dead or busy, would have 36 times the threads of one store. Choice: so many in all, of
 * which each lane that has work may have an equal share; and each has one in any case, or stores that are dead and keep theirs would stop
 * the others. Cost: with many stores at work, fewer threads for each.
 *
 * <p>Threads: any, under the monitor of the lane that asks; waits for nothing.
 */
final class Crew {

    private final int most;
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger lanesAtWork = new AtomicInteger();

    /** @param most threads of all lanes, but for the first of each */
    Crew(int most) {
        this.most = most;
    }

    /** Takes one more thread for a lane that has so many. @return false where it has its share */
    boolean tryTake(int ofLane) {
        if (ofLane == 0) {
            lanesAtWork.incrementAndGet();
            return true;
        }
        if (ofLane >= share()) {
            return false;
        }
        int taken = threads.get();
        while (taken < most && !threads.compareAndSet(taken, taken + 1)) {
            taken = threads.get();
        }
        return taken < most;
    }

    /** Gives one back. @param left threads that the lane still has */
    void give(int left) {
        (left == 0 ? lanesAtWork : threads).decrementAndGet();
    }

    /** What each lane that has a thread may have, the first included. */
    int share() {
        return 1 + most / Math.max(1, lanesAtWork.get());
    }
}
