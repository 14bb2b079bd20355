package io.readahead.transfer;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.CalleeAdapter;
import io.readahead.adapter.ChunkAdapter;
import io.readahead.adapter.FlushAdapter;
import io.readahead.adapter.ServerAdapter;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.gate.Gate;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.WarmupPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers the bridge: what kind of target is it, can it be helped, and what happens then.
 *
 * <p>Threads: the server's; {@link #sweep} is the watchdog's. On a non-blocking target nothing here waits.
 */
public final class Transfers implements ReadaheadHooks {

    /** The most that one sendfile(2) sends: MAX_RW_COUNT of linux/fs.h. */
    private static final long MAX_SENDFILE_BYTES = 0x7ffff000L;

    private final Counters counters;
    private final Gate gate;
    private final Adapters adapters;
    private final Failures failures;
    private final Streams streams;
    private final Admission admission;
    private final BlockingCalls blockingCalls;
    private final ChunkedReads chunkedReads;
    private final MappedWrites mappedWrites;
    private final MappedFlushes mappedFlushes;

    /** The rooms below this one. */
    public record Rooms(PosixLibrary posix, Residency residency, WarmupPool pool, Budget budget, Counters counters, Gate gate,
                        Adapters adapters) {
    }

    /**
     * @param maxWindowBytes the largest window
     * @param debugCold whether each position of a file counts as cold the first time
     * @param onFailure is told what broke inside the agent; the original call runs all the same
     */
    public Transfers(Rooms rooms, long maxWindowBytes, boolean debugCold, Consumer<Throwable> onFailure) {
        this(rooms, maxWindowBytes, debugCold, onFailure, System::nanoTime);
    }

    /** @param nanoClock what time it is; a test brings its own */
    Transfers(Rooms rooms, long maxWindowBytes, boolean debugCold, Consumer<Throwable> onFailure, LongSupplier nanoClock) {
        Stream.Shared shared = new Stream.Shared(rooms.posix, rooms.residency, rooms.pool, rooms.budget, rooms.counters, maxWindowBytes,
                debugCold, nanoClock);
        this.counters = rooms.counters;
        this.gate = rooms.gate;
        this.adapters = rooms.adapters;
        this.failures = new Failures(counters, onFailure);
        this.streams = new Streams(shared, gate, failures);
        this.admission = new Admission(shared, streams);
        this.blockingCalls = new BlockingCalls(streams, failures);
        this.chunkedReads = new ChunkedReads(streams, admission, counters, this::isNotHelped);
        this.mappedWrites = new MappedWrites(rooms.posix, streams, admission, failures);
        this.mappedFlushes = new MappedFlushes(rooms.posix, streams, admission, failures);
    }

    @Override
    public long transferTo(FileChannel file, long position, long count, WritableByteChannel target, String site)
            throws IOException {
        if (position < 0 || count <= 0 || target == null || !file.isOpen() || Thread.currentThread().isInterrupted()) {
            return file.transferTo(position, count, target);
        }
        if (target instanceof FileChannel || isNotHelped(file, site)) {
            if (target instanceof FileChannel) {
                passed(site, Reason.TO_FILE, target);
            }
            return file.transferTo(position, count, target);
        }
        if (!target.isOpen()) {
            return file.transferTo(position, count, target);
        }
        if (target instanceof SelectableChannel channel) {
            boolean known = JdkInternals.isJdkStream(channel);
            if (!known || target instanceof SocketChannel socket && !socket.isConnected()) {
                passed(site, known ? Reason.NOT_CONNECTED : Reason.TARGET, channel);
                return file.transferTo(position, count, target);
            }
            if (!channel.isBlocking()) {
                return nonBlocking(file, position, count, channel, null, target, site);
            }
            return isHot(channel, file, position, count, site) ? file.transferTo(position, count, target)
                    : blockingCalls.transferTo(file, position, Math.min(count, MAX_SENDFILE_BYTES), target, channel, site);
        }
        if (target.getClass().getClassLoader() == null) {
            // What the JDK makes of an OutputStream.
            return blockingCalls.transferTo(file, position, count, target, new Target.Blocking(file, Thread.currentThread()), site);
        }
        // Of a server's own channel nobody knows: an event loop's TLS channel must not wait here behind other readers' windows.
        ServerAdapter adapter = null;
        Object channel = null;
        try {
            adapter = adapters.behind(target);
            channel = adapter == null ? null : adapter.channelBehind(target);
        } catch (Throwable failure) {
            failures.note(failure);
        }
        if (channel == null) {
            passed(site, Reason.TARGET, target);
            return file.transferTo(position, count, target);
        }
        if (Adapters.blocks(channel)) {
            passed(site, Reason.BLOCKING, channel);
            return file.transferTo(position, count, target);
        }
        return nonBlocking(file, position, count, channel, adapter, target, site);
    }

