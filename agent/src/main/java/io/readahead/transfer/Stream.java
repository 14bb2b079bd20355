package io.readahead.transfer;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.observe.Events;
import io.readahead.os.FileFacts;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.warmup.Budget;
import io.readahead.warmup.SourceFile;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    /** A store that has ended no readahead for so long has brought nothing into memory that could count. */
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);
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
    private final Target target;
    private final FileFacts facts = new FileFacts();
    private final KnownRange known = new KnownRange();
    private final ReadPattern pattern;
    private final KernelAhead kernelAhead;

    private FileChannel file;
    private SourceFile source;
    private Warmup warmup;
    private boolean waitedFor;
    /** The reader had to wait: the next window is wanted at once. */
    private boolean hungry;
    private long askedFrom;
    private long admittedBytes;
    /** The last send took all that was admitted: the target has room for more. */
    private boolean eager;
    private long reservedBytes;
    /** The window in flight is not counted: its store is stalled. */
    private boolean uncounted;
    private volatile Warmup failed;
    private long lastUseNanos;
    /** The thread that sends does so on a blocking target. */
    private boolean mayWait;
    /** The last answer, where it was that; whose it was is the only thread that it means something to. */
    private Later later;
    private boolean dropped;
    private boolean stranded;
    private final AtomicReference<Events.Park> park = new AtomicReference<>();
    private Set<Long> coldSeen;

    Stream(Shared shared, Target target) {
        this.shared = shared;
        this.target = target;
        this.pattern = new ReadPattern(shared.maxWindowBytes);
        this.kernelAhead = new KernelAhead(shared.budget, shared.residency);
    }

    Target target() {
        return target;
    }

    /** Its target is parked from now on. @param recorded what wants to know when it ends, or null */
    void parked(Events.Park recorded) {
        Events.Park before = park.getAndSet(recorded);
        if (before != null) {
            before.resumed();    // by a resume that is not quite through
        }
    }

    /** Gives the target's readiness back. Threads: any. @return whether it was parked */
    boolean resume() {
        Events.Park recorded = park.get();
        if (!target.resume()) {
            return false;
        }
        if (recorded == null) {
            recorded = park.get();    // of a parking that came between the two lines above
        }
        // Where the target is parked again already, that parking has ended this one's record.
        if (recorded != null && park.compareAndSet(recorded, null)) {
            recorded.resumed();
        }
        return true;
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
        mayWait = threadMayWait;
        long now = shared.nanoClock.getAsLong();
        lastUseNanos = now;
        settle();
        if (from != file || !known.continuesAt(position) && !(warmup != null && warmup.covers(position))) {
            restart(from, position);
        }
        askedFrom = position;
        pattern.asked(position, count);
        long readable = Math.min(count, known.knownFrom(position));
        if (readable > 0) {
            readable = confirmed(position, readable, now);
            if (readable > 0) {
                return admitted(position, readable);
            }
            forget(position);
        }
        if (warmup != null && !warmup.covers(position)) {
            forget(position);    // what lay between was reclaimed, and its end would be no news of this position
        }
        return warmup != null ? waitFor() : admitUnknown(position, count, now);
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
            if (last == null || from != file || last.offset() != position
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
        long again = askAgain(position, known.knownFrom(position));
        if (again == Residency.UNKNOWN) {
            return readable;    // nobody can say: it was known once, and is sent
        }
        if (again > 0) {
            known.confirm(position, position + again, now);
        }
        return Math.min(Math.max(again, 0), readable);
    }

    private long askAgain(long position, long length) {
        int fd = JdkInternals.descriptorOf(file);
        if (known.isGoneOver() || mayWait || shared.posix.stat(fd, facts) < 0 || position + length > facts.sizeBytes()) {
            return shared.residency.readablePrefix(fd, position, length, facts);
        }
        return shared.residency.sendablePrefix(fd, position, length, facts);
    }

    private long admitUnknown(long position, long count, long now) {
        giveBack(reservedBytes);    // nothing is known and nothing in flight: what is left of it was not read
        boolean sized = shared.posix.stat(JdkInternals.descriptorOf(file), facts) >= 0;
        if (sized && (!facts.regular() || position >= facts.sizeBytes())) {
            return PASS;
        }
        long readable = probe(position, Math.min(count, shared.maxWindowBytes), sized);
        if (readable > 0) {
            known.set(position, position + readable, now);
            return admitted(position, Math.min(count, readable));
        }
        if (!sized) {
            return PASS;
        }
        boolean cached = Residency.isToBeGoneOver(readable);
        long wanted = cached ? Residency.toBeGoneOver(readable) : pattern.windowAt(position, facts.sizeBytes());
        // What is in memory already takes none of the budget.
        long granted = cached ? wanted : shared.budget.take(wanted, Math.min(wanted, ReadPattern.SMALLEST_WINDOW_BYTES));
        known.forget(position);
        start(new Warmup.Range(position, granted, wayAt(position, cached, now)), false);
        return waitFor();
    }

    private long admitted(long position, long bytes) {
        admittedBytes = bytes;
        if (hungry && eager && warmup == null && position + bytes >= known.to() && pattern.mayReach(known.to())) {
            lookAhead();    // the disk works while this is sent
        }
        return bytes;
    }

    private long waitFor() {
        if (!waitedFor) {
            waitedFor = true;
            hungry = true;
            warmup.waitedFor();
            shared.pool.promote(warmup);
        }
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
        return warmup;
    }

    /** Takes note of what the original call sent, and asks for the next window where it is time. */
    synchronized void sent(FileChannel from, long position, long bytes) {
        if (from != file || dropped || bytes <= 0) {
            return;
        }
        giveBack(Math.min(bytes, reservedBytes));
        long next = position + bytes;
        known.sentTo(next);
        eager = bytes >= admittedBytes;
        if (warmup != null) {
            return;
        }
        if (facts.sizeBytes() > 0 && next >= facts.sizeBytes()) {
            releaseSource();
        } else if (hungry && eager ? pattern.mayReach(known.to()) : pattern.wantsMore(next, known.to())) {
            lookAhead();
        }
    }

    private void lookAhead() {
        long begin = known.to();
        if (shared.posix.stat(JdkInternals.descriptorOf(file), facts) < 0 || begin >= facts.sizeBytes()) {
            return;
        }
        long length = pattern.windowAt(begin, facts.sizeBytes());
        if (length <= 0) {
            return;
        }
        // What the kernel has read ahead by itself may be marked, and has to be gone over as it comes.
        long readable = kernelAhead.isOn() ? 0 : probe(begin, length, true);
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
        return kernelAhead.isOn() || pattern.streams() && kernelAhead.tryOn(facts.device(), shared.maxWindowBytes)
                ? Warmup.Way.IN_ORDER : Warmup.Way.ANNOUNCED;
    }

    private void start(Warmup.Range range, boolean speculative) {
        reservedBytes += range.way() == Warmup.Way.CACHED ? 0 : range.lengthBytes();
        uncounted = false;
        waitedFor = false;
        try {
            if (source == null) {
                source = new SourceFile(file, facts.device());
            }
            warmup = new Warmup(source, range, speculative, shared.nanoClock, this::resume);
            shared.pool.submit(warmup);
        } catch (Throwable refused) {
            warmup = null;
            forget(range.offset());
            throw refused;
        }
    }

    /** Takes over the readahead in flight once it ended. */
    private void settle() {
        if (warmup != null && warmup.isDone()) {
            if (uncounted) {
                reservedBytes += shared.budget.take(warmup.end() - warmup.offset(), warmup.end() - warmup.offset());
                uncounted = false;
            }
            shared.pool.claim(warmup);
            warmup.tell(shared.residency, facts);
            // Owed is what a reader waited for, read or not; where some of it was read, that will do.
            long owedTo = warmup.readTo() > warmup.offset() ? warmup.readTo() : warmup.end();
            known.add(warmup.offset(), warmup.readTo(), owedTo, waitedFor, warmup.endNanos());
            failed = waitedFor && warmup.failure() != null ? warmup : null;
            if (waitedFor) {
                pattern.waited(warmup.waitedNanos());
            }
            warmup = null;
        }
    }

    private void restart(FileChannel from, long position) {
        forget(position);
        if (from != file) {
            releaseSource();
            file = from;
            facts.clear();
            coldSeen = shared.debugCold ? new HashSet<>() : null;
        }
        pattern.restart();
    }

    /** Knows nothing any more; what is in flight is left to end by itself, and who is parked for it waits no longer. */
    private void forget(long position) {
        if (warmup != null) {
            shared.pool.cancel(warmup);
            warmup = null;
            resume();
        }
        giveBack(reservedBytes);
        kernelAhead.off();
        known.forget(position);
        hungry = false;
    }

    private void giveBack(long bytes) {
        if (bytes > 0) {
            reservedBytes -= bytes;
            shared.budget.give(bytes);
        }
    }

    private void releaseSource() {
        if (source != null) {
            shared.pool.release(source);
            source = null;
        }
        kernelAhead.off();
    }

    /** @param sized whether {@link #facts} are of this moment */
    private long probe(long position, long length, boolean sized) {
        if (shared.debugCold && coldSeen.add(position)) {
            return 0;
        }
        int fd = JdkInternals.descriptorOf(file);
        if (!sized) {
            return shared.residency.readablePrefix(fd, position, length);
        }
        // The count may reach past the end of the file, where no page is.
        long there = Math.min(length, facts.sizeBytes() - position);
        return shared.debugCold || mayWait ? shared.residency.readablePrefix(fd, position, there, facts)
                : shared.residency.sendablePrefix(fd, position, there, facts);
    }

    /** Whether something is in flight whose end was not told to the target yet. */
    synchronized boolean isReading() {
        return warmup != null && !warmup.isTold();
    }

    /** Whether it was parked with nothing in flight, now and at the question before. Threads: the watchdog. */
    synchronized boolean isStrandedAgain(boolean parked) {
        boolean before = stranded;
        stranded = parked && !isReading();
        return before && stranded;
    }

    /** Gives back what an idle stream or a closed file holds. Threads: the watchdog. @return nanoseconds since the last use */
    synchronized long tidy(long now, long idleNanos) {
        long idle = now - lastUseNanos;
        if (file != null && !file.isOpen()) {
            forget(known.to());
            releaseSource();
            file = null;
        } else if (idle > idleNanos && (warmup == null || warmup.isDone())) {
            releaseSource();
            giveBack(reservedBytes);
        } else if (warmup != null && !warmup.isDone() && shared.pool.isStalled(warmup, System.nanoTime(), STALLED_NANOS)) {
            giveBack(reservedBytes);
            uncounted = !warmup.isCached();
        }
        return idle;
    }

    /** Gives everything back; later calls find the stream dropped. */
    synchronized void drop() {
        dropped = true;
        forget(known.to());
        releaseSource();
        file = null;
    }
}
