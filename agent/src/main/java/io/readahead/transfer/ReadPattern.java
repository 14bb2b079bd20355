package io.readahead.transfer;

import java.util.concurrent.TimeUnit;

/**
 * How a reader goes through its file: what it asks for, whether it goes on there, how large its next window is.
 *
 * <p>A window doubles from {@value #FIRST_WINDOW_BYTES} bytes while the file is read in order, if the one before was sent within
 * {@value #FAST_MILLIS} ms, and is halved down to {@value #SMALLEST_WINDOW_BYTES} bytes if that took {@value #SLOW_MILLIS} ms or
 * more: what a slow client gets to in a minute would only take memory, and be evicted before. It does not reach past what the
 * caller asked for, unless the caller was seen to go on there: some ask for 64 KB at a time in a row, some for the 512 KB after
 * what was just sent, some for 1 MB of which the first few KB end what they had. (Of a mapped file it does: {@link NextWindow}.)
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class ReadPattern {

    /** The least that is worth a readahead of its own, where more is wanted. */
    static final long SMALLEST_WINDOW_BYTES = 64 * 1024;

    static final long FIRST_WINDOW_BYTES = 256 * 1024;
    private static final int FAST_MILLIS = 250;
    private static final int SLOW_MILLIS = 1000;
    private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(FAST_MILLIS);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS);
    private static final int STREAMING_MB_PER_SECOND = 64;
    private static final int STREAMING_WINDOWS = 8;
    private static final int CRAWLING_MB_PER_SECOND = 16;
    private static final long STREAMING_NANOS_PER_KIB = TimeUnit.SECONDS.toNanos(1) / (STREAMING_MB_PER_SECOND * 1024);
    private static final long CRAWLING_NANOS_PER_KIB = TimeUnit.SECONDS.toNanos(1) / (CRAWLING_MB_PER_SECOND * 1024);
    private static final long KIB = 1024;
    private static final long NOWHERE = -1;

    private final long maxWindowBytes;
    private long windowBytes;
    private long askedFrom = NOWHERE;
    private long askedTo = NOWHERE;
    private boolean continues;
    private boolean started;
    private long startedNanos;
    private long startedFrom;
    private int streamedWindows;
    private boolean crawled;
    private long waitedNanos;

    ReadPattern(long maxWindowBytes) {
        this.maxWindowBytes = maxWindowBytes;
        restart();
    }

    /** The reader jumped, or took another file. */
    void restart() {
        askedFrom = NOWHERE;
        askedTo = NOWHERE;
        continues = false;
        started = false;
        streamedWindows = 0;
        crawled = false;
        windowBytes = Math.min(FIRST_WINDOW_BYTES, maxWindowBytes);
    }

    /** Takes note of a call. */
    void asked(long position, long count) {
        long end = end(position, count);
        continues |= position > askedFrom && position <= askedTo && end > askedTo;
        askedFrom = position;
        askedTo = end;
    }

    /** The reader asks again for the last of what it was sent: it goes on there if it wants more than it had asked for. */
    void cameBack(long position, long count) {
        continues |= end(position, count) > askedTo;
        streamedWindows = 0;    // it takes so much at a time, and is no stream
    }

    /** The length of a window that begins at a position, 0 or fewer where there is nothing to be read ahead. */
    long windowAt(long begin, long fileBytes) {
        long end = continues ? fileBytes : Math.min(fileBytes, askedTo);
        return Math.min(windowBytes, end - begin);
    }

    /** Whether the reader, having sent everything up to a position, may be about to meet the end of what is known. */
    boolean wantsMore(long sentTo, long knownTo) {
        return (knownTo < askedTo || continues) && knownTo - sentTo <= windowBytes / 2;
    }

    /** Whether a reader that goes on may ask for bytes from there. */
    boolean mayReach(long position) {
        return position < askedTo || continues;
    }

    /** The reader waited so long for the disk, which says nothing of how fast it is itself. */
    void waited(long nanos) {
        waitedNanos += nanos;
    }

    /**
     * A window was started; the next one is larger or smaller, by how long the reader took for the one before.
     *
     * <p>Units: bytes; nanoseconds of System.nanoTime.
     */
    void windowStarted(long begin, long nowNanos) {
        boolean large = started && windowBytes == maxWindowBytes;
        long kib = (begin - startedFrom) / KIB;
        streamedWindows = large && nowNanos - startedNanos <= kib * STREAMING_NANOS_PER_KIB ? streamedWindows + 1 : 0;
        crawled = !large || nowNanos - startedNanos > kib * CRAWLING_NANOS_PER_KIB;
        long took = nowNanos - startedNanos - waitedNanos;
        if (!started || took < FAST_NANOS) {
            windowBytes = Math.min(windowBytes * 2, maxWindowBytes);
        } else if (took >= SLOW_NANOS) {
            windowBytes = Math.min(windowBytes, Math.max(windowBytes / 2, SMALLEST_WINDOW_BYTES));
        }
        started = true;
        waitedNanos = 0;
        startedNanos = nowNanos;
        startedFrom = begin;
    }

    /**
     * Whether it came to its last {@value #STREAMING_WINDOWS} windows at {@value #STREAMING_MB_PER_SECOND} MB/s or more, the disk included:
     * one that is throttled gives the first few at once.
     */
    boolean streams() {
        return streamedWindows >= STREAMING_WINDOWS;
    }

    /** Whether its last window took longer than at {@value #CRAWLING_MB_PER_SECOND} MB/s, the disk included, or was a small one. */
    boolean crawls() {
        return crawled;
    }

    private static long end(long position, long count) {
        long end = position + count;
        return end < 0 ? Long.MAX_VALUE : end;
    }
}
