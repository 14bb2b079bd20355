package io.readahead.os;

import io.readahead.jdk.JdkInternals;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * A file that the server has mapped into memory, or the part of one: what a stream sends from it, it sends from offsets in here.
 *
 * <p>The JDK keeps neither a descriptor nor a path with a mapped buffer, so all that can be asked is asked by address. It holds the buffer,
 * and with it the mapping, as long as somebody holds this; a server that unmaps by itself all the same is answered with an error of the
 * system calls made here, none of which touches the memory.
 *
 * <p>Threads: any.
 */
public final class Mapping implements Channel {

    /** In the place of an index. */
    public static final int NONE = -1;

    private static final long NOT_LOCATED = -1;

    /** A part of it, by offsets. */
    record Range(long offset, long bytes) {

        static final Range NOTHING = new Range(0, 0);

        long end() {
            return offset + bytes;
        }
    }

    private final ByteBuffer whole;
    private final long address;
    private volatile long device = NOT_LOCATED;
    private volatile boolean tells;
    private volatile boolean asked;
    /** The last two that were asked for, under this object's monitor. */
    private Range last = Range.NOTHING;
    private Range beforeLast = Range.NOTHING;
    /** What was found in memory, and when the first of it was; as above. */
    private Range seen = Range.NOTHING;
    private long seenNanos;
    private boolean seenStands;

    /** @param whole the buffer that was made by the mapping: those that are sent are parts of it, {@link JdkInternals#mappedWhole} */
    public Mapping(ByteBuffer whole) {
        this.whole = whole;
        this.address = JdkInternals.addressOf(whole);
    }

    /** The index of the first buffer of a mapped file that has bytes, or {@link #NONE}. @param to where the search ends */
    public static int firstIn(ByteBuffer[] buffers, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffers[i] != null && buffers[i].hasRemaining() && JdkInternals.mappedWhole(buffers[i]) != null) {
                return i;
            }
        }
        return NONE;
    }

    /** Whether this is the mapping that made a buffer. */
    public boolean isOf(ByteBuffer other) {
        return whole == other;
    }

    /** The same mapping, whoever made this of it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Mapping mapping && mapping.whole == whole;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(whole);
    }

    /** Where an offset is in memory. */
    public long address(long offset) {
        return address + offset;
    }

    /** Where in here a part of it begins. */
    public long offsetOf(ByteBuffer part) {
        return JdkInternals.addressOf(part) + part.position() - address;
    }

    public long bytes() {
        return whole.capacity();
    }

    /** The device of its file as far as it is known, 0 before {@link #locate} and where nobody can say. */
    public long device() {
        return Math.max(0, device);
    }

    /** Finds out the device of its file, once: as many microseconds as the process has mappings, some 100 as a rule. */
    public void locate(PosixLibrary posix) {
        if (device == NOT_LOCATED) {
            device = Math.max(0, posix.mappedDevice(address));
        }
    }

    /** Whether the kernel tells this process what of the file is in memory; asked once. */
    boolean tells(PosixLibrary posix) {
        if (!asked) {
            tells = posix.tellsResidency(address) == 0;
            asked = true;
        }
        return tells;
    }

    /**
     * Takes note of what is about to be brought into memory.
     *
     * <p>Threads: readahead threads.
     *
     * @return what its reader has done with by now: the next range is asked for when half of the last one is sent, so that is the one
     *     before the last
     */
    synchronized Range begin(Range range) {
        Range done = beforeLast;
        beforeLast = last;
        last = range;
        return done;
    }

    /** Takes note of what was found in memory. @param sinceNanos when that was asked, of System.nanoTime: what is lost later is news */
    synchronized void saw(Range range, long sinceNanos) {
        if (!sawSomething() || range.offset() < seen.offset() || range.offset() > seen.end()) {
            seenNanos = sinceNanos;
        }
        seen = range;
        seenStands = false;
    }

    /** Whether something was found in memory, and not forgotten since. */
    synchronized boolean sawSomething() {
        return seen.bytes() > 0;
    }

    /** When the first of what was found in memory was asked about. */
    synchronized long seenNanos() {
        return seenNanos;
    }

    /** @param stands whether nothing was lost since; else it is forgotten */
    synchronized void seenStands(boolean stands) {
        seenStands = stands;
        if (!stands) {
            seen = Range.NOTHING;
        }
    }

    /** To where all was found in memory from an offset on, if that stands; else that offset. */
    synchronized long seenTo(long offset) {
        return seenStands && offset >= seen.offset() ? Math.max(offset, seen.end()) : offset;
    }

    /** {@inheritDoc} It ends with the last buffer of it, and whoever holds this holds one. */
    @Override
    public boolean isOpen() {
        return true;
    }

    /** {@inheritDoc} Nothing: it is the server's. */
    @Override
    public void close() {
        // See above.
    }
}
