package io.readahead.warmup;

import java.util.concurrent.TimeUnit;

/**
 * How fast a store has answered of late, over the time in which it was read.
 *
 * <p>Units: bytes, nanoseconds. Threads: under the lane's monitor.
 */
final class StoreRate {

    /** Shorter stretches say more of what a throttled disk gives at once than of the disk. */
    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private int underWay;
    private long busySinceNanos;
    private long busyNanos;
    private long bytes;
    private double bytesPerNano;

    void began(long nowNanos) {
        if (underWay == 0) {
            busySinceNanos = nowNanos;
        }
        underWay++;
    }

    void ended(long readBytes, long nowNanos) {
        underWay--;
        bytes += readBytes;
        busyNanos += nowNanos - busySinceNanos;
        busySinceNanos = nowNanos;
        if (busyNanos >= LEAST_NANOS) {
            double last = (double) bytes / busyNanos;
            bytesPerNano = bytesPerNano == 0 ? last : (bytesPerNano + last) / 2;
            bytes = 0;
            busyNanos = 0;
        }
    }

    /** What it gives each of so many readers in so long; Long.MAX_VALUE as long as its rate isn't known. */
    long bytesIn(long nanos, int readers) {
        return bytesPerNano == 0 ? Long.MAX_VALUE : (long) (bytesPerNano * nanos / readers);
    }
}
