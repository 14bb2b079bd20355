package io.readahead.transfer;

import io.readahead.observe.Counters;
import io.readahead.observe.Events;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What is known of one target's file, and what is read ahead of it.
 *
 * <pre>
 *        sent            known readable          in flight
 *   ...---------+-----------------------------+-------------+--...
 *               position                      known.to      known.to + window
 * </pre>
 *
 * <p>The next window is asked for when half of this one is sent; or, where the reader had to wait and its target has room, before
 * this one is sent.
 *
 * <p>Threads: those that transfer to the target, and the watchdog; all under this object's monitor.
 */
final class Stream {

    /** {@link #admit}: the range is being read ahead, see {@link #inFlight}. */
    static final long WAIT = 0;
    /** {@link #admit}: nothing can be known or done; the original call as it is. */
    static final long PASS = -1;
    /** {@link #admit}: the watchdog dropped this stream; look it up again. */
    static final long DROPPED = -2;

    /** How long what the disk said stands for the call that comes back for it. */
    private static final long FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Which call was answered that its bytes come later. */
    private record Later(Thread thread, FileChannel file, long position) {
    }

    /** What all streams share. */
    record Shared(PosixLibrary posix, Residency residency, WarmupPool pool, Budget budget, Counters counters, long maxWindowBytes,
                  boolean debugCold, LongSupplier nanoClock) {
    }

    private final Shared shared;
    private final ParkedTarget target;
    private final SentFile file;
    private final Window window;
    private final KnownRange known = new KnownRange();
    private final ReadPattern pattern;
    private final KernelAhead kernelAhead;
    private final Order order = new Order();
    private final Spinning spinning = new Spinning();

    /** The reader had to wait: the next window is wanted at once. */
    private boolean hungry;
    private long askedFrom;
    private long admittedBytes;
    /** Less than was asked for: what the target takes of it doesn't say whether it has room. */
    private boolean shortened;
    /** The last send took all that was admitted: the target has room for more. */
    private boolean eager;
    private volatile Warmup failed;
    private long lastUseNanos;
    /** The last answer, where it was that; whose it was is the only thread that it means something to. */
    private Later later;
    private boolean dropped;

    Stream(Shared shared, Target target) {
        this.shared = shared;
        this.target = new ParkedTarget(target);
        this.file = new SentFile(shared);
        this.window = new Window(shared, this::resume);
        this.pattern = new ReadPattern(shared.maxWindowBytes);
        this.kernelAhead = new KernelAhead(shared.budget, shared.residency);
    }

    Target target() {
        return target.target();
    }

    Spinning spinning() {
        return spinning;
    }

    /** Its target is parked from now on. @param recorded what wants to know when it ends, or null */
    void parked(Events.Park recorded) {
        target.parked(recorded);
    }

    /** Gives the target's readiness back. Threads: any. @return whether it was parked */
    boolean resume() {
        return target.resume();
    }

    /** @return bytes that may be sent now, {@link #WAIT}, {@link #PASS} or {@link #DROPPED} */
    long admit(FileChannel from, long position, long count) {
        return admit(from, position, count, false);
    }

    /**
     * As the other.
     *
     * @param threadMayWait whether the thread that sends may itself come to the kernel's marks, and read
     */
    synchronized long admit(FileChannel from, long position, long count, boolean threadMayWait) {
        if (dropped) {
            return DROPPED;
        }
        if (later != null) {
            later = null;
        }
        file.readerMayWait(threadMayWait);
        long now = shared.nanoClock.getAsLong();
        lastUseNanos = now;
        shortened = false;
        if (!threadMayWait && order.isBeforeItsTurn(from, position, window.isReading(), now)) {
            shared.counters.outOfOrder.increment();
            return WAIT;
        }
        settle();
        if (!file.is(from) || !known.continuesAt(position) && !window.covers(position)) {
            restart(from, position);
        }
        askedFrom = position;
        pattern.asked(position, count);
        long readable = Math.min(count, known.knownFrom(position));
        if (readable > 0) {
            readable = confirmed(position, readable, now);
            if (readable > 0) {
                return admitted(position, readable, count);
            }
            forget(position);
        }
        if (window.inFlight() != null && !window.covers(position)) {
            forget(position);    // what lay between was reclaimed, and its end would be no news of this position
        }
        return window.inFlight() != null ? waitFor(position) : admitUnknown(position, count, now);
    }

