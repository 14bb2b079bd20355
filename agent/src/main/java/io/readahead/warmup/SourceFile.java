package io.readahead.warmup;

import io.readahead.jdk.JdkInternals;
import java.nio.channels.FileChannel;

/**
 * The file behind a server's FileChannel, as readahead reads it: by the server's own descriptor, and by no other.
 *
 * <p>Problem: a descriptor of our own, a dup or the file opened once more, takes something from the server. A process loses its POSIX locks
 * on an inode when it closes <em>any</em> descriptor of that, whoever in it took them, and by which descriptor (fcntl(2)); a FUSE daemon
 * without FOPEN_KEEP_CACHE has its cached pages dropped at each open; and what is open can't be unmounted, and an unlinked file of it keeps
 * its space, or its place as a hidden one. To look for locks before a close is no help: one may be taken between. Choice: nothing is
 * opened, and so nothing is closed. The number is read anew for each system call; the call itself holds the file for as long as it takes,
 * and lets go of it without any of that. Cost: the kernel's readahead state is the server's too, see {@link ServerReadahead}; and a number
 * that the server frees, and gives to another file, in the moment between our look and the call is that file's, of which a piece is
 * read ahead for nothing then (the JDK forgets a number before it closes it).
 *
 * <p>Source: Linux 6.18, filp_close() and locks_remove_posix(); fuse_finish_open() in fs/fuse/file.c; {@code fileDescriptorClose()} in
 * io_util_md.c of JDK 17 to 25.
 *
 * <p>Threads: any.
 */
public final class SourceFile implements Source {

    private final FileChannel channel;
    private final long device;
    private volatile boolean released;

    /** @param device of its file store */
    public SourceFile(FileChannel channel, long device) {
        this.channel = channel;
        this.device = device;
    }

    @Override
    public long device() {
        return device;
    }

    FileChannel channel() {
        return channel;
    }

    /** The server's descriptor at this moment; {@link JdkInternals#NO_DESCRIPTOR} where the server has closed the file. */
    int descriptor() {
        return JdkInternals.descriptorOf(channel);
    }

    /** {@inheritDoc} It was not released, and the server has not closed it. */
    @Override
    public boolean isWanted() {
        return !released && channel.isOpen();
    }

    @Override
    public void release() {
        released = true;
    }
}
