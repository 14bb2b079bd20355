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
}