    @Override
    public long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException {
        return mappedWrites.write(socket, buffers, offset, length, site);
    }

    @Override
    public int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException {
        return mappedWrites.write(socket, buffer, site);
    }

    @Override
    public ByteBuffer[] part(int number, Object receiver, ByteBuffer[] buffers) {
        return mappedFlushes.part((FlushAdapter) adapters.of(number), receiver, buffers);
    }

    @Override
    public void flushed(int number, Object receiver, ByteBuffer mapped) {
        mappedFlushes.flushed(adapters.of(number), receiver, mapped);
    }

    @Override
    public boolean isMapped(ByteBuffer buffer) {
        try {
            return JdkInternals.mappedWhole(buffer) != null;
        } catch (Throwable failure) {
            failures.note(failure);
            return false;
        }
    }

    @Override
    public boolean parked(int number, Object receiver) {
        return mappedFlushes.isParked(adapters.of(number), receiver);
    }

    @Override
    public boolean later(int number, Object receiver, Object source, long count) {
        // Whoever asks an interrupted thread's file for its position closes it.
        if (streams.isStopped() || source == null || Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            if (count == 0) {
                chunkedReads.through(receiver);
                return false;
            }
            return chunkedReads.isEarly((ChunkAdapter) adapters.of(number), receiver, receiver, true);
        } catch (IOException closed) {
            return false;    // the original call says so
        } catch (Throwable failure) {
            failures.note(failure);
            return false;
        }
    }

    @Override
    public long admit(int number, Object receiver, Object source, long position, long count) {
        boolean own = position == OWN_POSITION;
        // Whoever asks an interrupted thread's file for its position closes it.
        if (streams.isStopped() || count <= 0 || source == null || own && Thread.currentThread().isInterrupted()) {
            return count;
        }
        try {
            ServerAdapter adapter = adapters.of(number);
            Object channel = adapter.channelOf(receiver);
            FileChannel file = helpedFile(adapter, receiver, channel, source);
            return file == null ? count
                    : admission.admitOrPark(channel, adapter, file, own ? file.position() : position, count, adapter.site());
        } catch (IOException opening) {
            return count;    // the original call meets it too
        } catch (Throwable failure) {
            failures.note(failure);
            return count;
        }
    }

    @Override
    public void note(int number, Object receiver, Object source, long position, long sent) {
        if (sent <= 0 || source == null) {
            return;
        }
        try {
            ServerAdapter adapter = adapters.of(number);
            if (adapter instanceof ChunkAdapter) {
                return;    // where it has come to, it says itself
            }
            Object channel = adapter.channelOf(receiver);
            Stream stream = channel == null ? null : streams.known(channel);
            FileChannel file = stream == null ? null : adapter.fileOf(source);
            if (file != null) {
                stream.sent(file, position == OWN_POSITION ? stream.askedFrom() : position, sent);
            }
        } catch (Throwable failure) {
            failures.note(failure);
        }
    }

