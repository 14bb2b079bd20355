package io.readahead.transfer;

import io.readahead.bridge.ReadaheadHooks;
import io.readahead.gate.Gate;
import io.readahead.jdk.JdkInternals;
import io.readahead.warmup.Warmup;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers the bridge: what kind of target, send now or read ahead first.
 *
 * <p>Streams are kept by target channel; for a target that is no selectable channel (a servlet's output stream) by file. The
 * watchdog drops a stream when its target is closed, or after {@value #IDLE_SECONDS} s without a call.
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
    private final Consumer<Throwable> onFailure;
    private final ConcurrentHashMap<Object, Stream> streams = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SelectableChannel, Boolean> suspects = new ConcurrentHashMap<>();

    /** @param onFailure is told what broke inside the agent; the original call runs all the same */
    public Transfers(Stream.Shared shared, Gate gate, Consumer<Throwable> onFailure) {
        this.shared = shared;
        this.gate = gate;
        this.onFailure = onFailure;
    }

    @Override
    public long transferTo(FileChannel file, long position, long count, WritableByteChannel target) throws IOException {
        if (position < 0 || count <= 0 || target == null || target instanceof FileChannel || !JdkInternals.isJdkFileChannel(file)
                || !file.isOpen() || !target.isOpen() || Thread.currentThread().isInterrupted()) {
            return file.transferTo(position, count, target);
        }
        if (target instanceof SelectableChannel channel) {
            if (!JdkInternals.isJdkSelectable(channel) || target instanceof SocketChannel socket && !socket.isConnected()) {
                return file.transferTo(position, count, target);
            }
            return channel.isBlocking()
                    ? blocking(file, position, Math.min(count, MAX_SENDFILE_BYTES), target, channel)
                    : nonBlocking(file, position, count, channel, target);
        }
        return blocking(file, position, count, target, file);
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

    private long nonBlocking(FileChannel file, long position, long count, SelectableChannel channel, WritableByteChannel target)
            throws IOException {
        Stream stream = null;
        long admitted = count;
        try {
            shared.counters().transfers.increment();
            stream = streamOf(channel);
            admitted = stream.admit(file, position, count);
            if (admitted == Stream.WAIT) {
                park(channel, stream);
                return 0;
            }
            shared.counters().resident.increment();
        } catch (Throwable failure) {
            failed(failure);
            admitted = Stream.PASS;
        }
        long sent = file.transferTo(position, admitted > 0 ? admitted : count, target);
        noteSent(stream, file, position, sent);
        return sent;
    }

    private void park(SelectableChannel channel, Stream stream) {
        Warmup awaited = stream.inFlight();
        if (!gate.isParked(channel)) {
            shared.counters().parks.increment();
        }
        gate.park(channel);
        // The readahead may have ended before the park: its resume then came too early, and this one is needed.
        if (awaited == null || awaited.isDone()) {
            gate.resume(channel);
        }
    }

    /** Window by window: wait, send, the next one being read meanwhile. Returns what one original call would have. */
    private long blocking(FileChannel file, long position, long count, WritableByteChannel target, Object key) throws IOException {
        long done = 0;
        while (done < count) {
            Stream stream = null;
            long admitted = Stream.PASS;
            try {
                shared.counters().transfers.increment();
                stream = streamOf(key);
                admitted = awaitAdmission(stream, file, position + done, count - done, target);
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
            noteSent(stream, file, position + done, sent);
            done += Math.max(0, sent);
            if (sent < asked || admitted <= 0) {
                break;
            }
        }
        return done;
    }

    private long awaitAdmission(Stream stream, FileChannel file, long position, long count, WritableByteChannel target) {
        boolean waited = false;
        while (true) {
            long admitted = stream.admit(file, position, count);
            if (admitted != Stream.WAIT) {
                if (!waited) {
                    shared.counters().resident.increment();
                }
                return admitted;
            }
            Warmup awaited = stream.inFlight();
            if (!waited) {
                waited = true;
                shared.counters().blockingWaits.increment();
            }
            while (awaited != null && !awaited.isDone()) {
                awaited.await(LOOK_NANOS);
                if (Thread.currentThread().isInterrupted() || !file.isOpen() || !target.isOpen()) {
                    return Stream.PASS;    // the original call says it as it always did
                }
            }
        }
    }

    /** The stream of a target; a new one where there is none, or where the watchdog just dropped it. */
    private Stream streamOf(Object key) {
        Stream stream = streams.get(key);
        while (stream == null || stream.isDropped()) {
            if (stream != null) {
                streams.remove(key, stream);
            }
            stream = streams.computeIfAbsent(key, this::newStream);
        }
        return stream;
    }

    private Stream newStream(Object key) {
        return key instanceof SelectableChannel channel
                ? new Stream(shared, () -> gate.resume(channel))
                : new Stream(shared, () -> { });
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

    private void failed(Throwable failure) {
        shared.counters().failures.increment();
        onFailure.accept(failure);
    }

    /**
     * Drops what is closed or idle, and resumes what should have been resumed: a target that was found parked twice in a row
     * with nothing in flight.
     *
     * <p>Threads: the watchdog, once a second.
     */
    public void sweep() {
        long now = System.nanoTime();
        streams.forEach((key, stream) -> {
            SelectableChannel channel = key instanceof SelectableChannel selectable ? selectable : null;
            boolean open = channel != null ? channel.isOpen() : ((FileChannel) key).isOpen();
            long idle = stream.tidy(now, TIDY_IDLE_NANOS);
            boolean parked = channel != null && gate.isParked(channel);
            if (!open || idle > DROP_IDLE_NANOS && !parked && !stream.isReading()) {
                streams.remove(key, stream);
                stream.drop();
                if (parked) {
                    gate.resume(channel);
                }
            } else if (parked) {
                mend(channel, stream);
            }
        });
    }

    private void mend(SelectableChannel channel, Stream stream) {
        if (stream.isReading()) {
            suspects.remove(channel);
        } else if (suspects.put(channel, Boolean.TRUE) != null) {
            suspects.remove(channel);
            if (gate.resume(channel)) {
                shared.counters().mendedWakeups.increment();
            }
        }
    }
}
