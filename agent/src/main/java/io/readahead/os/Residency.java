package io.readahead.os;

import java.nio.channels.FileChannel;

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
     * As the other, of a range that a readahead thread has been over, and that may have been reclaimed since; or that is asked for by who
     * may wait.
     *
     * @param facts what the file is, as of this moment or an earlier one
     */
    default long readablePrefix(int fd, long position, long length, FileFacts facts) {
        return readablePrefix(fd, position, length);
    }

    /**
     * Asks for a range that no readahead thread has been over since it was cached, and of which the kernel may have marked a page
     * (PG_readahead).
     *
     * <p>Whoever comes to such a mark goes on with the readahead of who left it, and reads; sendfile on an event loop too. From the mark
     * on the kernel looks for the first page that is absent, no further than {@code read_ahead_kb}: so what lies further than that from
     * the end of what is cached, and all of a file that is cached to its end, can be sent as it is. The rest has to be gone over by a
     * readahead thread first. (Not covered: {@code POSIX_FADV_SEQUENTIAL} on the server's own description doubles the distance, and a mark
     * that this description itself was told to expect is followed without a look for what is absent.)
     *
     * <p>Units: bytes. Errors: never throws.
     * <p>Source: Linux 6.18, page_cache_async_ra() in mm/readahead.c; {@code POSIX_FADV_RANDOM} does not keep it from that.
     *
     * @param length 1 or more, not beyond the end of the file
     * @param facts what the file is, as of this moment
     * @return as {@link #readablePrefix}; or, where {@link #isToBeGoneOver}, a prefix that is cached and may be marked
     */
    default long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        return readablePrefix(fd, position, length);
    }

    /**
     * Asks for a range of a mapped file, as {@link #sendablePrefix} does of one that is open: who touches a page that is marked, for the
     * first time since it was mapped, goes on with the readahead too (Linux 6.18, do_async_mmap_readahead()).
     *
     * @param goneOver whether a readahead thread has been over all of it
     */
    default long mappedPrefix(Mapping mapping, long offset, long length, boolean goneOver) {
        return UNKNOWN;
    }

    /**
     * How far the kernel reads ahead by itself on a device, in bytes; 0 where nobody sees the marks that it leaves, so that it had better
     * not.
     *
     * @param device as {@link FileFacts#device()} says it
     */
    default long kernelReadahead(long device) {
        return 0;
    }

    /** Whether an answer is one of the file, by its device and inode, and not of the descriptor that was asked. */
    default boolean isOfTheFile(long device) {
        return false;
    }

    /**
     * Takes note of what a readahead thread met, so that it can be an answer where nobody else has one.
     *
     * @param facts what the file is
     * @param inMemory whether all of the range was there, and nothing had to be waited for
     */
    default void wasRead(FileFacts facts, long position, long length, boolean inMemory) {
        // Who can tell by itself needs no news.
    }

    /**
     * Whether a file is known to be cached from there to its end, without asking for all of it again: it was found so, by whatever channel
     * of the same path, and nothing has happened that could have changed it. Of a small one no system call is made.
     *
     * @param file a channel for which {@code JdkInternals.isJdkFileChannel} holds
     * @param count bytes from there to what the caller takes for the end of the file, 1 or more
     */
    default boolean stands(FileChannel file, long position, long count) {
        return false;
    }

    /**
     * Takes note that a file was found to be cached from there to its end.
     *
     * @param facts what it is, as of this moment
     * @param foundNanos when the first of it was found, of System.nanoTime; the rest was later
     */
    default void cachedToItsEnd(FileChannel file, long position, FileFacts facts, long foundNanos) {
        // Who keeps no answers needs none.
    }

    /** Takes note that some of a file was found not to be cached, by whatever question: what was known of its path is no more. */
    default void wasAbsent(FileChannel file) {
        // As above.
    }

    /** Takes note of what a device is, as {@link PosixLibrary#fileSystem} says it. */
    default void fileSystem(long device, long kind) {
        // As above.
    }

    /** Whether an answer of {@link #sendablePrefix} is of a prefix that is cached and may be marked. */
    static boolean isToBeGoneOver(long answer) {
        return answer < UNKNOWN;
    }

    /** The answer for such a prefix, of 1 byte or more; and from the answer the length again. */
    static long toBeGoneOver(long lengthOrAnswer) {
        return UNKNOWN - lengthOrAnswer;
    }
}
