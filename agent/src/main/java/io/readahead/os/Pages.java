package io.readahead.os;

/** Pages of the page cache, as most kernels have them, and the bytes of a file that lie in them. */
public final class Pages {

    /** Bytes of one. */
    static final long BYTES = 4096;

    private Pages() {
    }

    /** How many pages have a byte of a range; the range has 1 byte or more. */
    public static long in(long position, long length) {
        return (position + length - 1) / BYTES - position / BYTES + 1;
    }

    /** Bytes from a position to the end of so many pages, of which the first is the one that it lies in; 0 or fewer where there is none. */
    static long bytesFrom(long position, long pages) {
        return (position / BYTES + pages) * BYTES - position;
    }
}
