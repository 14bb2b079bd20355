package io.readahead.survey;

import io.readahead.os.FileFacts;
import io.readahead.os.Pages;
import io.readahead.os.PosixLibrary;

/**
 * Says whether the pages that a call reads first are in the page cache.
 *
 * <p>sendfile(2) fills a pipe of 16 pages from the file before it looks at the socket, so these it reads whatever room there is.
 * <p>Source: cachestat(2), which starts no I/O and counts pages that are still being read as present. Errors: never throws.
 * <p>Threads: any; never waits.
 */
final class FirstPages {

    private static final long PIPE_BYTES = 64 * 1024;

    private final PosixLibrary posix;

    /** What is known of them. */
    enum Are {
        PRESENT,
        /** At least one is absent. */
        ABSENT,
        /**
         * Nobody can say: an old kernel, a system call filter, another user's file; or a file system that has no block device below it,
         * where an overlay says that nothing is there.
         */
        UNKNOWN
    }

    FirstPages(PosixLibrary posix) {
        this.posix = posix;
    }

    Are of(int fd, long position, long count, FileFacts scratch) {
        long length = Math.min(count, PIPE_BYTES);
        long cached = posix.cachedPages(fd, position, length);
        if (cached < 0) {
            return Are.UNKNOWN;
        }
        if (cached >= Pages.in(position, length)) {
            return Are.PRESENT;
        }
        // The count may reach past the end of the file, where no page is.
        if (posix.stat(fd, scratch) < 0 || !scratch.regular() || position >= scratch.sizeBytes()) {
            return Are.PRESENT;
        }
        if (cached >= Pages.in(position, Math.min(length, scratch.sizeBytes() - position))) {
            return Are.PRESENT;
        }
        return cached > 0 || scratch.onBlockDevice() ? Are.ABSENT : Are.UNKNOWN;
    }
}
