package io.readahead.survey;

import io.readahead.bridge.ReadaheadHooks;
import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.PosixLibrary;
import io.readahead.server.KafkaTls;
import io.readahead.server.NettyEpoll;
import io.readahead.server.UndertowResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers the bridge as the original calls do, and takes note of those that event loops make: who writes to a target that doesn't block.
 *
 * <p>Of calls inside calls the innermost is looked at.
 * <p>Threads: the server's; {@link #sweep} is the watchdog's. Nothing here waits.
 */
public final class Survey implements ReadaheadHooks {

    private static final long NOTHING_SENT = -1;
    /** Disks take longer, and who waits no longer has nothing to gain: most calls over hot data are spared one question. */
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final PosixLibrary posix;
    private final FirstPages firstPages;
    private final ColdFiles coldFiles;
    private final LoopThreads threads;
    private final Counters counters;
    private final NettyEpoll nettyEpoll;
    private final KafkaTls kafkaTls;
    private final UndertowResponse undertow;
    private final Consumer<Throwable> onFailure;
    private final LongSupplier nanoClock;
    private volatile boolean stopped;

    /** @param onFailure is told what broke inside the agent; the original call runs all the same */
    public Survey(PosixLibrary posix, Counters counters, NettyEpoll nettyEpoll, KafkaTls kafkaTls, UndertowResponse undertow,
                  Consumer<Throwable> onFailure) {
        this(posix, counters, nettyEpoll, kafkaTls, undertow, onFailure, System::nanoTime);
    }

    /** @param nanoClock what time it is; a test brings its own */
    Survey(PosixLibrary posix, Counters counters, NettyEpoll nettyEpoll, KafkaTls kafkaTls, UndertowResponse undertow,
           Consumer<Throwable> onFailure, LongSupplier nanoClock) {
        this.posix = posix;
        this.firstPages = new FirstPages(posix);
        this.coldFiles = new ColdFiles(posix);
        this.counters = counters;
        this.nettyEpoll = nettyEpoll;
        this.kafkaTls = kafkaTls;
        this.undertow = undertow;
        this.onFailure = onFailure;
        this.nanoClock = nanoClock;
        this.threads = new LoopThreads(nanoClock);
    }

    @Override
    public long transferTo(FileChannel file, long position, long count, WritableByteChannel target, String site)
            throws IOException {
        LoopThread loop = isEventLoopsTarget(target) ? begin(file, position, count) : null;
        showIfCold(loop, site);
        long sent = NOTHING_SENT;
        try {
            sent = file.transferTo(position, count, target);
            return sent;
        } finally {
            end(loop, file, site, position, sent);
        }
    }

    private boolean isEventLoopsTarget(WritableByteChannel target) {
        try {
            if (target instanceof SelectableChannel channel) {
                return !channel.isBlocking() && channel.isOpen() && JdkInternals.isJdkSelectable(channel);
            }
            return target != null && target.getClass().getClassLoader() != null && nettyEpoll.channelOf(target) != null;
        } catch (Throwable failure) {
            failed(failure);
            return false;
        }
    }

    @Override
    public long admitRegion(Object channel, Object region, long position, long count) {
        begin(fileOf(region), position, count);
        return count;
    }

    @Override
    public void noteRegion(Object channel, Object region, long position, long sent) {
        end(threads.current(), fileOf(region), NettyEpoll.SITE, position, sent);
    }

