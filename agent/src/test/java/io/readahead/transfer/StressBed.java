package io.readahead.transfer;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.ServerAdapter;
import io.readahead.gate.FakeChannel;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.observe.Counters;
import io.readahead.warmup.Budget;
import io.readahead.warmup.ByHand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent from the woven call to the disk for one channel, small enough to be made for each try of a stress test. */
final class StressBed {

    private static final long BUDGET = 64 << 20;
    private static final long WINDOW = 1 << 20;
    private static final long COUNT = 64 << 10;
    /** An hour after the beginning of time, so that a stream that was never used is idle. */
    private static final long NOW_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final InstantDisk DISK = new InstantDisk();
    private static final Counters COUNTERS = new Counters();
    private static final FileChannel FILE = open();

    final FakeChannel channel = new FakeChannel();
    final Gate gate = new Gate(new KeyQueue() {
        @Override
        public SelectionKey[] keysOf(SelectableChannel ofChannel) {
            return null;
        }

        @Override
        public void queue(SelectionKey key) {
            throw new IllegalStateException("there is no key");
        }
    });
    final Budget budget = new Budget(BUDGET);
    final ByHand hand = new ByHand(DISK, COUNTERS);
    final Transfers transfers = new Transfers(new Transfers.Rooms(DISK, DISK, hand.pool(), budget, COUNTERS, gate, new Adapters(List.of())),
            WINDOW, false, failure -> failed(failure.toString()), () -> NOW_NANOS);

    private static FileChannel open() {
        try {
            return FileChannel.open(Path.of("/proc/self/exe"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void failed(String failure) {
        throw new IllegalStateException(failure);
    }

    /** The server's call. @return whether it may send */
    boolean call(long position) {
        return call(channel, null, position);
    }

    /** The same for a channel of the server's own. */
    boolean call(Object target, ServerAdapter adapter, long position) {
        return transfers.admission().admitOrPark(target, adapter, FILE, position, COUNT, "stress") != Stream.WAIT;
    }

    /** A worker's work, which may not have been queued yet. */
    void performOne() {
        while (!hand.performNext()) {
            Thread.onSpinWait();
        }
    }

    /** What is still taken of the budget when the channel was closed and the watchdog has seen it. */
    int bytesLeftBehind() {
        channel.closeQuietly();
        transfers.sweep();
        hand.performAll();
        return (int) budget.used();
    }
}
