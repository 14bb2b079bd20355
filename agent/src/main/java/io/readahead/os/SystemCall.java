package io.readahead.os;

import java.util.Locale;

/**
 * The system calls of the agent that a server's JVM may have made none of, with the arguments by which they are tried: those that the
 * agent passes, of no file.
 *
 * <p>Not here is what every JVM calls before it runs a program: openat, close, fcntl, mmap, munmap, prlimit64.
 * <p>Source: asm/unistd_64.h of x86; asm-generic/unistd.h of all newer ones.
 */
enum SystemCall {

    /** The first: how the child that tries the others is waited for. WNOHANG. */
    WAIT4(61, 260, -1, 0, 1, 0),
    /** POSIX_FADV_WILLNEED. */
    FADVISE64(221, 223, -1, 0, 0, 3),
    SENDFILE(40, 71, -1, -1, 0, 0),
    MINCORE(27, 232, 0, 0, 0),
    /** AT_EMPTY_PATH | AT_STATX_DONT_SYNC; STATX_TYPE | STATX_INO | STATX_SIZE. */
    STATX(332, 291, -1, SystemCallProgram.EMPTY_STRING_ADDRESS, 0x5000, 0x301, 0),
    /** RWF_NOWAIT. */
    PREADV2(327, 286, -1, 0, 1, 0, 0, 8),
    FSTATFS(138, 44, -1, 0),
    CACHESTAT(451, 451, -1, 0, 0, 0),
    /** RUSAGE_THREAD. */
    GETRUSAGE(98, 165, 1, 0),
    /** MADV_POPULATE_READ. */
    MADVISE(28, 233, 0, 0, 22),
    /** MREMAP_MAYMOVE. */
    MREMAP(25, 216, 0, 0, 0, 1),
    PROCESS_VM_READV(310, 270, 0, 0, 0, 0, 0, 0),
    /** MFD_CLOEXEC. */
    MEMFD_CREATE(319, 279, SystemCallProgram.EMPTY_STRING_ADDRESS, 1);

    private final int onAmd64;
    private final int onAarch64;
    private final long[] arguments;

    SystemCall(int onAmd64, int onAarch64, long... arguments) {
        this.onAmd64 = onAmd64;
        this.onAarch64 = onAarch64;
        this.arguments = arguments;
    }

    /** Its number. @param amd64 whether that is the processor; else it is aarch64 */
    int number(boolean amd64) {
        return amd64 ? onAmd64 : onAarch64;
    }

    long[] arguments() {
        return arguments.clone();
    }

    /** As the kernel's manual has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