    /**
     * What the disk said of the range that a call was kept waiting for, once: the next call asks it again.
     *
     * <p>That call does not read for itself: it would be the same wait once more, on an event loop.
     *
     * @return null where it said nothing
     */
    String failureAt(FileChannel from, long position) {
        if (failed == null) {
            return null;
        }
        synchronized (this) {
            Warmup last = failed;
            failed = null;
            if (last == null || !file.is(from) || last.offset() != position
                    || shared.nanoClock.getAsLong() - last.endNanos() > FAILURE_NANOS) {
                return null;
            }
            forget(position);
            return last.failure();
        }
    }

    /** How much of what was known still is: an old answer is asked again. */
    private long confirmed(long position, long readable, long now) {
        if (shared.debugCold || known.stands(now)) {
            return readable;
        }
        // All of it, for an answer to a part would make the rest look as fresh.
        long again = file.probeAgain(position, known.knownFrom(position), known.isGoneOver());
        if (again == Residency.UNKNOWN) {
            return readable;    // nobody can say: it was known once, and is sent
        }
        if (again > 0) {
            known.confirm(position, position + again, now);
        }
        return Math.min(Math.max(again, 0), readable);
    }

    private long admitUnknown(long position, long count, long now) {
        window.giveBackAll();    // nothing is known and nothing in flight: what is left of it was not read
        boolean sized = file.look();
        if (sized && (!file.facts().regular() || position >= file.facts().sizeBytes())) {
            return PASS;
        }
        long readable = file.probe(position, Math.min(count, shared.maxWindowBytes), sized);
        if (readable > 0) {
            known.set(position, position + readable, now);
            return admitted(position, Math.min(count, readable), count);
        }
        if (!sized) {
            return PASS;
        }
        boolean cached = Residency.isToBeGoneOver(readable);
        long wanted = cached ? Residency.toBeGoneOver(readable) : windowAt(position);
        // What is in memory already takes none of the budget.
        long granted = cached ? wanted : shared.budget.take(wanted, Math.min(wanted, ReadPattern.SMALLEST_WINDOW_BYTES));
        known.forget(position);
        start(new Warmup.Range(position, granted, wayAt(position, cached, now)), false);
        return waitFor(position);
    }

    /** What is to be read from there on; smaller where so many readers of the store wait that this one would wait too long for it. */
    private long windowAt(long begin) {
        long fair = Math.max(shared.pool.fairBytes(file.facts().device()), ReadPattern.SMALLEST_WINDOW_BYTES);
        return Math.min(pattern.windowAt(begin, file.facts().sizeBytes()), fair);
    }

    private long admitted(long position, long bytes, long count) {
        admittedBytes = bytes;
        shortened = bytes < count;
        if (hungry && eager && window.inFlight() == null && position + bytes >= known.to() && pattern.mayReach(known.to())) {
            lookAhead();    // the disk works while this is sent
        }
        return bytes;
    }

    private long waitFor(long position) {
        hungry |= window.waitFor();
        order.withheld(file.channel(), position, lastUseNanos);
        return WAIT;
    }

    /** This thread's call is answered 0 because of a {@link #WAIT}: it stands until the next {@link #admit}. */
    void sayLater(FileChannel from, long position) {
        later = new Later(Thread.currentThread(), from, position);
    }

    /** Whether that was this thread's last answer here, for that file and position. Threads: any; takes no lock. */
    boolean saidLater(FileChannel from, long position) {
        Later said = later;
        return said != null && said.thread == Thread.currentThread() && said.file == from && said.position == position;
    }

    /** Where the last call asked from. */
    synchronized long askedFrom() {
        return askedFrom;
    }

    /** The readahead that a WAIT is about. */
    synchronized Warmup inFlight() {
        return window.inFlight();
    }

    /** Takes note of what the original call sent, and asks for the next window where it is time. */
    synchronized void sent(FileChannel from, long position, long bytes) {
        if (!file.is(from) || dropped || bytes <= 0) {
            return;
        }
        window.sent(bytes);
        long next = position + bytes;
        known.sentTo(next);
        eager = bytes >= admittedBytes;
        if (shortened && eager && !file.endsAt(next)) {
            order.withheld(from, next, lastUseNanos);
        }
        if (window.inFlight() != null) {
            return;
        }
        if (file.endsAt(next)) {
            releaseSource();
        } else if (hungry && eager ? pattern.mayReach(known.to()) : pattern.wantsMore(next, known.to())) {
            lookAhead();
        }
    }

