package io.readahead.transfer;

import io.readahead.observe.Counters;
import io.readahead.os.Mapping;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
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
    /** {@link #admit}: there was nothing at that position, and what may be there meanwhile nobody has asked about. */
    static final long AT_END = -3;

    /** Of what is cached, at a time; a kernel that reads ahead further than that is one in thousands. */
    private static final long MOST_ASKED_BYTES = 8L << 20;
    /** Of who takes 128 KB and more at a time: 8 that take turns encrypt 1 MB each in less. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What all streams share. */
    record Shared(PosixLibrary posix, Residency residency, WarmupPool pool, Budget budget, Counters counters, long maxWindowBytes,
                  boolean debugCold, LongSupplier nanoClock) {
    }

    private final Shared shared;
    private final ParkedTarget target;
    private final SentFile file;
    private final Window window;
    private final KnownRange known = new KnownRange();
    private final NextWindow next;
    private final Order order = new Order();
    private final Spinning spinning = new Spinning();
    private final MappedInTurns inTurns = new MappedInTurns();

    private long askedFrom;
    private long admittedBytes;
    /** The end of the last window that it waited for. */
    private long waitedForTo;
    /** Less than was asked for: what the target takes of it doesn't say whether it has room. */
    private boolean shortened;
    /** The last send took all that was admitted: the target has room for more. */
    private boolean eager;
    private final DiskError diskSaid = new DiskError();
    private long lastUseNanos;
    /** Null where it was no such answer. */
    private LastAnswer later;
    private boolean dropped;

    Stream(Shared shared, Target target) {
        this.shared = shared;
        this.target = new ParkedTarget(target);
        this.file = new SentFile(shared);
        this.window = new Window(shared, this.target::resume);
        this.next = new NextWindow(shared);
    }

    /** Where it goes. */
    ParkedTarget target() {
        return target;
    }

    Spinning spinning() {
        return spinning;
    }

    /** @return bytes that may be sent now, {@link #WAIT}, {@link #PASS}, {@link #AT_END} or {@link #DROPPED} */
    long admit(Channel from, long position, long count) {
        return admit(from, position, count, false);
    }

    /**
     * As the other.
     *
     * @param threadMayWait whether the thread that sends may itself come to the kernel's marks, and read
     */
    synchronized long admit(Channel from, long position, long count, boolean threadMayWait) {
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
        if (!threadMayWait && order.isBeforeItsTurn(from, position, window.isReading() && window.isWaitedFor(), now)) {
            shared.counters.outOfOrder.increment();
            return WAIT;
        }
        settle();
        boolean goesOn = file.is(from) && (known.continuesAt(position) || window.covers(position) || comesBack(position, count));
        if (!goesOn) {
            restart(from, position);
        }
        askedFrom = position;
        next.asked(position, count);
        long readable = Math.min(count, known.knownFrom(position));
        if (readable > 0) {
            readable = shared.debugCold ? readable : known.confirmed(file, position, readable, now);
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
     * Whether the reader goes on a little before where it had come to, in what it was sent a moment ago.
     *
     * <p>A consumer of a log fetches so many bytes, wherever in a record they end, and begins the next fetch with all of that record.
     */
    private boolean comesBack(long position, long count) {
        long again = known.from() - position;
        if (file.isMapped() || shared.debugCold || again <= 0 || again > shared.maxWindowBytes
                || file.probeAgain(position, again, true) < again) {
            return false;
        }
        known.comeBack(position);
        next.cameBack(position, count);
        return true;
    }

    /**
     * What the disk said of the range that a call was kept waiting for, once: the next call asks it again.
     *
     * <p>That call does not read for itself: it would be the same wait once more, on an event loop.
     *
     * @return null where it said nothing
     */
    String failureAt(Channel from, long position) {
        if (!diskSaid.something()) {
            return null;
        }
        synchronized (this) {
            String failure = diskSaid.once(file.is(from), position, shared.nanoClock.getAsLong());
            if (failure != null) {
                forget(position);
            }
            return failure;
        }
    }

    private long admitUnknown(long position, long count, long now) {
        window.giveBackAll();    // nothing is known and nothing in flight: what is left of it was not read
        boolean sized = file.look();
        if (sized && (!file.facts().regular() || position >= file.facts().sizeBytes())) {
            // Of /proc's files, and of some that FUSE daemons make up, the size is 0 and not the end.
            return file.facts().regular() && file.facts().sizeBytes() > 0 ? AT_END : PASS;
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
        long wanted = cached ? Residency.toBeGoneOver(readable) : next.lengthAt(position, file);
        // What is in memory already takes none of the budget.
        long granted = cached ? wanted : shared.budget.take(wanted, Math.min(wanted, ReadPattern.SMALLEST_WINDOW_BYTES));
        known.forget(position);
        start(new Warmup.Range(position, granted, next.wayAt(position, cached, now, file)), false);
        return waitFor(position);
    }

    private long admitted(long position, long readable, long count) {
        long bytes = position < waitedForTo ? Math.min(readable, target.mostAtOnceBytes(file.isMapped())) : readable;
        admittedBytes = bytes;
        shortened = bytes < count;
        if (eager && window.inFlight() == null && position + bytes >= known.to() && next.isWantedAtOnce(known.to())) {
            lookAhead();    // the disk works while this is sent
        }
        return bytes;
    }

    private long waitFor(long position) {
        if (window.waitFor()) {
            next.waits();
        }
        if (!file.readerMayWait()) {
            order.withheld(file.channel(), position, lastUseNanos);
        }
        return WAIT;
    }

    /** This thread's call is answered 0 because of a {@link #WAIT}: it stands until the next {@link #admit}. */
    void sayLater(Channel from, long position) {
        later = LastAnswer.later(from, position);
    }

    /** Whether that was this thread's last answer here, for that file and position. Threads: any; takes no lock. */
    boolean saidLater(Channel from, long position) {
        LastAnswer said = later;
        return said != null && said.was(from, position);
    }

    /** The mapping that a buffer was made by: the one that is being sent where it is that. */
    synchronized Mapping mappingOf(ByteBuffer whole) {
        Mapping known = file.channel() instanceof Mapping mapping && mapping.isOf(whole) ? mapping : inTurns.of(whole);
        return known == null ? new Mapping(whole) : known;
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
    void sent(Channel from, long position, long bytes) {
        sent(from, position, bytes, false);
    }

    /**
     * As the other.
     *
     * @param piece whether it is as much as the reader was given of what was admitted, and he has come to its end: he has room for more if
     *     that was soon
     */
    synchronized void sent(Channel from, long position, long bytes, boolean piece) {
        if (!file.is(from) || dropped || bytes <= 0) {
            return;
        }
        window.sent(bytes);
        long sentTo = position + bytes;
        known.sentTo(sentTo);
        eager = piece ? shared.nanoClock.getAsLong() - lastUseNanos <= SOON_NANOS : bytes >= admittedBytes;
        if (shortened && eager && !piece && !file.endsAt(sentTo) && !file.readerMayWait()) {
            order.withheld(from, sentTo, lastUseNanos);
        } else {
            order.clear();    // also of what a call sent although it was to wait, where the parking failed
        }
        if (window.inFlight() != null) {
            return;
        }
        if (file.endsAt(sentTo)) {
            releaseSource();
            letGoOfMapping();
        } else if (next.isWanted(sentTo, known.to(), eager)) {
            lookAhead();
        }
    }

    private void lookAhead() {
        long begin = known.to();
        if (!file.look() || begin >= file.facts().sizeBytes()) {
            return;
        }
        long length = next.lengthAt(begin, file);
        if (length <= 0) {
            return;
        }
        // What the kernel has read ahead by itself may be marked, and has to be gone over as it comes.
        // Asked about in whole windows: a question costs two system calls, and a reader of what is cached comes here all the time. And it
        // looks that much further for the kernel's marks, so that less would count the same pages over and over.
        // But who is slow has all that is known asked about again each time.
        boolean fast = known.stands(lastUseNanos);
        long most = fast ? Math.max(shared.maxWindowBytes, Math.min(shared.residency.kernelReadahead(file.device()), MOST_ASKED_BYTES))
                : shared.maxWindowBytes;
        long readable = next.mayBeMarked() ? 0 : file.probe(begin, Math.max(length, most), true);
        if (readable > 0) {
            known.extend(begin + readable);
            return;
        }
        boolean cached = Residency.isToBeGoneOver(readable);
        long wanted = cached ? Residency.toBeGoneOver(readable) : length;
        if (cached || shared.budget.tryTake(wanted)) {
            next.begun();
            start(new Warmup.Range(begin, wanted, next.wayAt(begin, cached, lastUseNanos, file)), true);
        } else {
            shared.counters.dropped.increment();
            shared.counters.events().dropped(begin, wanted);
        }
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
            diskSaid.endedFor(waitedFor ? ended : null);
            if (waitedFor) {
                waitedForTo = ended.end();
                next.waited(ended.waitedNanos());
            }
        }
    }

    private void restart(Channel from, long position) {
        boolean another = !file.is(from);
        long leftTo = another && from instanceof Mapping mapping ? inTurns.comeBack(mapping, position) : MappedInTurns.NOT_LEFT;
        if (another && from instanceof Mapping && file.channel() instanceof Mapping mapping) {
            inTurns.leave(mapping, known, lastUseNanos);
        }
        forget(position);
        if (another) {
            releaseSource();
            file.take(from);
        }
        waitedForTo = 0;
        next.restart();
        if (leftTo != MappedInTurns.NOT_LEFT) {
            next.goesOn();
            known.setOld(position, leftTo, lastUseNanos);
        }
    }

    /** Knows nothing any more; what is in flight is left to end by itself, and who is parked for it waits no longer. */
    private void forget(long position) {
        if (window.cancel()) {
            target.resume();
        }
        window.giveBackAll();
        next.forget();
        known.forget(position);
    }

    private void releaseSource() {
        window.release();
        next.release();
    }

    /** Whether there is nothing that the next call would have to know of, if its bytes are known to be there. */
    synchronized boolean isAtRest() {
        return window.isEmpty() && order.isClear() && later == null && !diskSaid.something();
    }

    /** Whether something is in flight whose end was not told to the target yet. */
    synchronized boolean isReading() {
        return window.isReading();
    }

    /** Whether a call for something else was answered 0, and has waited for long enough. Threads: the watchdog. */
    synchronized boolean holdsUpAnother(long now) {
        return order.heldLongEnough(now);
    }

    /** Gives back what an idle stream or a closed file holds. Threads: the watchdog. @return nanoseconds since the last use */
    synchronized long tidy(long now, long idleNanos) {
        long idle = now - lastUseNanos;
        inTurns.forgetBefore(now - idleNanos);
        Channel channel = file.channel();
        if (channel != null && !channel.isOpen()) {
            forget(known.to());
            letGo();
        } else if (idle > idleNanos && window.isIdle()) {
            releaseSource();
            window.giveBackAll();
            if (window.inFlight() == null) {    // else its reader, who waited for so long, has yet to come for what is owed to it
                letGoOfMapping();
            }
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
        inTurns.forget();
    }

    private void letGoOfMapping() {
        if (file.isMapped()) {
            letGo();
        }
    }

    private void letGo() {
        releaseSource();
        file.take(null);
        order.clear();
    }
}
