package io.readahead.transfer;

import io.readahead.adapter.Retry;
import io.readahead.gate.Gate;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where bytes go: how it is kept from being tried again while the disk is read, and told when to.
 *
 * <p>Threads: the server's park, any resume; nothing blocks.
 */
interface Target {

    /** Withholds readiness until {@link #resume}. */
    void park();

    /** Gives readiness back. @return whether it was parked */
    boolean resume();

    boolean isParked();

    boolean isOpen();

    /**
     * The most that it is given at a time of what it waited for; bytes.
     *
     * @param copied whether the thread that sends copies it, as of a mapped file
     */
    default long mostAtOnceBytes(boolean copied) {
        return Long.MAX_VALUE;
    }

    /**
     * A channel of the JDK: the gate withholds its write interest.
     *
     * @param encrypted whether its event loop itself encrypts, all that it is given in one call
     */
    record Selectable(Gate gate, SelectableChannel channel, boolean encrypted) implements Target {

        /** Some 0.2 ms of encryption by the JDK, where a whole window is 1.3; a TLS record is 16 KB. */
        private static final long MOST_ENCRYPTED_AT_ONCE_BYTES = 128 * 1024;
        /** Some 0.2 ms of copying to a socket that has room, where a whole window is 0.5 to 1. */
        private static final long MOST_COPIED_AT_ONCE_BYTES = 256 * 1024;

        /**
         * {@inheritDoc} The windows of several readers end together, and to encrypt or to copy them one after the other keeps an event loop
         * from all its other connections meanwhile; so they take turns with those.
         */
        @Override
        public long mostAtOnceBytes(boolean copied) {
            return encrypted ? MOST_ENCRYPTED_AT_ONCE_BYTES : copied ? MOST_COPIED_AT_ONCE_BYTES : Long.MAX_VALUE;
        }

        @Override
        public void park() {
            gate.park(channel);
        }

        @Override
        public boolean resume() {
            return gate.resume(channel);
        }

        @Override
        public boolean isParked() {
            return gate.isParked(channel);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }
    }

    /** A channel of the server's own, which is told to try again. */
    record Own(Retry retry, Object channel, AtomicBoolean parked, AtomicInteger parkedNow) implements Target {

        @Override
        public void park() {
            if (parked.compareAndSet(false, true)) {
                parkedNow.incrementAndGet();
            }
            retry.park(channel, parked::get);
        }

        @Override
        public boolean resume() {
            if (!parked.compareAndSet(true, false)) {
                return false;
            }
            parkedNow.decrementAndGet();
            try {
                retry.reenter(channel);
            } catch (RuntimeException | Error failure) {
                if (parked.compareAndSet(false, true)) {
                    parkedNow.incrementAndGet();    // so that the watchdog finds it stranded, and tries again
                }
                throw failure;
            }
            return true;
        }

        @Override
        public boolean isParked() {
            return parked.get();
        }

        @Override
        public boolean isOpen() {
            return retry.isOpen(channel);
        }
    }

    /** Whatever a blocking call of a thread writes to that is no channel of the JDK, known by the file that it reads; never parked. */
    record Blocking(FileChannel file, Thread thread) implements Target {

        @Override
        public void park() {
            throw new IllegalStateException("a blocking target waits");
        }

        @Override
        public boolean resume() {
            return false;
        }

        @Override
        public boolean isParked() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen() && thread.isAlive();
        }
    }
}