    private void lookAhead() {
        long begin = known.to();
        if (!file.look() || begin >= file.facts().sizeBytes()) {
            return;
        }
        long length = windowAt(begin);
        if (length <= 0) {
            return;
        }
        // What the kernel has read ahead by itself may be marked, and has to be gone over as it comes.
        long readable = kernelAhead.isOn() ? 0 : file.probe(begin, length, true);
        if (readable > 0) {
            known.extend(begin + readable);
            return;
        }
        boolean cached = Residency.isToBeGoneOver(readable);
        long wanted = cached ? Residency.toBeGoneOver(readable) : length;
        if (cached || shared.budget.tryTake(wanted)) {
            hungry = false;
            start(new Warmup.Range(begin, wanted, wayAt(begin, cached, lastUseNanos)), true);
        } else {
            shared.counters.dropped.increment();
            shared.counters.events().dropped(begin, wanted);
        }
    }

    /** How a window is read that begins there and now; what is cached is none. */
    private Warmup.Way wayAt(long offset, boolean cached, long now) {
        if (cached) {
            return Warmup.Way.CACHED;
        }
        pattern.windowStarted(offset, now);
        return kernelAhead.isOn() || pattern.streams() && kernelAhead.tryOn(file.facts().device(), shared.maxWindowBytes)
                ? Warmup.Way.IN_ORDER : Warmup.Way.ANNOUNCED;
    }

    private void start(Warmup.Range range, boolean speculative) {
        try {
            window.start(file, range, speculative);
        } catch (Throwable refused) {
            forget(range.offset());
            throw refused;
        }
    }

    /** Takes over the readahead in flight once it ended. */
    private void settle() {
        Warmup ended = window.takeEnded(file);
        if (ended != null) {
            boolean waitedFor = window.isWaitedFor();
            // Owed is what a reader waited for, read or not; where some of it was read, that will do.
            long owedTo = ended.readTo() > ended.offset() ? ended.readTo() : ended.end();
            known.add(ended.offset(), ended.readTo(), owedTo, waitedFor, ended.endNanos());
            failed = waitedFor && ended.failure() != null ? ended : null;
            if (waitedFor) {
                pattern.waited(ended.waitedNanos());
            }
        }
    }

    private void restart(FileChannel from, long position) {
        forget(position);
        if (!file.is(from)) {
            releaseSource();
            file.take(from);
        }
        pattern.restart();
    }

    /** Knows nothing any more; what is in flight is left to end by itself, and who is parked for it waits no longer. */
    private void forget(long position) {
        if (window.cancel()) {
            resume();
        }
        window.giveBackAll();
        kernelAhead.off();
        known.forget(position);
        hungry = false;
    }

    private void releaseSource() {
        window.release();
        kernelAhead.off();
    }

    /** Whether something is in flight whose end was not told to the target yet. */
    synchronized boolean isReading() {
        return window.isReading();
    }

    /** Whether it was parked with nothing in flight, now and at the question before. Threads: the watchdog. */
    boolean isStrandedAgain(boolean parked) {
        return target.isStrandedAgain(parked, isReading());
    }

    /** Whether a call for something else was answered 0, and has waited for long enough. Threads: the watchdog. */
    synchronized boolean holdsUpAnother(long now) {
        return order.heldLongEnough(now);
    }

    /** Gives back what an idle stream or a closed file holds. Threads: the watchdog. @return nanoseconds since the last use */
    synchronized long tidy(long now, long idleNanos) {
        long idle = now - lastUseNanos;
        FileChannel channel = file.channel();
        if (channel != null && !channel.isOpen()) {
            forget(known.to());
            letGo();
        } else if (idle > idleNanos && window.isIdle()) {
            releaseSource();
            window.giveBackAll();
        } else {
            window.tidy();
        }
        return idle;
    }

    /** Gives everything back; later calls find the stream dropped. */
    synchronized void drop() {
        dropped = true;
        forget(known.to());
        letGo();
    }

    private void letGo() {
        releaseSource();
        file.take(null);
        order.clear();
    }
}
