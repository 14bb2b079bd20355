package io.readahead.survey;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.ChunkAdapter;
import io.readahead.adapter.FileChunks;
import io.readahead.adapter.ServerAdapter;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.jdk.JdkInternals;
import io.readahead.jdk.Safepoints;
import io.readahead.observe.Counters;
import io.readahead.observe.PassedThrough.Reason;
import io.readahead.os.PosixLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers the bridge as the original calls do, and takes note of those that event loops make: who writes to a target that doesn't block.
 * Calls that the agent would pass through are counted by their reason, and kept apart.
 *
 * <p>Of calls inside calls the innermost is looked at.
 * <p>Threads: the server's; {@link #sweep} is the watchdog's. Nothing here waits.
 */
public final class Survey implements ReadaheadHooks {

    private static final long NOTHING_SENT = -1;
    private static final int BLOCK_BYTES = 512;
    /** Threads of pools end after half a minute or so without work. */
    private static final int SWEEPS_A_LOOK = 5;
    /** What a server is about to read at least that says no number. */
    private static final long FIRST_PAGE_BYTES = 4096;
    /** Disks take longer, and who waits no longer has nothing to gain: most calls over hot data are spared one question. */
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    /** Of sleeps that nothing proves to be for the disk; who asks other threads in the JVM for something sleeps less. */
    private static final long SHORTEST_UNPROVEN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** The same where it is not even known whether the thread slept: it may have waited for a CPU. */
    private static final long SHORTEST_GUESSED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final PosixLibrary posix;
    private final FirstPages firstPages;
    private final ColdFiles coldFiles;
    private final MappedCalls mappedCalls;
    private final LoopThreads threads;
    private final LoopThreads passing;
    private final SelectingThreads selecting = new SelectingThreads();
    private final Safepoints safepoints;
    private final Counters counters;
    private final Adapters adapters;
    private final Consumer<Throwable> onFailure;
    private final LongSupplier nanoClock;
    private final ReadsElsewhere elsewhere = new ReadsElsewhere(Path.of("/proc/self/task"));
    private int sweeps;
    private volatile boolean stopped;

    /** @param onFailure is told what broke inside the agent; the original call runs all the same */
    public Survey(PosixLibrary posix, Counters counters, Adapters adapters, Consumer<Throwable> onFailure) {
        this(posix, counters, adapters, onFailure, Safepoints.ofThisJvm(), System::nanoTime);
    }

    /**
     * @param safepoints when the JVM stopped all threads
     * @param nanoClock what time it is; a test brings its own
     */
    Survey(PosixLibrary posix, Counters counters, Adapters adapters, Consumer<Throwable> onFailure, Safepoints safepoints,
           LongSupplier nanoClock) {
        this.posix = posix;
        this.firstPages = new FirstPages(posix);
        this.coldFiles = new ColdFiles(posix);
        this.mappedCalls = new MappedCalls(posix, counters.passedThrough);
        this.counters = counters;
        this.adapters = adapters;
        this.onFailure = onFailure;
        this.safepoints = safepoints;
        this.nanoClock = nanoClock;
        this.threads = new LoopThreads(nanoClock, true);
        this.passing = new LoopThreads(nanoClock, false);
    }

    @Override
    public long transferTo(FileChannel file, long position, long count, WritableByteChannel target, String site)
            throws IOException {
        boolean sends = position >= 0 && count > 0 && target != null && file.isOpen();
        LoopThread loop = sends ? begin(file, position, count, target, site) : null;
        show(loop, site);
        long sent = NOTHING_SENT;
        try {
            sent = file.transferTo(position, count, target);
            return sent;
        } finally {
            end(loop, file, site, position, sent);
        }
    }

