package io.readahead.warmup;

/**
 * What one file store's lane did and does.
 *
 * @param readBytes read ahead so far
 * @param queued readahead that no worker has begun
 * @param threads workers that have not ended
 * @param queueMicrosP99 99th percentile of the time in the queue
 * @param readMicrosP99 99th percentile of the time that a readahead took
 */
public record StoreFigures(long readBytes, long queued, long threads, long queueMicrosP99, long readMicrosP99) {

    @Override
    public String toString() {
        return readBytes + " " + queued + " " + threads + " " + queueMicrosP99 + " " + readMicrosP99;
    }
}
