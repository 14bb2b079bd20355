package io.readahead.os;

/**
 * Brings a range of a mapped file into the page cache, and into the process's page tables, and waits until it is there.
 *
 * <p>As with {@link RangeReader}, the range is announced first, in pieces, so that the kernel reads it and nothing else, and leaves no
 * mark. Then it is populated, so that whoever sends it comes to no fault, and not to a mark that an earlier read of somebody has left.
 *
 * <p>Problem: the processor marks a page that is mapped as used when it is populated, and again when it is sent. A kernel that needs memory
 * passes such a page over at its first look, so what was sent stays, and each allocation goes over hundreds of pages; in a full cgroup
 * some fail, and the populating of what was announced in vain reads {@code read_ahead_kb} around itself, in the time of everybody who waits
 * for the disk. Choice: what was read here and is sent counts as not used of late, as it would if a file that is not mapped had been sent
 * once. A window that was all in memory is somebody else's too, and keeps what it has.
 *
 * <p>Threads: readahead threads only; waits for the disk, and holds no lock of the process meanwhile (Linux gives the memory map's back
 * before it waits for a page: filemap_fault(), FAULT_FLAG_ALLOW_RETRY).
 */
public final class MappedReader {

    private static final long ADVICE_BYTES = 128 * 1024;
    private static final long STEP_BYTES = 64 * 1024;

    private final PosixLibrary posix;

    public MappedReader(PosixLibrary posix) {
        this.posix = posix;
    }

    /** Whether all of a range is still there, or nobody can say. */
    public boolean isThere(Mapping mapping, long offset, long length) {
        long pages = length <= 0 ? 0 : posix.residentPages(mapping.address(offset), length);
        return pages < 0 || length <= 0 || pages >= Pages.in(mapping.address(offset), length);
    }

    /**
     * Reads a range.
     *
     * <p>Errors: never throws, and never touches the memory; the sender meets what the disk says when it sends.
     *
     * @param cached whether it was there already, and only has to be gone over
     * @return bytes from its beginning that are there now, or the negated errno where that is none
     */
    public long read(Mapping mapping, long offset, long length, boolean cached) {
        if (!cached) {
            Mapping.Range sent = mapping.begin(new Mapping.Range(offset, length));
            announce(mapping, offset, length);
            makeCold(mapping, sent);
        }
        long done = 0;
        while (done < length) {
            long step = Math.min(STEP_BYTES, length - done);
            int answer = posix.populate(mapping.address(offset + done), step);
            if (answer < 0 && answer != -Errno.EINTR) {
                return done > 0 ? done : answer;
            }
            done += answer < 0 ? 0 : step;
            Thread.yield();    // loops first
        }
        return done;
    }

    /** In pieces, between which event loops come first: 25 us each, and up to 250 where the kernel has to make room (Linux 6.18). */
    private void announce(Mapping mapping, long offset, long length) {
        for (long done = 0; done < length; done += ADVICE_BYTES) {
            posix.madvise(mapping.address(offset + done), Math.min(ADVICE_BYTES, length - done), PosixLibrary.MADV_WILLNEED);
            Thread.yield();
        }
    }

    /** In one: whatever the length, all processors are asked to forget what they know of the addresses, in 150 us or more (as above). */
    private void makeCold(Mapping mapping, Mapping.Range sent) {
        if (sent.bytes() > 0) {
            posix.madvise(mapping.address(sent.offset()), sent.bytes(), PosixLibrary.MADV_COLD);    // older kernels refuse it
            Thread.yield();
        }
    }
}
