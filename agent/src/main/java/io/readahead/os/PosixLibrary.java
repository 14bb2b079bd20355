package io.readahead.os;

/**
 * The libc calls that the agent makes, with libc's names and argument order.
 *
 * <p>Errors: no method throws. A result of 0 or more is libc's own; a negative result is the negated errno
 * ({@code -Errno.EAGAIN}).
 * <p>Threads: any; each method says whether it may wait.
 */
public interface PosixLibrary {

    /** The kernel reads ahead on this description as it does by default. fcntl.h. */
    int POSIX_FADV_NORMAL = 0;
    /** Only advice on this description: no readahead of the kernel's own. fcntl.h. */
    int POSIX_FADV_RANDOM = 1;
    /** Start reading the range. fcntl.h. */
    int POSIX_FADV_WILLNEED = 3;

    /** Start reading what is mapped there. asm-generic/mman-common.h. */
    int MADV_WILLNEED = 3;
    /** What is mapped there was not used of late, and may go first. Linux 5.4. asm-generic/mman-common.h. */
    int MADV_COLD = 20;

    /** What {@link #fileSystem} says of overlayfs. linux/magic.h: OVERLAYFS_SUPER_MAGIC. */
    long OVERLAY = 0x794c7630L;
    /** The same of NFS, whatever its version. linux/magic.h: NFS_SUPER_MAGIC. */
    long NFS = 0x6969;

    /** The most that {@link #mincore} looks at. */
    int MINCORE_PAGES = 256;

    /**
     * Opens for reading, closed on exec. May wait for a file system.
     *
     * <p>Source: open(2), O_RDONLY | O_CLOEXEC.
     */
    int open(String path);

    /** Opens for writing, closed on exec; what {@link #sendfile} sends to. May wait for a file system. */
    int openForWriting(String path);

    /** Closes a descriptor. May wait for a file system. */
    int close(int fd);

    /**
     * Advises the kernel on a range.
     *
     * <p>WILLNEED starts reading and returns; it may wait on file system metadata and for room in the device's queue.
     * <p>Source: posix_fadvise(2). Advice: the kernel may ignore it.
     */
    int posix_fadvise(int fd, long offset, long length, int advice);

    /**
     * Sends a range of a file to a descriptor, and waits until its pages can be read.
     *
     * @param offset first byte; the description's own position is neither used nor moved
     * @return bytes sent, 0 at the end of the file, or the negated errno
     */
    long sendfile(int outFd, int inFd, long offset, long count);

    /**
     * Reads one byte where that needs no waiting.
     *
     * <p>Never waits for the data itself; where the page is absent, kernels from 5.x on may start to read it and may wait on
     * file system metadata.
     * <p>Source: preadv2(2), RWF_NOWAIT.
     *
     * @return 1 readable now; 0 at or past the end of the file; {@code -EAGAIN} not readable now; {@code -EOPNOTSUPP} the
     *         file system can't tell; or another negated errno
     */
    int readableNow(int fd, long offset);

    /**
     * Counts the pages of a range that are in the page cache, those still being read included. Starts no I/O, never waits. Pages are of
     * 4096 bytes, whichever the kernel has.
     *
     * <p>Source: cachestat(2), Linux 6.5; refused with EPERM for a file that the caller neither owns nor may write.
     *
     * @return pages, or the negated errno
     */
    long cachedPages(int fd, long offset, long length);

    /**
     * Counts how many pages at the beginning of a range can be read without waiting. Starts no I/O; takes the lock of the process's
     * memory map for a moment.
     *
     * <p>Source: mincore(2) of a mapping that is made for the question. It counts no page that is still being read, but says "all" to
     * who neither owns the file nor may write to it.
     *
     * @return pages, at most {@value #MINCORE_PAGES}, or the negated errno
     */
    default int mincore(int fd, long offset, long length) {
        return -Errno.ENOSYS;
    }

    /**
     * As {@link #mincore}, of more pages, and only where the answer is the truth: the page behind the end of the file is asked for as
     * well, which is not there, and who may not know is told that it is.
     *
     * <p>What has a page there all the same (the check sums of fs-verity) is refused too.
     *
     * @param fileBytes size of the file, or more
     * @return pages at the beginning of the range that can be read, {@code -EPERM} where the kernel doesn't tell, or another negated errno
     */
    default int residentPages(int fd, long offset, long length, long fileBytes) {
        return -Errno.ENOSYS;
    }

