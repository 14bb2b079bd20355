package io.readahead.warmup;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.PosixLibrary;
import java.nio.channels.FileChannel;

/**
 * The file behind a server's FileChannel, opened once more for readahead.
 *
 * <p>The descriptor is our own: another description has a readahead state of its own, and what we advise on it
 * ({@code POSIX_FADV_RANDOM}: read what was asked for and no more) does not reach the server's. It is opened by a worker through
 * {@code /proc/self/fd/N}, which works for deleted files too; where that is refused (the path's permissions changed), a dup is used.
 *
 * <p>Threads: workers of one lane, under this object's monitor; never an event loop.
 */
public final class SourceFile {

    private static final int CLOSED = -1;

    private final FileChannel channel;
    private final long device;
    private volatile int fd = CLOSED;
    private volatile boolean released;
    private int users;

    public SourceFile(FileChannel channel, long device) {
        this.channel = channel;
        this.device = device;
    }

    long device() {
        return device;
    }

    /**
     * @return a descriptor that stays open until {@link #endUse}, or a negative number where the server has closed the file or
     *         nobody wants it any more
     */
    synchronized int beginUse(PosixLibrary posix, Counters counters) {
        if (released) {
            return CLOSED;
        }
        if (fd == CLOSED) {
            fd = open(posix);
            if (fd < 0) {
                fd = CLOSED;
                return CLOSED;
            }
            counters.openDescriptors.incrementAndGet();
        }
        users++;
        return fd;
    }

    private int open(PosixLibrary posix) {
        int serverFd = JdkInternals.descriptorOf(channel);
        if (serverFd == JdkInternals.NO_DESCRIPTOR) {
            return CLOSED;
        }
        int duplicate = posix.dup(serverFd);
        if (duplicate < 0) {
            return CLOSED;
        }
        // A channel says that it is closed before it frees its number: open now means that the number was its own at the dup.
        if (!channel.isOpen()) {
            posix.close(duplicate);
            return CLOSED;
        }
        int reopened;
        try {
            reopened = posix.open("/proc/self/fd/" + duplicate);
        } catch (Throwable failure) {
            posix.close(duplicate);    // no memory for the path
            throw failure;
        }
        if (reopened < 0) {
            return duplicate;
        }
        posix.close(duplicate);
        posix.posix_fadvise(reopened, 0, 0, PosixLibrary.POSIX_FADV_RANDOM);
        return reopened;
    }

    synchronized void endUse(PosixLibrary posix, Counters counters) {
        users--;
        closeIfIdle(posix, counters);
    }

    /**
     * Says that nobody wants the file any more.
     *
     * <p>Threads: any; never waits for a worker. Who opens or reads it meanwhile finds the flag when that is over; where a descriptor
     * is open already, as the answer says, {@link #close} has to be called by a worker. Both sides write first and look then, so at
     * least one of them closes it.
     *
     * @return whether a descriptor may be open
     */
    boolean release() {
        released = true;
        return fd != CLOSED;
    }

    /** Closes the descriptor of a released file now, or when the read under way ends. */
    synchronized void close(PosixLibrary posix, Counters counters) {
        closeIfIdle(posix, counters);
    }

    private void closeIfIdle(PosixLibrary posix, Counters counters) {
        if (users == 0 && fd != CLOSED && (released || !channel.isOpen())) {
            posix.close(fd);
            fd = CLOSED;
            counters.openDescriptors.decrementAndGet();
        }
    }
}
