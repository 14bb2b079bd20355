package io.readahead.warmup;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes read ahead and not yet sent, over all streams.
 *
 * <p>A speculative window is given up where the budget is full. A reader that is parked is never turned away: it gets a smaller
 * window, so the limit can be passed by the smallest window for each parked reader.
 * <p>Threads: any.
 */
public final class Budget {

    /** By default that is a 256th of the memory. Of 512 MB with 4,000 slow readers twice as much was too much already. */
    private static final int UNCLAIMED_SHARE = 32;
    private static final int EXTRA_SHARE = 4;

    private final long limitBytes;
    private final AtomicLong used = new AtomicLong();

    public Budget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes bytes for a speculative window. @return false where that would pass the limit; nothing is taken then */
    public boolean tryTake(long bytes) {
        return tryTake(bytes, limitBytes);
    }

    /**
     * Takes bytes for what makes readahead cheaper and is not missed where it is refused.
     *
     * @return false where more than a quarter of the limit would be taken then; nothing is taken
     */
    public boolean tryTakeExtra(long bytes) {
        return tryTake(bytes, limitBytes / EXTRA_SHARE);
    }

    private boolean tryTake(long bytes, long limit) {
        while (true) {
            long now = used.get();
            if (bytes > limit - now) {
                return false;
            }
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
    }

    /**
     * Takes bytes for a parked reader.
     *
     * @param wanted bytes that the reader's window would have
     * @param least what it gets in any case; at most wanted
     * @return bytes taken
     */
    public long take(long wanted, long least) {
        while (true) {
            long now = used.get();
            long granted = Math.max(Math.min(wanted, limitBytes - now), Math.min(wanted, least));
            if (used.compareAndSet(now, now + granted)) {
                return granted;
            }
        }
    }

    /** Gives bytes back: sent, forgotten or never read. */
    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** The most that may be taken. */
    public long limit() {
        return limitBytes;
    }

    /** The most of it that is to be on its way, or to lie there read before its readers, who wait, come for it. */
    public long unclaimedLimit() {
        return limitBytes / UNCLAIMED_SHARE;
    }

    /** Bytes taken at this moment. */
    public long used() {
        return used.get();
    }
}
