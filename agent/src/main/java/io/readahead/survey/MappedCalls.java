package io.readahead.survey;

import io.readahead.adapter.Adapters;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.PassedThrough;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.Mapping;
import io.readahead.os.Pages;
import io.readahead.os.PosixLibrary;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Looks at calls that are handed a buffer of a mapped file.
 *
 * <p>Whether its first pages are there says mincore(2), by address; it never waits. Who may not know is told that all are: then a major
 * fault in a call that slept is taken for one of the file, and called not proven, for the JVM's own code has such faults too.
 *
 * <p>Threads: the server's.
 */
final class MappedCalls {

    private static final long LOOK_BYTES = 16 * 1024;

    private final PosixLibrary posix;
    private final PassedThrough passedThrough;

    MappedCalls(PosixLibrary posix, PassedThrough passedThrough) {
        this.posix = posix;
        this.passedThrough = passedThrough;
    }

    /** The first buffer of a mapped file that has bytes; null where there is none. */
    static ByteBuffer firstOf(ByteBuffer[] buffers, int offset, int length) {
        if (offset < 0 || length < 0 || length > buffers.length - offset) {
            return null;    // the original call says so
        }
        int first = Mapping.firstIn(buffers, offset, offset + length);
        return first == Mapping.NONE ? null : buffers[first];
    }

    /** Whether the agent would help a write of a mapped buffer; takes note of one that it would pass through. */
    boolean isHelped(SocketChannel socket, ByteBuffer mapped, String site) {
        if (!socket.isConnected()) {
            return false;
        }
        Reason reason = !JdkInternals.isJdkStream(socket) ? Reason.TARGET : Adapters.blocks(socket) ? Reason.BLOCKING
                : posix.canPopulate() ? null : Reason.MAPPED;
        if (reason != null) {
            passedThrough.called(site, reason, reason == Reason.MAPPED ? mapped : socket);
        }
        return reason == null || reason == Reason.MAPPED;
    }

    /** What is known of its first pages. */
    FirstPages.Are pagesOf(ByteBuffer mapped) {
        long length = Math.min(mapped.remaining(), LOOK_BYTES);
        long address = JdkInternals.addressOf(mapped) + mapped.position();
        long there = posix.residentPages(address, length);
        return there < 0 ? FirstPages.Are.UNKNOWN : there >= Pages.in(address, length) ? FirstPages.Are.PRESENT : FirstPages.Are.ABSENT;
    }

    /** Where in its mapping a buffer begins. */
    static long positionOf(ByteBuffer mapped) {
        return JdkInternals.addressOf(mapped) + mapped.position() - JdkInternals.addressOf(JdkInternals.mappedWhole(mapped));
    }
}
