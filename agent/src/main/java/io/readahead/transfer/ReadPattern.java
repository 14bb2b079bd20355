package io.readahead.transfer;

/**
 * How a reader goes through its file: what it asks for, whether it goes on there, how large its next window is.
 *
 * <p>A window doubles from {@value #FIRST_WINDOW_BYTES} bytes while the file is read in order. It does not reach past what the
 * caller asked for, unless the caller was seen to go on there: some ask for 64 KB at a time in a row, some for the 512 KB after
 * what was just sent.
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class ReadPattern {

    private static final long FIRST_WINDOW_BYTES = 256 * 1024;
    private static final long NOWHERE = -1;

    private final long maxWindowBytes;
    private long windowBytes;
    private long askedFrom = NOWHERE;
    private long askedTo = NOWHERE;
    private boolean continues;

    ReadPattern(long maxWindowBytes) {
        this.maxWindowBytes = maxWindowBytes;
        restart();
    }

    /** The reader jumped, or took another file. */
    void restart() {
        askedFrom = NOWHERE;
        askedTo = NOWHERE;
        continues = false;
        windowBytes = Math.min(FIRST_WINDOW_BYTES, maxWindowBytes);
    }

    /** Takes note of a call. */
    void asked(long position, long count) {
        long end = end(position, count);
        continues |= position > askedFrom && position <= askedTo && end > askedTo;
        askedFrom = position;
        askedTo = end;
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

    /** A window was started. */
    void grow() {
        windowBytes = Math.min(windowBytes * 2, maxWindowBytes);
    }

    private static long end(long position, long count) {
        long end = position + count;
        return end < 0 ? Long.MAX_VALUE : end;
    }
}
