package io.readahead.transfer;

import io.readahead.observe.Counters;
import io.readahead.warmup.Warmup;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * Calls on a target that blocks: the thread waits for each window, and sends it while the next one is read.
 *
 * <p>Threads: the server's, which wait here as they would have waited for the disk.
 */
final class BlockingCalls {

    /** A blocked reader looks this often whether its channels were closed. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Streams streams;
    private final Counters counters;
    private final Failures failures;

    BlockingCalls(Streams streams, Failures failures) {
        this.streams = streams;
        this.counters = failures.counters();
        this.failures = failures;
    }

    /** Window by window: wait, send, the next one being read meanwhile. Returns what one original call would have. */
    long transferTo(FileChannel file, long position, long count, WritableByteChannel target, Object key, String site) throws IOException {
        long done = 0;
        while (done < count) {
            long admitted = Stream.PASS;
            try {
                counters.transfers.increment();
                admitted = awaitAdmission(key, file, position + done, count - done, target, site);
            } catch (Throwable failure) {
                failures.note(failure);
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
            streams.sent(key, file, position + done, sent, false);
            done += Math.max(0, sent);
            if (sent < asked || admitted <= 0) {
                break;
            }
        }
        return done;
    }

    private long awaitAdmission(Object key, FileChannel file, long position, long count, WritableByteChannel target, String site) {
        boolean waited = false;
        while (!streams.isStopped()) {
            Stream stream = streams.of(key, null);
            long admitted = stream.admit(file, position, count, true);
            if (admitted == Stream.DROPPED) {
                streams.forget(key, stream);
                continue;
            }
            if (admitted != Stream.WAIT) {
                if (!waited) {
                    counters.resident.increment();
                }
                counters.callSites.called(site, waited);
                return admitted;
            }
            if (waited) {
                // What it waited for was given up or forgotten: another thread sends to the same target from elsewhere. Two that
                // take turns in this would never get on.
                counters.callSites.called(site, true);
                return Stream.PASS;
            }
            waited = true;
            counters.blockingWaits.increment();
            Warmup awaited = stream.inFlight();
            while (awaited != null && !awaited.isDone() && !streams.isStopped()) {
                awaited.await(LOOK_NANOS);
                if (Thread.currentThread().isInterrupted() || !file.isOpen() || !target.isOpen()) {
                    return Stream.PASS;    // the original call says it as it always did
                }
            }
        }
        return Stream.PASS;
    }
}