    @Override
    public Object callee(int number, Object receiver, Object source, boolean reads) {
        if (streams.isStopped() || source == null) {
            return source;
        }
        try {
            CalleeAdapter adapter = (CalleeAdapter) adapters.of(number);
            return chunkedReads.isEarly(adapter, receiver, source, reads) ? adapter.later(receiver) : source;
        } catch (IOException opening) {
            return source;    // the original call meets it too
        } catch (Throwable failure) {
            failures.note(failure);
            return source;
        }
    }

    @Override
    public boolean saidLater(FileChannel file, long position) {
        try {
            return streams.saidLater(file, position);
        } catch (Throwable failure) {
            failures.note(failure);
            return false;
        }
    }

    @Override
    public int interestEvents(SelectionKey key, int events) {
        try {
            return gate.events(key, events);
        } catch (Throwable failure) {
            failures.note(failure);
            return events;
        }
    }

    private long nonBlocking(FileChannel file, long position, long count, Object channel, ServerAdapter adapter,
                             WritableByteChannel target, String site) throws IOException {
        long admitted = count;
        String diskSaid = null;
        if (isHot(channel, file, position, count, site)) {
            return file.transferTo(position, count, target);
        }
        try {
            admitted = admission.admitOrParkOther(channel, adapter, file, position, count, site);
            if (admitted == Stream.WAIT) {
                if (adapter != null) {
                    adapter.saidLater(target);
                }
                return 0;
            }
            Stream stream = streams.known(channel);
            diskSaid = stream == null ? null : stream.failureAt(file, position);
        } catch (Throwable failure) {
            failures.note(failure);
        }
        if (diskSaid != null) {
            throw new IOException(diskSaid);    // as sun.nio.ch.FileDispatcherImpl does, JDK 17 to 25
        }
        // What was appended since the agent looked may be cold: the next call has it.
        long sent = file.transferTo(position, admitted == Stream.AT_END ? 0 : admitted, target);
        streams.sent(channel, file, position, sent, false);
        return sent;
    }

    private boolean isHot(Object channel, FileChannel file, long position, long count, String site) {
        try {
            return admission.isHot(channel, file, position, count, site);
        } catch (Throwable failure) {
            failures.note(failure);
            return false;
        }
    }

    /** The file of a woven call that can be helped; else null, and that is noted. @param channel what the adapter says of the receiver */
    private FileChannel helpedFile(ServerAdapter adapter, Object receiver, Object channel, Object source) throws IOException {
        FileChannel file = channel == null || Adapters.blocks(channel) ? null : adapter.fileOf(source);
        if (file == null) {
            Adapters.passed(counters.passedThrough, adapter, receiver, channel, source);
        }
        return file == null || isNotHelped(file, adapter.site()) ? null : file;
    }

    /** Whether the file is none whose pages can be read ahead; takes note of it then. */
    private boolean isNotHelped(FileChannel file, String site) {
        boolean known = JdkInternals.isJdkFileChannel(file);
        if (known && !JdkInternals.isDirect(file)) {
            return false;
        }
        passed(site, known ? Reason.DIRECT : Reason.FILE, file);
        return true;
    }

    /** Takes note of a call that is not helped. @param met whose class is the reason */
    private void passed(String site, Reason reason, Object met) {
        try {
            counters.passedThrough.called(site, reason, met);
        } catch (Throwable failure) {
            failures.note(failure);
        }
    }

    /** Keeps house. Threads: the watchdog, once a second. */
    public void sweep() {
        streams.sweep();
        chunkedReads.sweep();
    }

    /**
     * Drops every stream and resumes every target, once and for all: a target that a call under way parks afterwards is resumed
     * by that call.
     *
     * <p>Threads: any, after the bridge became a pass-through.
     */
    public void stop() {
        streams.stop();
        chunkedReads.stop();
        adapters.forget();
    }

    /** For the tests of this room. */
    Streams streams() {
        return streams;
    }

    /** For the tests of this room. */
    Admission admission() {
        return admission;
    }
}