    /**
     * The kind of file system that holds an open file; asks a network or FUSE server, and waits for it.
     *
     * <p>Source: fstatfs(2), f_type; linux/magic.h.
     *
     * @return the number of the kind, or the negated errno
     */
    default long fileSystem(int fd) {
        return -Errno.ENOSYS;
    }

    /**
     * Counts how many pages of mapped memory, from an address on, can be touched without waiting for a disk. Starts no I/O, never waits.
     *
     * <p>Source: mincore(2). Says "all" to who neither owns the file nor may write to it, see {@link #tellsResidency}.
     *
     * @return pages, or the negated errno; {@code -ENOMEM} where nothing is mapped any more
     */
    default long residentPages(long address, long length) {
        return -Errno.ENOSYS;
    }

    /**
     * Whether {@link #residentPages(long, long)} tells the truth of the file that is mapped at an address: the page far behind the end of
     * the file is asked for, by a second mapping that lives as long as the question. Takes the lock of the process's memory map.
     *
     * <p>Source: mremap(2), "If the value of old_size is zero, and old_address refers to a shareable mapping, then mremap() will create a
     * new mapping of the same pages".
     *
     * @return 0 where it does, {@code -EPERM} where the kernel doesn't tell, or another negated errno
     */
    default int tellsResidency(long address) {
        return -Errno.ENOSYS;
    }

    /** Advises the kernel on mapped memory, as {@link #posix_fadvise} does on a file. Source: madvise(2). */
    default int madvise(long address, long length, int advice) {
        return -Errno.ENOSYS;
    }

    /** Whether {@link #populate} can be done here. */
    default boolean canPopulate() {
        return false;
    }

    /**
     * Has the pages of mapped memory read, and waits until they are there. Touches none of them from here, so that what can't be read
     * is an error and not a signal.
     *
     * <p>Source: madvise(2), MADV_POPULATE_READ, Linux 5.14; process_vm_readv(2) of a byte of each page on older ones.
     *
     * @return 0, or the negated errno: {@code -EFAULT} where the file was cut or the disk could not, {@code -ENOMEM} where nothing is
     *         mapped
     */
    default int populate(long address, long length) {
        return -Errno.ENOSYS;
    }

    /**
     * The device of the file that is mapped at an address, as {@link FileFacts#device()} says it. Reads a file of the kernel's own, whose
     * length is that of the process's memory map, and never waits for a disk.
     *
     * <p>Source: proc_pid_maps(5).
     *
     * @return the device, or the negated errno
     */
    default long mappedDevice(long address) {
        return -Errno.ENOSYS;
    }

    /** What libc calls an error: "Input/output error". Source: strerror(3). */
    default String strerror(int errno) {
        return "errno " + errno;
    }

    /**
     * Size and device of an open file, from what the kernel holds in memory: never asks a network or FUSE server.
     *
     * <p>Source: statx(2), AT_EMPTY_PATH | AT_STATX_DONT_SYNC.
     *
     * @param result where the answer goes
     * @return 0, or the negated errno
     */
    int stat(int fd, FileFacts result);

    /**
     * Asks the server of a network file system for a file's attributes, and waits for it: whoever asks the kernel for them in the seconds
     * that follow is answered from memory.
     *
     * <p>Source: statx(2), AT_EMPTY_PATH | AT_STATX_FORCE_SYNC; nfs(5), "Attribute caching".
     *
     * @return 0, or the negated errno
     */
    default int refresh(int fd) {
        return -Errno.ENOSYS;
    }

    /**
     * Opens an empty file in memory, without a name, that is the process's own; closed on exec.
     *
     * <p>Source: memfd_create(2), Linux 3.17.
     */
    default int memfd_create() {
        return -Errno.ENOSYS;
    }

    /**
     * What the calling thread has cost the machine so far. Never waits.
     *
     * <p>Source: getrusage(2), RUSAGE_THREAD: ru_inblock, which counts what the thread itself issued, the kernel's readahead in its
     * name included, ru_nvcsw, ru_majflt, and ru_utime with ru_stime. FUSE and some network file systems issue no blocks.
     *
     * @param result where the answer goes
     * @return 0, or the negated errno; {@code -ENOSYS} of a library without it
     */
    default int getrusage(ThreadUsage result) {
        return -Errno.ENOSYS;
    }
}
