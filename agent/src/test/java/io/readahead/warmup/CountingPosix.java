package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.os.EasyPosix;
import io.readahead.os.FileFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts descriptors and does nothing else, for stress tests that make millions of it. Threads: any. */
final class CountingPosix extends EasyPosix {

    /** A file that is open as long as the JVM runs. */
    static final FileChannel FILE = openFile();
    /** Nobody looks at these. */
    static final Counters COUNTERS = new Counters();

    private static final int FD = 100;
    private static final int EACCES = 13;

    /** Descriptors open now. */
    final AtomicInteger open = new AtomicInteger();
    /** Closes while none was open. */
    final AtomicInteger wrongCloses = new AtomicInteger();

    private static FileChannel openFile() {
        try {
            return FileChannel.open(Path.of("/proc/self/exe"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int dup(int fd) {
        open.incrementAndGet();
        return FD;
    }

    @Override
    public int open(String path) {
        return -EACCES;
    }

    @Override
    public int close(int fd) {
        if (open.decrementAndGet() < 0) {
            wrongCloses.incrementAndGet();
        }
        return 0;
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        return count;
    }

    @Override
    public int readableNow(int fd, long offset) {
        return 1;
    }

    @Override
    public int stat(int fd, FileFacts result) {
        return 0;
    }
}
