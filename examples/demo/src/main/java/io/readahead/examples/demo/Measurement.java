package io.readahead.examples.demo;

import io.readahead.kit.ThreadDiskAccount;
import java.util.List;

/**
 * One variant, beside one kind of files, in one round.
 *
 * @param round from 1
 * @param hot what the hot client saw
 * @param backgroundBytes what the second client received meanwhile
 * @param seconds how long that and the disk account took
 * @param fileRates MB/s of the second client, of each file that it began and ended meanwhile
 * @param selector what the selector thread had to do with the disk meanwhile
 * @param smallPagesLost pages of the small files that were in memory before and not after
 */
record Measurement(Variant variant, Beside beside, int round, HotResult hot, long backgroundBytes, double seconds,
        List<Double> fileRates, ThreadDiskAccount selector, long smallPagesLost) {

    long sleepMillis() {
        return sleepMillis(selector);
    }

    /**
     * Sleep on the disk: by the kernel's account, or else the time seen in state D inside a call that sends, since elsewhere a thread
     * may wait in that state for other things, such as the lock of mmap(2).
     */
    static long sleepMillis(ThreadDiskAccount account) {
        if (account.delayAccounting() || account.dSamples() == 0) {
            return account.sleepMillis();
        }
        return account.sleepMillis() * account.sendingDSamples() / account.dSamples();
    }

    double backgroundMbPerSecond() {
        return backgroundBytes / seconds / Units.MB;
    }
}
