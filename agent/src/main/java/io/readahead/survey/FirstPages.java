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

    FirstPages(PosixLibrary posix) {
        this.posix = posix;
    }

    /** Whether one is absent; false where nobody can say: an old kernel, another user's file, the end of the file. */
    boolean isOneAbsent(int fd, long position, long count, FileFacts scratch) {
        long length = Math.min(count, PIPE_BYTES);
        long cached = posix.cachedPages(fd, position, length);
        if (cached < 0 || cached >= Pages.in(position, length)) {
            return false;
        }
        // The count may reach past the end of the file, where no page is.
        if (posix.stat(fd, scratch) < 0 || !scratch.regular() || position >= scratch.sizeBytes()) {
            return false;
        }
        return cached < Pages.in(position, Math.min(length, scratch.sizeBytes() - position));
    }
}
