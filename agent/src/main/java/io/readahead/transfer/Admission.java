package io.readahead.transfer;

import io.readahead.adapter.ServerAdapter;
import io.readahead.observe.Counters;
import io.readahead.warmup.Warmup;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

/**
 * The answer to a call on a target that doesn't block: so many bytes may be sent now, or none, and the target is parked.
 *
 * <p>Threads: the server's. Nothing here waits but for a sender that asks over and over, see {@link Spinning}.
 */
final class Admission {

    /** A sender that spins asks again after so long. */
    private static final long SPINNING_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Stream.Shared shared;
    private final Streams streams;
    private final Counters counters;

    Admission(Stream.Shared shared, Streams streams) {
        this.shared = shared;
        this.streams = streams;
        this.counters = shared.counters();
    }

    /**
     * Says how much may be sent, and parks the target where that is nothing.
     *
     * @param adapter whose channel it is; null where it is one of the JDK
     * @return how many bytes may be sent now; {@link Stream#WAIT} where the target was parked
     */
    long admitOrPark(Object channel, ServerAdapter adapter, Channel file, long position, long count, String site) {
        if (file instanceof FileChannel open && isHot(channel, open, position, count, site)) {
            return count;
        }
        long admitted = admitOrParkOther(channel, adapter, file, position, count, site);
        return admitted == Stream.AT_END ? count : admitted;
    }

    /**
     * Whether all that a call asks for is known to be there, and nothing has to be known of its target: it is counted, and the original
     * call can be made.
     */
    boolean isHot(Object channel, FileChannel file, long position, long count, String site) {
        if (!shared.residency().stands(file, position, count) || shared.debugCold() || streams.isStopped()) {
            return false;
        }
        Stream stream = streams.known(channel);
        if (stream != null) {
            if (!stream.isAtRest()) {
                return false;
            }
            streams.through(channel);    // so that the next call has none to look at
        }
        counters.transfers.increment();
        counters.callSites.called(site, false);
        counters.resident.increment();
        return true;
    }

    /** {@link #admitOrPark} of a call that is not hot. @return also {@link Stream#AT_END} */
    long admitOrParkOther(Object channel, ServerAdapter adapter, Channel file, long position, long count, String site) {
        // Nobody calls again for a channel that is closed: the original call says that it is.
        if (position < 0 || streams.isStopped() || !file.isOpen() || channel instanceof Channel jdk && !jdk.isOpen()) {
            return count;
        }
        counters.transfers.increment();
        Stream stream = streams.of(channel, adapter);
        long admitted = stream.admit(file, position, count);
        while (admitted == Stream.DROPPED) {
            streams.forget(channel, stream);
            if (streams.isStopped()) {
                return count;
            }
            stream = streams.of(channel, adapter);
            admitted = stream.admit(file, position, count);
        }
        if (admitted == Stream.WAIT) {
            park(stream, site, position, count);
            stream.sayLater(file, position);
            if (stream.spinning().calledInVain(shared.nanoClock().getAsLong())) {
                waitALittle(stream);
            }
            return Stream.WAIT;
        }
        stream.spinning().stop();
        // Parked it may be for a range that the server no longer asks for: what it sends now must not wait for that one.
        stream.target().resume();
        counters.callSites.called(site, false);
        counters.resident.increment();
        return admitted == Stream.PASS ? count : admitted;
    }

    private void park(Stream stream, String site, long position, long count) {
        if (!stream.target().isParked()) {
            counters.parks.increment();
            counters.callSites.called(site, true);
            stream.target().parked(counters.events().parked(site, position, count));
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
            if (!parked || awaited == null || awaited.isDone() || streams.isStopped()) {
                stream.target().resume();
            }
        }
    }

    private void waitALittle(Stream stream) {
        Warmup awaited = stream.inFlight();
        if (awaited != null && !streams.isStopped()) {
            awaited.await(SPINNING_WAIT_NANOS);
            stream.spinning().waitedUntil(shared.nanoClock().getAsLong());
        }
    }
}
