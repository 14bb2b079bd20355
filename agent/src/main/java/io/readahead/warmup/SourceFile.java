package io.readahead.warmup;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.Errno;
import io.readahead.os.PosixLibrary;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The file behind a server's FileChannel, opened once more for readahead.
 *
 * <p>The descriptor is our own: another description has a readahead state of its own, and what we advise on it
 * ({@code POSIX_FADV_RANDOM}: read what was asked for and no more) does not reach the server's. It is opened by a worker through
 * {@code /proc/self/fd/N}, which works for deleted files too; where that is refused (the path's permissions changed, no /proc), a dup is
 * used, and where the process may have only few descriptors or half of them are taken, the server's own.
 * A dup is also enough for a file that is read by one window: what the kernel does with its readahead state matters no more then.
 *
 * <p>It stays open for the next window, but where {@value #MOST_OPEN} are open it is closed after each: ten thousand connections
 * are not to cost ten thousand descriptors.
 *
 * <p>Threads: workers, under this object's monitor; never an event loop.
 */
public final class SourceFile {

    private static final int CLOSED = -1;
    /** A process that may not have so many needs them for itself. */
    private static final long FEW_DESCRIPTORS = 256;
    private static final int MOST_OPEN = 256;

    private final FileChannel channel;
    private final long device;
    private final boolean oneWindow;
    private volatile int fd = CLOSED;
    private volatile boolean released;
    private String lack;
    private int users;
    /** The descriptor is of a description of our own. */
    private boolean reopened;
    private boolean inOrder;

    /** @param device of its file store */
    public SourceFile(FileChannel channel, long device) {
        this(channel, device, false);
    }

    /**
     * @param device of its file store
     * @param oneWindow whether the file is read ahead by one window
     */
    public SourceFile(FileChannel channel, long device, boolean oneWindow) {
        this.channel = channel;
        this.device = device;
        this.oneWindow = oneWindow;
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
        if (fd != CLOSED) {
            users++;
            return fd;
        }
        int serverFd = JdkInternals.descriptorOf(channel);
        int opened = serverFd == JdkInternals.NO_DESCRIPTOR ? CLOSED : open(posix, serverFd);
        if (opened >= 0) {
            fd = opened;
            counters.openDescriptors.incrementAndGet();
        } else if (Errno.isOutOfDescriptors(-opened)) {
            // The server may close it and give the number to another file meanwhile: then a range of that file is read for nothing.
            lack = "the descriptors that the process may have (" + posix.descriptorLimit() + ") are few or half taken, so readahead uses"
                    + " the server's own; a higher limit of open files helps: ulimit -n";
            opened = serverFd;
        } else {
            return CLOSED;
        }
        users++;
        return opened;
    }

    /** What the readahead has to do without, in a sentence. Threads: who has begun to use it. */
    synchronized Optional<String> lack() {
        return Optional.ofNullable(lack);
    }

    /**
     * Advises the kernel how to read ahead on the server's own description.
     *
     * <p>Threads: workers; closing a descriptor may wait. Errors: none; a file that the server has closed needs no advice.
     */
    void adviseServers(PosixLibrary posix, int advice) {
        int duplicate = duplicate(posix, JdkInternals.descriptorOf(channel));
        if (duplicate >= 0) {
            posix.posix_fadvise(duplicate, 0, 0, advice);
            posix.close(duplicate);
        }
    }

    FileChannel channel() {
        return channel;
    }

    /** @return a second number for the server's description; negative where the server has closed it or there is none left */
    private int duplicate(PosixLibrary posix, int serverFd) {
        if (serverFd == JdkInternals.NO_DESCRIPTOR) {
            return CLOSED;
        }
        int duplicate = posix.dup(serverFd);
        if (duplicate < 0) {
            return duplicate;
        }
        // A channel says that it is closed before it frees its number: open now means that the number was its own at the dup.
        if (!channel.isOpen()) {
            posix.close(duplicate);
            return CLOSED;
        }
        return duplicate;
    }

    private int open(PosixLibrary posix, int serverFd) {
        long limit = posix.descriptorLimit();
        if (limit > 0 && limit < FEW_DESCRIPTORS) {
            return -Errno.EMFILE;
        }
        int duplicate = duplicate(posix, serverFd);
        if (duplicate < 0) {
            return duplicate;
        }
        // The lowest free number: how full the table is. What is left of it is the server's.
        if (limit > 0 && duplicate >= limit / 2) {
            posix.close(duplicate);
            return -Errno.EMFILE;
        }
        if (oneWindow) {
            return duplicate;
        }
        int own;
        try {
            own = posix.open("/proc/self/fd/" + duplicate);
        } catch (Throwable failure) {
            posix.close(duplicate);    // no memory for the path
            throw failure;
        }
        if (own < 0) {
            lack = "/proc/self/fd could not be opened (" + posix.strerror(-own) + "), so readahead shares the server's description"
                    + " and the kernel's own readahead comes on top";
            return duplicate;
        }
        posix.close(duplicate);
        posix.posix_fadvise(own, 0, 0, PosixLibrary.POSIX_FADV_RANDOM);
        reopened = true;
        return own;
    }

    /**
     * Turns the kernel's own readahead on our descriptor on or off.
     *
     * <p>Threads: a worker, between {@link #beginUse} and {@link #endUse}.
     *
     * @return whether it is on; never on the server's own description
     */
    synchronized boolean readInOrder(PosixLibrary posix, boolean wanted) {
        if (reopened && wanted != inOrder) {
            posix.posix_fadvise(fd, 0, 0, wanted ? PosixLibrary.POSIX_FADV_NORMAL : PosixLibrary.POSIX_FADV_RANDOM);
            inOrder = wanted;
        }
        return inOrder;
    }

    synchronized void endUse(PosixLibrary posix, Counters counters) {
        users--;
        closeIfIdle(posix, counters, oneWindow || counters.openDescriptors.get() > MOST_OPEN);
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
        closeIfIdle(posix, counters, false);
    }

    private void closeIfIdle(PosixLibrary posix, Counters counters, boolean unwanted) {
        if (users == 0 && fd != CLOSED && (unwanted || released || !channel.isOpen())) {
            posix.close(fd);
            fd = CLOSED;
            reopened = false;
            inOrder = false;
            counters.openDescriptors.decrementAndGet();
        }
    }
}
