package io.readahead.os;

/** Error numbers of Linux that decide something here; the same on every architecture the agent runs on. */
public final class Errno {

    /** Operation not permitted. asm-generic/errno-base.h. */
    public static final int EPERM = 1;
    /** Interrupted by a signal. asm-generic/errno-base.h. */
    public static final int EINTR = 4;
    /** Bad descriptor. asm-generic/errno-base.h. */
    public static final int EBADF = 9;
    /** Not now. asm-generic/errno-base.h. */
    public static final int EAGAIN = 11;
    /** Invalid argument. asm-generic/errno-base.h. */
    public static final int EINVAL = 22;
    /** No such system call. asm-generic/errno.h. */
    public static final int ENOSYS = 38;
    /** Not supported. asm-generic/errno.h. */
    public static final int EOPNOTSUPP = 95;

    private Errno() {
    }
}
