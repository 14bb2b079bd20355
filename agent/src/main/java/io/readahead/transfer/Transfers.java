package io.readahead.transfer;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.ServerAdapter;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.gate.Gate;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers the bridge: what kind of target, send now or read ahead first.
 *
 * <p>Streams are kept by target channel; for a blocking target that is no channel of the JDK (a servlet's output stream) by file
 * and thread, for several threads may send one FileChannel at a time.
 * The watchdog drops a stream when its target is closed, or after {@value #IDLE_SECONDS} s without a call.
 *
 * <p>Threads: the server's; {@link #sweep} is the watchdog's. On a non-blocking target nothing here waits.
 */
public final class Transfers implements ReadaheadHooks {

    private static final int IDLE_SECONDS = 30;
    private static final long DROP_IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    private static final long TIDY_IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** A blocked reader looks this often whether its channels were closed. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The most that one sendfile(2) sends: MAX_RW_COUNT of linux/fs.h. */
    private static final long MAX_SENDFILE_BYTES = 0x7ffff000L;

    private final Stream.Shared shared;
    private final Gate gate;
    private final Adapters adapters;
    private final Consumer<Throwable> onFailure;
    private final AtomicInteger ownParked = new AtomicInteger();
    private final ConcurrentHashMap<Object, Stream> streams = new ConcurrentHashMap<>();
    private volatile boolean stopped;

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
        this.shared = new Stream.Shared(rooms.posix, rooms.residency, rooms.pool, rooms.budget, rooms.counters, maxWindowBytes,
                debugCold, nanoClock);
        this.gate = rooms.gate;
        this.adapters = rooms.adapters;
        this.onFailure = onFailure;
        rooms.counters.parkedNowFrom(() -> gate.parkedNow() + ownParked.get());
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
            boolean known = JdkInternals.isJdkSelectable(channel);
            if (!known || target instanceof SocketChannel socket && !socket.isConnected()) {
                passed(site, known ? Reason.NOT_CONNECTED : Reason.TARGET, channel);
                return file.transferTo(position, count, target);
            }
            return channel.isBlocking()
                    ? blocking(file, position, Math.min(count, MAX_SENDFILE_BYTES), target, channel, site)
                    : nonBlocking(file, position, count, channel, null, target, site);
        }
        if (target.getClass().getClassLoader() == null) {
            // What the JDK makes of an OutputStream.
            return blocking(file, position, count, target, new Target.Blocking(file, Thread.currentThread()), site);
        }
        // Of a server's own channel nobody knows: an event loop's TLS channel must not wait here behind other readers' windows.
        ServerAdapter adapter = behind(target);
        if (adapter == null) {
            passed(site, Reason.TARGET, target);
            return file.transferTo(position, count, target);
        }
        Object channel = adapter.channelBehind(target);
        if (Adapters.blocks(channel)) {
            passed(site, Reason.BLOCKING, channel);
            return file.transferTo(position, count, target);
        }
        return nonBlocking(file, position, count, channel, adapter, target, site);
    }

    private ServerAdapter behind(WritableByteChannel target) {
        try {
            return adapters.behind(target);
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    @Override
    public long admit(int number, Object receiver, Object source, long position, long count) {
        boolean own = position == OWN_POSITION;
        // Whoever asks an interrupted thread's file for its position closes it.
        if (stopped || count <= 0 || source == null || own && Thread.currentThread().isInterrupted()) {
            return count;
        }
        try {
            ServerAdapter adapter = adapters.of(number);
            Object channel = adapter.channelOf(receiver);
            FileChannel file = channel == null || Adapters.blocks(channel) ? null : adapter.fileOf(source);
            if (file == null) {
                Adapters.passed(shared.counters().passedThrough, adapter, receiver, channel, source);
                return count;
            }
            return admitOrPark(channel, adapter, file, own ? file.position() : position, count, adapter.site());
        } catch (IOException opening) {
            return count;    // the original call meets it too
        } catch (Throwable failure) {
            failed(failure);
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
            Object channel = adapter.channelOf(receiver);
            Stream stream = channel == null ? null : streams.get(channel);
            FileChannel file = stream == null ? null : adapter.fileOf(source);
            if (file != null) {
                stream.sent(file, position == OWN_POSITION ? stream.askedFrom() : position, sent);
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public boolean saidLater(FileChannel file, long position) {
        try {
            // All of them, for whoever asks knows no channel; it asks only where it is about to give up.
            for (Stream stream : streams.values()) {
                if (stream.saidLater(file, position)) {
                    return true;
                }
            }
        } catch (Throwable failure) {
            failed(failure);
        }
        return false;
    }

    @Override
    public int interestEvents(SelectionKey key, int events) {
        try {
            return gate.events(key, events);
        } catch (Throwable failure) {
            failed(failure);
            return events;
        }
    }

    private long nonBlocking(FileChannel file, long position, long count, Object channel, ServerAdapter adapter,
                             WritableByteChannel target, String site) throws IOException {
        long admitted = count;
        String diskSaid = null;
        try {
            admitted = admitOrPark(channel, adapter, file, position, count, site);
            if (admitted == Stream.WAIT) {
                return 0;
            }
            Stream stream = streams.get(channel);
            diskSaid = stream == null ? null : stream.failureAt(file, position);
        } catch (Throwable failure) {
            failed(failure);
        }
        if (diskSaid != null) {
            throw new IOException(diskSaid);    // as sun.nio.ch.FileDispatcherImpl does, JDK 17 to 25
        }
        long sent = file.transferTo(position, admitted, target);
        noteSent(streams.get(channel), file, position, sent);
        return sent;
    }

    /**
     * Says how much may be sent, and parks the target where that is nothing.
     *
     * @param adapter whose channel it is; null where it is one of the JDK
     * @return how many bytes may be sent now; {@link Stream#WAIT} where the target was parked
     */
    long admitOrPark(Object channel, ServerAdapter adapter, FileChannel file, long position, long count, String site) {
        if (position < 0 || stopped || !file.isOpen() || isNotHelped(file, site)) {
            return count;
        }
        shared.counters().transfers.increment();
        Stream stream = streamOf(channel, adapter);
        long admitted = stream.admit(file, position, count);
        while (admitted == Stream.DROPPED) {
            streams.remove(channel, stream);
            if (stopped) {
                return count;
            }
            stream = streamOf(channel, adapter);
            admitted = stream.admit(file, position, count);
        }
        if (admitted == Stream.WAIT) {
            park(stream, site, position, count);
            stream.sayLater(file, position);
            return Stream.WAIT;
        }
        // Parked it may be for a range that the server no longer asks for: what it sends now must not wait for that one.
        stream.resume();
        shared.counters().callSites.called(site, false);
        shared.counters().resident.increment();
        return admitted == Stream.PASS ? count : admitted;
    }

    private void park(Stream stream, String site, long position, long count) {
        if (!stream.target().isParked()) {
            shared.counters().parks.increment();
            shared.counters().callSites.called(site, true);
            stream.parked(shared.counters().events().parked(site, position, count));
        }
        boolean parked = false;
        try {
            stream.target().park();
            parked = true;
        } finally {
            // The readahead may have ended before the park, or have been given up (a closed file, a stream dropped by the watchdog), or
            // the agent may have been detached: their resume then came too early, and this one is needed. They first end it or take
            // it away and then resume, and here the park comes first and the look afterwards, so at least one sees the other.
            Warmup awaited = stream.inFlight();
            if (!parked || awaited == null || awaited.isDone() || stopped) {
                stream.resume();
            }
        }
    }

    /** Window by window: wait, send, the next one being read meanwhile. Returns what one original call would have. */
    private long blocking(FileChannel file, long position, long count, WritableByteChannel target, Object key, String site)
            throws IOException {
        long done = 0;
        while (done < count) {
            long admitted = Stream.PASS;
            try {
                shared.counters().transfers.increment();
                admitted = awaitAdmission(key, file, position + done, count - done, target, site);
            } catch (Throwable failure) {
                failed(failure);
            }
            long asked = admitted > 0 ? admitted : count - done;
            long sent;
            try {
                sent = file.transferTo(position + done, asked, target);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                // One original call returns what it sent before the failure, and the next call throws.
                if (done > 0) {
                    return done;
                }
                throw e;
            }
            noteSent(streams.get(key), file, position + done, sent);
            done += Math.max(0, sent);
            if (sent < asked || admitted <= 0) {
                break;
            }
        }
        return done;
    }

    private long awaitAdmission(Object key, FileChannel file, long position, long count, WritableByteChannel target, String site) {
        boolean waited = false;
        while (!stopped) {
            Stream stream = streamOf(key, null);
            long admitted = stream.admit(file, position, count, true);
            if (admitted == Stream.DROPPED) {
                streams.remove(key, stream);
                continue;
            }
            if (admitted != Stream.WAIT) {
                if (!waited) {
                    shared.counters().resident.increment();
                }
                shared.counters().callSites.called(site, waited);
                return admitted;
            }
            if (waited) {
                // What it waited for was given up or forgotten: another thread sends to the same target from elsewhere. Two that
                // take turns in this would never get on.
                shared.counters().callSites.called(site, true);
                return Stream.PASS;
            }
            waited = true;
            shared.counters().blockingWaits.increment();
            Warmup awaited = stream.inFlight();
            while (awaited != null && !awaited.isDone() && !stopped) {
                awaited.await(LOOK_NANOS);
                if (Thread.currentThread().isInterrupted() || !file.isOpen() || !target.isOpen()) {
                    return Stream.PASS;    // the original call says it as it always did
                }
            }
        }
        return Stream.PASS;
    }

    Stream streamOf(Object key, ServerAdapter adapter) {
        Stream stream = streams.get(key);
        if (stream == null) {
            stream = streams.computeIfAbsent(key, k -> new Stream(shared, targetOf(k, adapter)));
            if (stopped) {
                stream.drop();    // stop() may have gone through the streams before this one was there
            }
        }
        return stream;
    }

    private Target targetOf(Object key, ServerAdapter adapter) {
        if (key instanceof SelectableChannel channel) {
            return new Target.Selectable(gate, channel);
        }
        if (key instanceof Target.Blocking blocking) {
            return blocking;
        }
        return new Target.Own(adapter.retry(), key, new AtomicBoolean(), ownParked);
    }

    private void noteSent(Stream stream, FileChannel file, long position, long sent) {
        if (stream == null) {
            return;
        }
        try {
            stream.sent(file, position, sent);
        } catch (Throwable failure) {
            failed(failure);
        }
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
            shared.counters().passedThrough.called(site, reason, met);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private void failed(Throwable failure) {
        try {
            shared.counters().note(failure);
            onFailure.accept(failure);
        } catch (Throwable ignored) {
            // Not even memory for a line in the log: the original call runs all the same.
        }
    }

    /**
     * Drops what is closed or idle, and resumes what should have been resumed: a target that was found parked twice in a row
     * with nothing in flight.
     *
     * <p>Threads: the watchdog, once a second.
     */
    public void sweep() {
        long now = shared.nanoClock().getAsLong();
        streams.forEach((key, stream) -> {
            try {
                sweep(key, stream, now);
            } catch (Throwable failure) {
                failed(failure);    // the others are looked at all the same
            }
        });
    }

    private void sweep(Object key, Stream stream, long now) {
        Target target = stream.target();
        long idle = stream.tidy(now, TIDY_IDLE_NANOS);
        boolean parked = target.isParked();
        if (!target.isOpen() || idle > DROP_IDLE_NANOS && !parked && !stream.isReading()) {
            streams.remove(key, stream);
            stream.drop();
            stream.resume();
        } else if (stream.isStrandedAgain(parked) && stream.resume()) {
            shared.counters().mendedWakeups.increment();
        }
    }

    /**
     * Drops every stream and resumes every target, once and for all: a target that a call under way parks afterwards is resumed
     * by that call.
     *
     * <p>Threads: any, after the bridge became a pass-through.
     */
    public void stop() {
        stopped = true;
        streams.forEach((key, stream) -> {
            streams.remove(key, stream);
            stream.drop();
            stream.resume();
        });
        adapters.forget();
    }
}
