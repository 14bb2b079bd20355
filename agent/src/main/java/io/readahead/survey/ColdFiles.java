package io.readahead.survey;

import io.readahead.os.FileFacts;
import io.readahead.os.PosixLibrary;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers for some seconds which files the disk was asked for: parts of them may still be on their way into the page cache.
 *
 * <p>A fixed number of slots; a file that takes another's slot makes it forgotten a little early. Two slots of one file that are written
 * at a time hold a mix of both, which at worst forgets one of them.
 * <p>Threads: any; one short system call for each question.
 */
final class ColdFiles {

    /** Longer than the kernel needs to read its largest window from a slow disk that others use too. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SLOTS = 256;

    private final PosixLibrary posix;
    private final AtomicLongArray files = new AtomicLongArray(SLOTS);
    private final AtomicLongArray times = new AtomicLongArray(SLOTS);

    ColdFiles(PosixLibrary posix) {
        this.posix = posix;
    }

    void note(int fd, FileFacts scratch, long nowNanos) {
        if (posix.stat(fd, scratch) >= 0) {
            long file = identity(scratch);
            int slot = slotOf(file);
            files.set(slot, file);
            times.set(slot, nowNanos);
        }
    }

    boolean isRecent(int fd, FileFacts scratch, long nowNanos) {
        if (posix.stat(fd, scratch) < 0) {
            return false;
        }
        long file = identity(scratch);
        int slot = slotOf(file);
        return files.get(slot) == file && nowNanos - times.get(slot) < RECENT_NANOS;
    }

    private static long identity(FileFacts facts) {
        return mix(facts.device() * 31 + facts.inode());
    }

    /** The finalizer of MurmurHash3: neighboring inodes go to different slots. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    private static int slotOf(long file) {
        return (int) file & SLOTS - 1;
    }
}
