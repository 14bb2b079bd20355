package io.readahead.transfer;

import io.readahead.adapter.ServerAdapter;
import io.readahead.gate.Gate;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of all targets.
 *
 * <p>They are kept by target channel; for a blocking target that is no channel of the JDK (a servlet's output stream) by file and thread,
 * for several threads may send one FileChannel at a time.
 * The watchdog drops a stream when its target is closed, or after {@value #IDLE_SECONDS} s without a call.
 *
 * <p>Threads: the server's; {@link #sweep} is the watchdog's.
 */
final class Streams {

    private static final int IDLE_SECONDS = 30;
    private static final long DROP_IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    private static final long TIDY_IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Stream.Shared shared;
    private final Gate gate;
    private final Failures failures;
    private final AtomicInteger ownParked = new AtomicInteger();
    private final ConcurrentHashMap<Object, Stream> streams = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Streams(Stream.Shared shared, Gate gate, Failures failures) {
        this.shared = shared;
        this.gate = gate;
        this.failures = failures;
        shared.counters().parkedNowFrom(() -> gate.parkedNow() + ownParked.get());
    }

    /** Whether every stream was dropped, once and for all. */
    boolean isStopped() {
        return stopped;
    }

    /** The stream of a target; null where it has none. */
    Stream known(Object key) {
        return streams.get(key);
    }

    /** The stream of a target. @param adapter whose channel it is; null where it is none of a server's own */
    Stream of(Object key, ServerAdapter adapter) {
        Stream stream = streams.get(key);
        if (stream == null) {
            stream = streams.computeIfAbsent(key, k -> new Stream(shared, targetOf(k, adapter)));
            if (stopped) {
                stream.drop();    // stop() may have gone through the streams before this one was there
            }
        }
        return stream;
    }

    /** Forgets a stream that said that it was dropped. */
    void forget(Object key, Stream dropped) {
        streams.remove(key, dropped);
    }

    private Target targetOf(Object key, ServerAdapter adapter) {
        if (key instanceof SelectableChannel channel) {
            return new Target.Selectable(gate, channel, adapter != null && adapter.encryptsOnLoop());
        }
        if (key instanceof Target.Blocking blocking) {
            return blocking;
        }
        return new Target.Own(adapter.retry(), key, new AtomicBoolean(), ownParked);
    }

    /** Takes note of what the original call sent. */
    void sent(Object key, Channel file, long position, long bytes, boolean piece) {
        Stream stream = streams.get(key);
        if (stream == null) {
            return;
        }
        try {
            stream.sent(file, position, bytes, piece);
        } catch (Throwable failure) {
            failures.note(failure);
        }
    }

    /** Drops the stream of a target that is through with its file, before the watchdog would. */
    void through(Object key) {
        Stream stream = streams.get(key);
        if (stream != null) {
            end(key, stream);
        }
    }

    private void end(Object key, Stream stream) {
        streams.remove(key, stream);
        stream.drop();
        stream.target().resume();
    }

    /** Whether one of them answered this thread's last call, for that file and position, that its bytes come later. */
    boolean saidLater(Channel file, long position) {
        // All of them, for whoever asks knows no channel; it asks only where it is about to give up.
        for (Stream stream : streams.values()) {
            if (stream.saidLater(file, position)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Drops what is closed or idle, and resumes what should have been resumed: a target that was found parked twice in a row
     * with nothing in flight.
     *
     * <p>Threads: the watchdog, once a second.
     */
    void sweep() {
        long now = shared.nanoClock().getAsLong();
        streams.forEach((key, stream) -> {
            try {
                sweep(key, stream, now);
            } catch (Throwable failure) {
                failures.note(failure);    // the others are looked at all the same
            }
        });
    }

    private void sweep(Object key, Stream stream, long now) {
        ParkedTarget target = stream.target();
        long idle = stream.tidy(now, TIDY_IDLE_NANOS);
        boolean parked = target.isParked();
        if (!target.isOpen() || idle > DROP_IDLE_NANOS && !parked && !stream.isReading()) {
            end(key, stream);
        } else if (target.isStrandedAgain(parked, stream.isReading()) && target.resume()) {
            shared.counters().mendedWakeups.increment();
        } else if (parked && stream.holdsUpAnother(now)) {
            target.resume();
        }
    }

    /** Drops every stream and resumes every target, once and for all: one that a call under way parks afterwards that call resumes. */
    void stop() {
        stopped = true;
        streams.forEach(this::end);
    }
}
