package io.readahead.kit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The beginning of a file, in the page cache until this is closed, whatever the machine lets go of.
 *
 * <p>Threads: any.
 * <p>Source: mlock(2), which reads what is absent and locks it; RLIMIT_MEMLOCK doesn't hold for root.
 */
public final class PinnedRange implements AutoCloseable {

    private final Pointer pages;
    private final long bytes;

    private PinnedRange(Pointer pages, long bytes) {
        this.pages = pages;
        this.bytes = bytes;
    }

    /** All of a file; the same. */
    static PinnedRange lock(Path file) throws IOException {
        return lock(file, Files.size(file), Libc.MADV_NORMAL);
    }

    /**
     * Reads and locks.
     *
     * <p>Errors: LastErrorException where this user may not read the file, or not lock that much memory; nothing is mapped then.
     *
     * @param advice of madvise(2), how to read what is absent: {@link Libc#MADV_RANDOM} reads nothing behind the range
     */
    static PinnedRange lock(Path file, long bytes, int advice) {
        Pointer pages;
        int fd = Libc.INSTANCE.open(file.toString(), Libc.O_RDONLY);
        try {
            pages = Libc.INSTANCE.mmap(Pointer.NULL, bytes, Libc.PROT_READ, Libc.MAP_SHARED, fd, 0);
        } finally {
            Libc.INSTANCE.close(fd);
        }
        try {
            Libc.INSTANCE.madvise(pages, bytes, advice);
            Libc.INSTANCE.mlock(pages, bytes);
            return new PinnedRange(pages, bytes);
        } catch (LastErrorException refused) {
            Libc.INSTANCE.munmap(pages, bytes);
            throw refused;
        }
    }

    @Override
    public void close() {
        Libc.INSTANCE.munmap(pages, bytes);
    }
}
