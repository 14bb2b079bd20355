package io.readahead.transfer;

import io.readahead.warmup.Warmup;

/**
 * What of a file is read ahead next: how much, and in which way.
 *
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class NextWindow {

    private final Stream.Shared shared;
    private final ReadPattern pattern;
    private final KernelAhead kernelAhead;
    /** The reader had to wait: the next window is wanted at once. */
    private boolean hungry;
    private boolean takesTurns;

    NextWindow(Stream.Shared shared) {
        this.shared = shared;
        this.pattern = new ReadPattern(shared.maxWindowBytes());
        this.kernelAhead = new KernelAhead(shared.budget(), shared.residency());
    }

    /** Takes note of a call. */
    void asked(long position, long count) {
        pattern.asked(position, count);
    }

    /** The reader waits for a window that nobody waited for before. */
    void waits() {
        hungry = true;
    }

    /** The reader waited so long for the disk. */
    void waited(long nanos) {
        pattern.waited(nanos);
    }

    /** The reader jumped, or took another file. */
    void restart() {
        pattern.restart();
        takesTurns = false;
    }

    /** The reader asks again for the last of what it was sent. */
    void cameBack(long position, long count) {
        pattern.cameBack(position, count);
    }

    /** The reader of a mapped file has come back to where it left it. */
    void goesOn() {
        takesTurns = true;
    }

    /** What was read ahead is given up. */
    void forget() {
        kernelAhead.off();
        hungry = false;
    }

    /** The file is not read any more. */
    void release() {
        kernelAhead.off();
    }

    /** Whether a reader whose target has room is to have the next window read while it sends the last of what is known. */
    boolean isWantedAtOnce(long knownTo) {
        return hungry && pattern.mayReach(knownTo);
    }

    /** Whether it is time, everything up to a position being sent. @param eager whether the target took all and has room for more */
    boolean isWanted(long sentTo, long knownTo, boolean eager) {
        return hungry && eager ? pattern.mayReach(knownTo) : pattern.wantsMore(sentTo, knownTo);
    }

    /** Whether what is cached there may be marked by the kernel, and has to be gone over as it comes. */
    boolean mayBeMarked() {
        return kernelAhead.isOn();
    }

    /** Its length, where it begins there; smaller where so many readers of the store wait that this one would wait too long. */
    long lengthAt(long begin, SentFile file) {
        long fair = Math.max(shared.pool().fairBytes(file.device()), ReadPattern.SMALLEST_WINDOW_BYTES);
        long length = Math.min(pattern.windowAt(begin, file.facts().sizeBytes()), fair);
        return length > 0 && file.isMapped() ? ofMapped(length, file.facts().sizeBytes() - begin, fair) : length;
    }

    /**
     * Who maps a file asks for a part of what it is about to send, a frame of HTTP/2 for one, and files that share a connection take turns
     * at that. It gets no less than what is worth a readahead, as much as the kernel would read around a fault; and where it has come back,
     * as much as somebody who goes on. No rest is left that is smaller, for a server may copy it before it is asked for.
     */
    private long ofMapped(long length, long toTheEnd, long fair) {
        long least = takesTurns ? Math.min(ReadPattern.FIRST_WINDOW_BYTES, shared.maxWindowBytes()) : ReadPattern.SMALLEST_WINDOW_BYTES;
        long wanted = Math.max(length, Math.min(least, fair));
        return toTheEnd - wanted < ReadPattern.SMALLEST_WINDOW_BYTES ? toTheEnd : wanted;
    }

    /**
     * How it is read, where it begins there and now.
     *
     * @param cached whether it only has to be gone over, which is no window
     */
    Warmup.Way wayAt(long begin, boolean cached, long nowNanos, SentFile file) {
        if (cached) {
            return Warmup.Way.CACHED;
        }
        pattern.windowStarted(begin, nowNanos);
        if (pattern.crawls()) {
            kernelAhead.slowedDown(shared.maxWindowBytes());
        } else if (pattern.streams() && !file.isMapped()) {
            kernelAhead.tryOn(file.device());
        }
        return kernelAhead.isOn() ? Warmup.Way.IN_ORDER : Warmup.Way.ANNOUNCED;
    }

    /** It was begun before anybody waits for it. */
    void begun() {
        hungry = false;
    }
}
