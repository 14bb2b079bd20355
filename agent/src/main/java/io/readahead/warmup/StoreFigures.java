package io.readahead.warmup;

/**
 * What one file store's lanes did and do.
 *
 * @param readBytes read ahead so far
 * @param queued readahead that no worker has begun
 * @param threads workers that have not ended
 * @param queueMicrosP99 99th percentile of the time in the queue
 * @param readMicrosP99 99th percentile of the time that a readahead took
 */
public record StoreFigures(long readBytes, long queued, long threads, long queueMicrosP99, long readMicrosP99) {

    /** These, and those of the lane for what is cached: it brings nothing, but has a queue and a thread. */
    StoreFigures with(StoreFigures cached) {
        return new StoreFigures(readBytes, queued + cached.queued, threads + cached.threads, queueMicrosP99, readMicrosP99);
    }

    @Override
    public String toString() {
        return readBytes + " " + queued + " " + threads + " " + queueMicrosP99 + " " + readMicrosP99;
    }
}