    /** @return null where the region has another shape, the agent was taken off, or the file can't be opened, as the call will find too */
    private FileChannel fileOf(Object region) {
        try {
            return stopped ? null : nettyEpoll.fileOf(region);
        } catch (IOException ignored) {
            return null;
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    @Override
    public long admitRead(Object layer, FileChannel file, long position, long count) {
        try {
            SocketChannel socket = kafkaTls.socketOf(layer);
            begin(socket == null || socket.isBlocking() ? null : file, position, count);
        } catch (Throwable failure) {
            failed(failure);
        }
        return count;
    }

    @Override
    public void noteRead(Object layer, FileChannel file, long position, long sent) {
        end(threads.current(), file, KafkaTls.SITE, position, sent);
    }

    @Override
    public int readWithHead(FileChannel file, ByteBuffer buffer, Object response) throws IOException {
        LoopThread loop = null;
        FileChannel source = null;
        long position = 0;
        try {
            SocketChannel socket = undertow.socketOf(response);
            source = socket == null || socket.isBlocking() ? null : undertow.sourceOf(file);
            if (source != null && source.isOpen() && !Thread.currentThread().isInterrupted()) {
                position = source.position();
                loop = begin(source, position, buffer.remaining());
                showIfCold(loop, UndertowResponse.SITE);
            }
        } catch (IOException ignored) {
            // Closed: the original call says so.
        } catch (Throwable failure) {
            failed(failure);
        }
        int read = (int) NOTHING_SENT;
        try {
            read = file.read(buffer);
            return read;
        } finally {
            end(loop, source, UndertowResponse.SITE, position, read);
        }
    }

    @Override
    public int interestEvents(SelectionKey key, int events) {
        return events;
    }

    /** @return the calling thread, now in a call that is looked at; null where the call is none of those */
    private LoopThread begin(FileChannel file, long position, long count) {
        try {
            LoopThread loop = threads.current();
            if (loop == null) {
                return null;
            }
            loop.forgetCall();
            if (stopped || position < 0 || count <= 0 || file == null || !JdkInternals.isJdkFileChannel(file)
                    || JdkInternals.isDirect(file) || !file.isOpen()) {
                return null;
            }
            loop.absent = firstPages.isOneAbsent(JdkInternals.descriptorOf(file), position, count, loop.facts);
            loop.usageKnown = posix.getrusage(loop.usage) >= 0;
            loop.readBlocksBefore = loop.usage.readBlocks();
            loop.sleepsBefore = loop.usage.sleeps();
            loop.faultsBefore = loop.usage.majorFaults();
            loop.inCall = true;
            loop.recorded = counters.events().callBegins();
            loop.beganNanos = nanoClock.getAsLong();
            return loop;
        } catch (Throwable failure) {
            failed(failure);
            return null;
        }
    }

    /** For calls whose end can't be missed. */
    private static void showIfCold(LoopThread loop, String site) {
        if (loop != null && loop.absent) {
            loop.coldCallBegins(site);
        }
    }

    private void end(LoopThread loop, FileChannel file, String site, long position, long sent) {
        if (loop == null || !loop.inCall) {
            return;
        }
        try {
            long now = nanoClock.getAsLong();
            loop.inCall = false;
            if (file == null) {
                return;
            }
            counters.transfers.increment();
            if (!loop.absent && now - loop.beganNanos < SHORTEST_WAIT_NANOS) {
                loop.hotCall(site);
                counters.resident.increment();
                return;
            }
            boolean known = loop.usageKnown && posix.getrusage(loop.usage) >= 0;
            boolean slept = known ? loop.usage.sleeps() != loop.sleepsBefore : loop.absent;
            // With a major fault in the call the reads may be of the JVM's own code: on a full machine the first calls meet those.
            boolean issued = known && loop.usage.readBlocks() != loop.readBlocksBefore && loop.usage.majorFaults() == loop.faultsBefore;
            boolean cold = loop.absent || issued;
            int fd = cold || slept ? JdkInternals.descriptorOf(file) : JdkInternals.NO_DESCRIPTOR;
            if (cold) {
                coldFiles.note(fd, loop.facts, now);
            } else if (!slept || !coldFiles.isRecent(fd, loop.facts, now)) {
                loop.hotCall(site);
                counters.resident.increment();
                return;
            }
            loop.coldCallEnded(site, slept, now);
            if (slept && loop.recorded != null) {
                loop.recorded.blocked(site, position, sent, loop.absent, issued);
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private void failed(Throwable failure) {
        counters.note(failure);
        onFailure.accept(failure);
    }

    /** Lets go of threads that have ended. Threads: the watchdog, once a second. */
    public void sweep() {
        threads.sweep();
    }

    /** What has been seen so far. Threads: any. */
    public Findings findings() {
        return threads.find();
    }

    /** Looks at no call any more. Threads: any, after the bridge became a pass-through. */
    public void stop() {
        stopped = true;
        nettyEpoll.forget();
        kafkaTls.forget();
        undertow.forget();
    }
}