    /** @return the calling thread, among those that the agent would help or the others; null where the call is not looked at */
    private LoopThread begin(FileChannel file, long position, long count, WritableByteChannel target, String site) {
        try {
            Reason reason = reasonToPass(file, target);
            if (reason != null) {
                counters.passedThrough.called(site, reason, reason == Reason.FILE ? file : target);
                // Of a file that is copied, and where the call throws, no client waits.
                return reason == Reason.TARGET || reason == Reason.SHAPE ? begin(passing.current(), file, position, count, null) : null;
            }
            if (target instanceof SelectableChannel channel) {
                return channel.isBlocking() || !channel.isOpen() ? null : begin(threads.current(), file, position, count, channel);
            }
            return target.getClass().getClassLoader() == null ? null : begin(threads.current(), file, position, count, null);
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    /** @return why the agent would pass the call through; null where it would not */
    private Reason reasonToPass(FileChannel file, WritableByteChannel target) {
        if (target instanceof FileChannel) {
            return Reason.TO_FILE;
        }
        if (!JdkInternals.isJdkFileChannel(file)) {
            return Reason.FILE;
        }
        if (target instanceof SelectableChannel) {
            if (!JdkInternals.isJdkStream(target)) {
                return Reason.TARGET;
            }
            return target instanceof SocketChannel socket && socket.isOpen() && !socket.isConnected() ? Reason.NOT_CONNECTED : null;
        }
        if (target.getClass().getClassLoader() == null) {
            return null;    // What the JDK makes of an OutputStream.
        }
        ServerAdapter adapter = adapters.behind(target);
        return adapter == null ? Reason.TARGET : Adapters.blocks(adapter.channelBehind(target)) ? Reason.BLOCKING : null;
    }

    @Override
    public long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException {
        LoopThread loop = beginMapped(socket, buffers, offset, length, site);
        long written = NOTHING_SENT;
        try {
            written = socket.write(buffers, offset, length);
            return written;
        } finally {
            endMapped(loop, site, written);
        }
    }

    /** {@inheritDoc} No: what copies it is left to do so. */
    @Override
    public boolean isMapped(ByteBuffer buffer) {
        return false;
    }

    @Override
    public int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException {
        return JdkInternals.mappedWhole(buffer) == null ? socket.write(buffer)
                : (int) write(socket, new ByteBuffer[] {buffer}, 0, 1, site);
    }

    private LoopThread beginMapped(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) {
        try {
            ByteBuffer mapped = MappedCalls.firstOf(buffers, offset, length);
            LoopThread loop = mapped == null || !mappedCalls.isHelped(socket, mapped, site) ? null : beginMapped(mapped, socket);
            show(loop, site);
            return loop;
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    private LoopThread beginMapped(ByteBuffer mapped, SocketChannel socket) {
        LoopThread loop = threads.current();
        if (loop == null || stopped) {
            return null;
        }
        loop.forgetCall();
        begin(loop, mappedCalls.pagesOf(mapped), MappedCalls.positionOf(mapped), socket);
        return loop;
    }

    /** @return the buffers, with an end that has {@link #flushed} called */
    @Override
    public ByteBuffer[] part(int number, Object receiver, ByteBuffer[] buffers) {
        try {
            ByteBuffer mapped = MappedCalls.firstOf(buffers, 0, buffers.length);
            if (mapped == null) {
                return buffers;
            }
            ServerAdapter adapter = adapters.of(number);
            if (adapter.channelOf(receiver) == null) {
                Adapters.passed(counters.passedThrough, adapter, receiver, null, mapped);
                return buffers;
            }
            if (beginMapped(mapped, null) == null) {
                return buffers;
            }
            ByteBuffer[] told = Arrays.copyOf(buffers, buffers.length + PART_ENDS_WITH + 1);
            for (int i = 0; i < PART_ENDS_WITH; i++) {
                ByteBuffer empty = mapped.duplicate();
                told[buffers.length + i] = empty.position(empty.limit());
            }
            told[told.length - 1] = ALL;
            return told;
        } catch (Throwable failure) {
            failed(failure);
            return buffers;
        }
    }

    @Override
    public void flushed(int number, Object receiver, ByteBuffer mapped) {
        endMapped(inCall(), adapters.of(number).site(), NOTHING_SENT);
    }

    @Override
    public boolean parked(int number, Object receiver) {
        return false;
    }

    /** {@inheritDoc} Its end is told of by {@link #note}. */
    @Override
    public boolean later(int number, Object receiver, Object source, long count) {
        if (count != 0) {
            admit(number, receiver, source, OWN_POSITION, count < 0 ? FIRST_PAGE_BYTES : Math.min(count, FIRST_PAGE_BYTES));
        }
        return false;
    }

    @Override
    public boolean saidLater(FileChannel file, long position) {
        return false;    // every call runs as it is
    }

    @Override
    public long admit(int number, Object receiver, Object source, long position, long count) {
        try {
            LoopThread before = inCall();
            if (before != null) {
                before.forgetCall();
            }
            boolean own = position == OWN_POSITION;
            if (stopped || count <= 0 || source == null || own && Thread.currentThread().isInterrupted()) {
                return count;
            }
            ServerAdapter adapter = adapters.of(number);
            Object channel = adapter.channelOf(receiver);
            FileChannel file = adapter.fileOf(source);
            boolean blocks = Adapters.blocks(channel);
            if (channel == null || blocks || file == null) {
                Adapters.passed(counters.passedThrough, adapter, receiver, channel, source);
            }
            if (file != null && file.isOpen() && !blocks) {
                LoopThread loop = begin((channel == null ? passing : threads).current(), file, own ? file.position() : position, count,
                        channel instanceof SelectableChannel target ? target : null);
                if (adapter.tellsEachEnd()) {
                    show(loop, adapter.site());
                }
            }
        } catch (IOException ignored) {
            // Closed: the original call says so.
        } catch (Throwable failure) {
            failed(failure);
        }
        return count;
    }

    @Override
    public Object callee(int number, Object receiver, Object source, boolean reads) {
        try {
            LoopThread before = inCall();
            if (before != null) {
                before.forgetCall();
            }
            if (stopped || source == null || Thread.currentThread().isInterrupted()) {
                return source;
            }
            ChunkAdapter adapter = (ChunkAdapter) adapters.of(number);
            FileChunks chunks = adapter.channelOf(receiver) == null ? null : adapter.open(source);
            if (chunks == null) {
                if (reads) {
                    Adapters.passed(counters.passedThrough, adapter, receiver, source);
                }
            } else if (reads || chunks.readsToLook()) {
                long position = chunks.position();
                begin(threads.current(), chunks.file(), position, Math.min(chunks.reachBytes(), chunks.end() - position), null);
            }
        } catch (IOException ignored) {
            // Closed: the original call says so.
        } catch (Throwable failure) {
            failed(failure);
        }
        return source;
    }

    @Override
    public void note(int number, Object receiver, Object source, long position, long sent) {
        LoopThread loop = inCall();
        if (loop != null) {
            ServerAdapter adapter = adapters.of(number);
            end(loop, fileOf(adapter, source), adapter.site(), loop.position, sent);
        }
    }

    /** The calling thread, where it is in a call that is looked at; else null. */
    private LoopThread inCall() {
        LoopThread helped = threads.known();
        LoopThread loop = helped != null && helped.inCall ? helped : passing.known();
        return loop != null && loop.inCall ? loop : null;
    }

    /** @return null where it has another shape, the agent was taken off, or it can't be opened, as the call will find too */
    private FileChannel fileOf(ServerAdapter adapter, Object source) {
        try {
            return stopped || source == null ? null : adapter.fileOf(source);
        } catch (IOException ignored) {
            return null;
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    @Override
    public int interestEvents(SelectionKey key, int events) {
        try {
            selecting.translates(key);
        } catch (Throwable failure) {
            failed(failure);
        }
        return events;
    }

    /**
     * @param loop the calling thread
     * @param target what it writes to, where that is registered with a selector
     * @return the same, now in a call that is looked at; null where the call is none of those
     */
    private LoopThread begin(LoopThread loop, FileChannel file, long position, long count, SelectableChannel target) {
        try {
            if (loop == null) {
                return null;
            }
            loop.forgetCall();
            if (stopped || position < 0 || count <= 0 || file == null || !JdkInternals.isJdkFileChannel(file)
                    || JdkInternals.isDirect(file) || !file.isOpen()) {
                return null;
            }
            begin(loop, firstPages.of(JdkInternals.descriptorOf(file), position, count, loop.facts), position, target);
            return loop;
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    private void begin(LoopThread loop, FirstPages.Are pages, long position, SelectableChannel target) {
        loop.pages = pages;
        loop.target = target;
        loop.usageKnown = posix.getrusage(loop.usage) >= 0;
        loop.readBlocksBefore = loop.usage.readBlocks();
        loop.sleepsBefore = loop.usage.sleeps();
        loop.faultsBefore = loop.usage.majorFaults();
        loop.cpuNanosBefore = loop.usage.cpuNanos();
        loop.safepointsBefore = safepoints.begun().getAsLong();
        loop.safepointNanosBefore = safepoints.nanos().getAsLong();
        loop.inCall = true;
        loop.position = position;
        loop.recorded = counters.events().callBegins();
        loop.beganNanos = nanoClock.getAsLong();
    }

    /** For calls whose end can't be missed. */
    private void show(LoopThread loop, String site) {
        if (loop != null && loop.pages != FirstPages.Are.PRESENT) {
            boolean cold = loop.pages == FirstPages.Are.ABSENT;
            if (cold) {
                loop.waitsAs(isOneOfPool(loop.target));
            }
            loop.coldCallBegins(site, cold);
        }
    }

    private boolean isOneOfPool(SelectableChannel target) {
        return target != null && selecting.isAnothers(target);
    }

    private void end(LoopThread loop, FileChannel file, String site, long position, long sent) {
        if (loop == null || !loop.inCall) {
            return;
        }
        try {
            long now = nanoClock.getAsLong();
            SelectableChannel target = loop.target;
            loop.forgetTarget();
            if (file == null) {
                return;
            }
            if (loop.helped) {
                counters.transfers.increment();
            }
            boolean absent = loop.pages == FirstPages.Are.ABSENT;
            if (!absent && now - loop.beganNanos < SHORTEST_WAIT_NANOS) {
                hot(loop, site);
                return;
            }
            boolean known = loop.usageKnown && posix.getrusage(loop.usage) >= 0;
            countReads(loop, known);
            boolean slept = known ? loop.usage.sleeps() != loop.sleepsBefore : absent;
            // With a major fault in the call the reads may be of the JVM's own code: on a full machine the first calls meet those.
            boolean issued = known && loop.usage.readBlocks() != loop.readBlocksBefore && loop.usage.majorFaults() == loop.faultsBefore;
            boolean cold = absent || issued;
            int fd = cold || slept || !known ? JdkInternals.descriptorOf(file) : JdkInternals.NO_DESCRIPTOR;
            boolean proven = cold;
            if (cold) {
                coldFiles.note(fd, loop.facts, now);
            } else if (slept && coldFiles.isRecent(fd, loop.facts, now)) {
                proven = true;
            } else if (!isLikely(loop, fd, known, slept, now)) {
                hot(loop, site);
                return;
            }
            boolean waited = slept || !proven;
            loop.coldCallEnded(site, waited ? Math.max(1, sleptNanos(loop, known, now)) : 0, proven, now);
            if (waited) {
                loop.waitsAs(isOneOfPool(target));
                if (loop.recorded != null) {
                    loop.recorded.blocked(site, position, sent, absent, issued);
                }
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /** What a call met that was handed a mapped buffer; null where it is not looked at. */
    private void endMapped(LoopThread loop, String site, long sent) {
        if (loop == null || !loop.inCall) {
            return;
        }
        try {
            long now = nanoClock.getAsLong();
            SelectableChannel target = loop.target;
            loop.forgetTarget();
            counters.transfers.increment();
            boolean known = posix.getrusage(loop.usage) >= 0 && loop.usageKnown;
            countReads(loop, known);
            boolean absent = loop.pages == FirstPages.Are.ABSENT;
            boolean slept = known ? loop.usage.sleeps() != loop.sleepsBefore : absent;
            boolean faulted = known && slept && loop.usage.majorFaults() != loop.faultsBefore;
            if (!absent && !faulted) {
                hot(loop, site);
                return;
            }
            loop.coldCallEnded(site, slept ? Math.max(1, sleptNanos(loop, known, now)) : 0, absent, now);
            if (slept) {
                loop.waitsAs(isOneOfPool(target));
                if (loop.recorded != null) {
                    loop.recorded.blocked(site, loop.position, sent, absent, faulted);
                }
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private static void countReads(LoopThread loop, boolean known) {
        long blocks = known ? loop.usage.readBlocks() - loop.readBlocksBefore : 0;
        if (blocks > 0) {
            loop.readInCall(blocks * BLOCK_BYTES);
        }
    }

    private void hot(LoopThread loop, String site) {
        loop.hotCall(site);
        if (loop.helped) {
            counters.resident.increment();
        }
    }

    /**
     * Whether a thread that slept in a call did so for the file, where nothing proves that.
     *
     * <p>A socket that doesn't block puts nobody to sleep, so it was the file or the JVM. The first is not to be known where nobody says
     * what is in the page cache, or where no block device counts the reads.
     */
    private boolean isLikely(LoopThread loop, int fd, boolean known, boolean slept, long nowNanos) {
        if (known && !slept || sleptNanos(loop, known, nowNanos) < (known ? SHORTEST_UNPROVEN_NANOS : SHORTEST_GUESSED_NANOS)) {
            return false;
        }
        // Begun, and its time not yet counted: it has just ended, and this thread is among the first that go on.
        boolean stopped = safepoints.begun().getAsLong() != loop.safepointsBefore
                && safepoints.nanos().getAsLong() == loop.safepointNanosBefore;
        return !stopped && (loop.pages == FirstPages.Are.UNKNOWN || posix.stat(fd, loop.facts) >= 0 && !loop.facts.onBlockDevice());
    }

    /** How long the thread was in the call and had no CPU, without the time for which the JVM stopped all threads. */
    private long sleptNanos(LoopThread loop, boolean known, long nowNanos) {
        long cpuNanos = known ? loop.usage.cpuNanos() - loop.cpuNanosBefore : 0;
        long stoppedNanos = safepoints.begun().getAsLong() == loop.safepointsBefore ? 0
                : safepoints.nanos().getAsLong() - loop.safepointNanosBefore;
        return nowNanos - loop.beganNanos - cpuNanos - stoppedNanos;
    }

    private void failed(Throwable failure) {
        counters.note(failure);
        onFailure.accept(failure);
    }

    /** Lets go of threads that have ended. Threads: the watchdog, once a second. */
    public void sweep() {
        threads.sweep();
        passing.sweep();
        selecting.sweep();
        if (sweeps++ % SWEEPS_A_LOOK == 0) {
            elsewhere.look();
        }
    }

    /**
     * What threads of the server have read from a disk in ways that are not looked at, those that read most first. Threads: any.
     *
     * @param now whether as of now, and not of the watchdog's last look, some seconds ago
     */
    public List<ReadsElsewhere.Row> readsElsewhere(boolean now) {
        if (now) {
            elsewhere.look();
        }
        Map<String, Long> inCalls = new HashMap<>();
        threads.addReadsTo(inCalls);
        passing.addReadsTo(inCalls);
        return elsewhere.rows(inCalls);
    }

    /** What has been seen so far of calls that the agent would help. Threads: any. */
    public Findings findings() {
        return threads.find();
    }

    /** And of calls that it would pass through, as far as they write to something. Threads: any. */
    public Findings passingFindings() {
        return passing.find();
    }

    /** Looks at no call any more. Threads: any, after the bridge became a pass-through. */
    public void stop() {
        stopped = true;
        adapters.forget();
        selecting.forget();
    }
}
