package io.readahead.transfer;

import io.readahead.jdk.JdkInternals;
import io.readahead.os.FakePosix;
import io.readahead.os.FileFacts;
import io.readahead.os.Residency;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A disk with a page cache that can be looked into: which pages are there, and for which of them the agent has evidence since when.
 *
 * <p>Threads: any, under this object's monitor.
 */
class ModelDisk extends FakePosix implements Residency {

    static final int PAGE_BYTES = 4096;

    /** How far the kernel reads ahead by itself: so near the end of what is resident it may have marked a page. */
    private static final long MARKED_BYTES = 256 << 10;
    private static final int EIO = 5;

    /** One file of the model. */
    static final class ModelFile {
        final BitSet resident = new BitSet();
        /** For each page when the agent last learned that it can be read: the probe said so, or it was read. */
        final Map<Integer, Long> evidence = new HashMap<>();
        long sizeBytes;
        boolean answers = true;
        boolean broken;

        ModelFile(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }
    }

    private final Map<Integer, ModelFile> files = new HashMap<>();
    private long nowNanos;
    /** Of which it is known without a question that it is there. */
    private FileChannel standing;

    /** Has a file be known without a question. */
    synchronized void stands(FileChannel file) {
        standing = file;
    }

    @Override
    public synchronized boolean stands(FileChannel file, long position, long count) {
        return file == standing;
    }

    /** The clock of the agent that uses the disk. */
    synchronized long nowNanos() {
        return nowNanos;
    }

    synchronized void advance(long nanos) {
        nowNanos += nanos;
    }

    /** Says which file a channel stands for. */
    synchronized ModelFile attach(FileChannel channel, ModelFile file) {
        files.put(JdkInternals.descriptorOf(channel), file);
        return file;
    }

    static int page(long position) {
        return (int) (position / PAGE_BYTES);
    }

    private void learned(ModelFile file, long from, long to) {
        for (int page = page(from); page <= page(to - 1); page++) {
            file.evidence.put(page, nowNanos);
        }
    }

    @Override
    public synchronized long sendfile(int outFd, int inFd, long offset, long count) {
        ModelFile file = files.get(inFd);
        if (file.broken) {
            return -EIO;
        }
        long bytes = Math.max(0, Math.min(count, file.sizeBytes - offset));
        if (bytes > 0) {
            file.resident.set(page(offset), page(offset + bytes - 1) + 1);
            learned(file, offset, offset + bytes);
        }
        return bytes;
    }

    @Override
    public synchronized long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        ModelFile file = files.get(fd);
        long firstAbsent = firstAbsent(file, position);
        long unmarked = firstAbsent >= file.sizeBytes ? length : Math.min(length, firstAbsent - MARKED_BYTES - position);
        if (!file.answers || unmarked > 0) {
            return readablePrefix(fd, position, file.answers ? unmarked : length);
        }
        return firstAbsent <= position ? 0 : Residency.toBeGoneOver(Math.min(length, firstAbsent - position));
    }

    private static long firstAbsent(ModelFile file, long position) {
        return (long) file.resident.nextClearBit(page(position)) * PAGE_BYTES;
    }

    @Override
    public synchronized long readablePrefix(int fd, long position, long length) {
        ModelFile file = files.get(fd);
        if (!file.answers) {
            return UNKNOWN;
        }
        long readable = Math.max(0, Math.min(length, firstAbsent(file, position) - position));
        if (readable > 0) {
            learned(file, position, position + readable);
        }
        return readable;
    }

    @Override
    public synchronized int stat(int fd, FileFacts result) {
        result.set(true, files.get(fd).sizeBytes, DEVICE);
        return 0;
    }
}
