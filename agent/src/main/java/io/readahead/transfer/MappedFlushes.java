package io.readahead.transfer;

import io.readahead.adapter.FlushAdapter;
import io.readahead.adapter.ServerAdapter;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.Mapping;
import io.readahead.os.PosixLibrary;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Buffers on their way to a layer of a server's own that reads them, as TLS does, of which a part is in a mapped file.
 *
 * <p>As for {@link MappedWrites}: the first mapped buffer is asked about, and what comes before it is handed on in any case; what comes
 * after it waits for the next call. What is handed on says in itself what was left out, so that it is put back whatever becomes of the
 * agent meanwhile.
 *
 * <p>Threads: the server's. Nothing here touches the memory, and nothing waits.
 */
final class MappedFlushes {

    private final PosixLibrary posix;
    private final Streams streams;
    private final Admission admission;
    private final Failures failures;

    MappedFlushes(PosixLibrary posix, Streams streams, Admission admission, Failures failures) {
        this.posix = posix;
        this.streams = streams;
        this.admission = admission;
        this.failures = failures;
    }

    /** See {@link ReadaheadHooks#part}. */
    ByteBuffer[] part(FlushAdapter adapter, Object receiver, ByteBuffer[] buffers) {
        try {
            int first = Mapping.firstIn(buffers, 0, buffers.length);
            if (first == Mapping.NONE || streams.isStopped()) {
                return buffers;
            }
            ByteBuffer mapped = buffers[first];
            Object channel = adapter.channelOf(receiver);
            if (channel == null || !posix.canPopulate()) {
                failures.counters().passedThrough.called(adapter.site(), channel == null ? Reason.SHAPE : Reason.MAPPED,
                        channel == null ? adapter.unknownTo(receiver) : mapped);
                return buffers;
            }
            if (adapter.isFlushing(channel)) {
                return null;    // it would take nothing new as long as its socket has no room, and has itself called back
            }
            Mapping mapping = streams.of(channel, adapter).mappingOf(JdkInternals.mappedWhole(mapped));
            long admitted = admission.admitOrPark(channel, adapter, mapping, mapping.offsetOf(mapped), mapped.remaining(), adapter.site());
            return admitted == Stream.WAIT && !MappedWrites.hasRemaining(buffers, 0, first) ? null : part(buffers, first, (int) admitted);
        } catch (Throwable failure) {
            failures.note(failure);
            return buffers;
        }
    }

    /** @param admitted of the first mapped one; {@link Stream#WAIT} for nothing of it */
    private static ByteBuffer[] part(ByteBuffer[] buffers, int first, int admitted) {
        ByteBuffer mapped = buffers[first];
        int to = first + 1;
        ByteBuffer end = mapped.duplicate();
        end.position(end.limit());
        boolean all = admitted >= mapped.remaining() && !MappedWrites.hasRemaining(buffers, to, buffers.length);
        ByteBuffer[] part = Arrays.copyOf(buffers, to + ReadaheadHooks.PART_ENDS_WITH);
        part[to] = end;
        part[to + 1] = all ? ReadaheadHooks.ALL : ReadaheadHooks.PART;
        mapped.limit(mapped.position() + Math.min(admitted, mapped.remaining()));
        return part;
    }

    /** See {@link ReadaheadHooks#flushed}. */
    void flushed(ServerAdapter adapter, Object receiver, ByteBuffer mapped) {
        try {
            Object channel = adapter.channelOf(receiver);
            Stream stream = channel == null ? null : streams.known(channel);
            if (stream != null) {
                Mapping mapping = stream.mappingOf(JdkInternals.mappedWhole(mapped));
                stream.sent(mapping, stream.askedFrom(), mapping.offsetOf(mapped) - stream.askedFrom());
            }
        } catch (Throwable failure) {
            failures.note(failure);
        }
    }

    /** See {@link ReadaheadHooks#parked}. */
    boolean isParked(ServerAdapter adapter, Object receiver) {
        try {
            Object channel = adapter.channelOf(receiver);
            Stream stream = channel == null ? null : streams.known(channel);
            return stream != null && stream.target().isParked();
        } catch (Throwable failure) {
            failures.note(failure);
            return false;
        }
    }
}
