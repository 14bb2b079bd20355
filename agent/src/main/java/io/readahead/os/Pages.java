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

    /**
     * What a kernel with larger pages has counted of a range, in pages of {@value #BYTES} bytes: all of them where it counted all of its
     * own, and never all where it did not. The pages that it counted are taken for the first ones of the range.
     *
     * @param counted pages of the kernel's that have a byte of the range and are there
     * @param kernelBytes of one; a power of 2, {@value #BYTES} or more
     */
    static long counted(long counted, long kernelBytes, long position, long length) {
        if (kernelBytes == BYTES || counted <= 0) {
            return counted;
        }
        long all = (position + length - 1) / kernelBytes - position / kernelBytes + 1;
        return counted >= all ? in(position, length)
                : Math.min(counted * (kernelBytes / BYTES) - position % kernelBytes / BYTES, in(position, length) - 1);
    }
}
