package io.readahead.os;

import java.util.Set;

/** Error numbers of Linux that decide something here; the same on every architecture the agent runs on. */
public final class Errno {

    /** Operation not permitted. asm-generic/errno-base.h. */
    public static final int EPERM = 1;
    /** Interrupted by a signal. asm-generic/errno-base.h. */
    public static final int EINTR = 4;
    /** The disk could not. asm-generic/errno-base.h. */
    public static final int EIO = 5;
    /** No such device any more. asm-generic/errno-base.h. */
    public static final int ENXIO = 6;
    /** Bad descriptor. asm-generic/errno-base.h. */
    public static final int EBADF = 9;
    /** Not now. asm-generic/errno-base.h. */
    public static final int EAGAIN = 11;
    /** Nothing is mapped there, or no room for more. asm-generic/errno-base.h. */
    public static final int ENOMEM = 12;
    /** Memory that can't be read. asm-generic/errno-base.h. */
    public static final int EFAULT = 14;
    /** Not allowed, by the file's mode or a security module. asm-generic/errno-base.h. */
    public static final int EACCES = 13;
    /** The device is gone. asm-generic/errno-base.h. */
    public static final int ENODEV = 19;
    /** Invalid argument. asm-generic/errno-base.h. */
    public static final int EINVAL = 22;
    /** No such system call. asm-generic/errno.h. */
    public static final int ENOSYS = 38;
    /** Not supported. asm-generic/errno.h. */
    public static final int EOPNOTSUPP = 95;
    /** A checksum was wrong. asm-generic/errno.h; EFSBADCRC of ext4 and XFS. */
    public static final int EBADMSG = 74;
    /** The server process of a FUSE mount is gone. asm-generic/errno.h. */
    public static final int ECONNABORTED = 103;
    /** As ECONNABORTED, later. asm-generic/errno.h. */
    public static final int ENOTCONN = 107;
    /** A network file system gave up. asm-generic/errno.h. */
    public static final int ETIMEDOUT = 110;
    /** The file is gone on the NFS server. asm-generic/errno.h. */
    public static final int ESTALE = 116;
    /** The file system is damaged. asm-generic/errno.h; EFSCORRUPTED of ext4 and XFS. */
    public static final int EUCLEAN = 117;

    private static final Set<Integer> OF_THE_DISK =
            Set.of(EIO, ENXIO, ENODEV, EBADMSG, ECONNABORTED, ENOTCONN, ETIMEDOUT, ESTALE, EUCLEAN);

    private Errno() {
    }

    /** Whether it says that a disk, or what stands for one, does not give its data: not that we asked in a wrong way. */
    public static boolean isOfTheDisk(int errno) {
        return OF_THE_DISK.contains(errno);
    }
}
