package io.readahead.os;

/**
 * Says how much of a range can be read without waiting for the disk.
 *
 * <p>Threads: any, event loops included.
 */
public interface Residency {

    /** Nobody can say: no such system call, a file system that doesn't answer, a descriptor that can't be read. */
    long UNKNOWN = -1;

    /**
     * Asks for a range.
     *
     * <p>Units: bytes. Errors: never throws.
     *
     * @param fd descriptor of the file; may be closed by another thread meanwhile, the answer is then without meaning
     * @param position first byte
     * @param length 1 or more, not beyond the end of the file
     * @return the length of the prefix that can be read now, 0 where its first bytes can't, or {@link #UNKNOWN}
     */
    long readablePrefix(int fd, long position, long length);

    /**
     * Whether a range ends so near the end of what is cached of its file that the kernel may have marked a page of it: a thread that comes
     * to the mark, in sendfile or by {@code preadv2(RWF_NOWAIT)}, goes on with the readahead of whoever left it, and reads.
     *
     * <p>Units: bytes. Errors: never throws; false where nobody can say.
     * <p>Source: Linux 6.18, page_cache_async_ra() in mm/readahead.c: from the mark on it looks for the first page that is absent, no
     * further than {@code read_ahead_kb}, and reads from there. {@code POSIX_FADV_RANDOM} does not keep it from that.
     *
     * @param end of the range
     * @param fileBytes size of the file
     */
    default boolean mayBeMarked(int fd, long end, long fileBytes) {
        return false;
    }
}
