package io.readahead.transfer;

import io.readahead.adapter.Adapters;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.PassedThrough;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.Mapping;
import io.readahead.os.PosixLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Writes to a socket of which a part is in a mapped file: no more of that than can be read without waiting.
 *
 * <p>Problem: write(2) copies from memory, and where a page of a mapped file is not there the thread sleeps in the page fault. Choice: the
 * first mapped buffer of a call is asked about as {@code transferTo}'s file is. What comes before it is written in any case, what comes
 * after it only where all of it is; a second mapped buffer waits for the next call. So the order is kept, and the caller sees a socket
 * that has taken less. Cost: a call for each mapped buffer, where one was enough.
 *
 * <p>Threads: the server's. Nothing here touches the memory, and nothing waits.
 */
final class MappedWrites {

    private final PosixLibrary posix;
    private final Streams streams;
    private final Admission admission;
    private final PassedThrough passedThrough;
    private final Failures failures;

    MappedWrites(PosixLibrary posix, Streams streams, Admission admission, Failures failures) {
        this.posix = posix;
        this.streams = streams;
        this.admission = admission;
        this.passedThrough = failures.counters().passedThrough;
        this.failures = failures;
    }

    /** See {@link io.readahead.bridge.ReadaheadHooks#write}. */
    long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException {
        int first = Mapping.NONE;
        Mapping mapping = null;
        long admitted = 0;
        try {
            boolean valid = offset >= 0 && length >= 0 && length <= buffers.length - offset;
            first = valid ? Mapping.firstIn(buffers, offset, offset + length) : Mapping.NONE;
            if (first != Mapping.NONE && isHelped(socket, buffers[first], site)) {
                mapping = mappingOf(socket, buffers[first]);
                admitted = admission.admitOrPark(socket, null, mapping, mapping.offsetOf(buffers[first]), buffers[first].remaining(), site);
            }
        } catch (Throwable failure) {
            failures.note(failure);
            mapping = null;
        }
        if (mapping == null) {
            return socket.write(buffers, offset, length);
        }
        if (admitted == Stream.WAIT) {
            return hasRemaining(buffers, offset, first) ? socket.write(buffers, offset, first - offset) : 0;
        }
        return write(socket, buffers, offset, first, length, mapping, admitted);
    }

    /** The same of one buffer: of any other memory than a mapped file's, which is most of them, nothing is made for it. */
    int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException {
        return JdkInternals.mappedWhole(buffer) == null ? socket.write(buffer)
                : (int) write(socket, new ByteBuffer[] {buffer}, 0, 1, site);
    }

    private long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int first, int length, Mapping mapping, long admitted)
            throws IOException {
        ByteBuffer mapped = buffers[first];
        int limit = mapped.limit();
        int from = mapped.position();
        long position = mapping.offsetOf(mapped);
        int to = first + 1;
        if (admitted < mapped.remaining()) {
            mapped.limit(from + (int) admitted);
        } else {
            int second = Mapping.firstIn(buffers, to, offset + length);
            to = second == Mapping.NONE ? offset + length : second;
        }
        try {
            return socket.write(buffers, offset, to - offset);
        } finally {
            mapped.limit(limit);
            streams.sent(socket, mapping, position, mapped.position() - from, false);
        }
    }

    private Mapping mappingOf(SocketChannel socket, ByteBuffer part) {
        return streams.of(socket, null).mappingOf(JdkInternals.mappedWhole(part));
    }

    private boolean isHelped(SocketChannel socket, ByteBuffer mapped, String site) {
        if (streams.isStopped() || !socket.isConnected() || Thread.currentThread().isInterrupted()) {
            return false;    // as it always was, an exception included
        }
        Reason reason = !JdkInternals.isJdkStream(socket) ? Reason.TARGET : Adapters.blocks(socket) ? Reason.BLOCKING
                : posix.canPopulate() ? null : Reason.MAPPED;
        if (reason != null) {
            passedThrough.called(site, reason, reason == Reason.MAPPED ? mapped : socket);
        }
        return reason == null;
    }

    static boolean hasRemaining(ByteBuffer[] buffers, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffers[i] == null || buffers[i].hasRemaining()) {
                return true;    // of a null the original call says what it always did
            }
        }
        return false;
    }
}
