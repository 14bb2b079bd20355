package io.readahead.kit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The few calls of libc that the JDK has no word for; names and argument order are libc's. */
interface Libc extends Library {

    Libc INSTANCE = Native.load("c", Libc.class);

    /** asm-generic/fcntl.h. */
    int O_RDONLY = 0;

    /** linux/fadvise.h. */
    int POSIX_FADV_RANDOM = 1;

    /** linux/fadvise.h, all but s390. */
    int POSIX_FADV_DONTNEED = 4;

    /** asm-generic/mman-common.h. */
    int PROT_READ = 1;

    /** linux/mman.h. */
    int MAP_SHARED = 1;

    /** asm-generic/mman-common.h. */
    int MADV_NORMAL = 0;
    int MADV_RANDOM = 1;

    /** sched_setaffinity(2): a pid of 0 is the thread that calls. */
    int CALLING_THREAD = 0;

    /** asm-generic/unistd.h and asm/unistd_64.h of x86 alike. */
    int IO_URING_SETUP = 425;

    /** linux/io_uring.h, struct io_uring_params. */
    int IO_URING_PARAMS_BYTES = 120;

    int open(String pathname, int flags) throws LastErrorException;

    int close(int fd) throws LastErrorException;

    /** Unlike its neighbors it returns the error number and leaves errno alone. */
    int posix_fadvise(int fd, long offset, long len, int advice);

    Pointer mmap(Pointer addr, long length, int prot, int flags, int fd, long offset) throws LastErrorException;

    int madvise(Pointer addr, long length, int advice) throws LastErrorException;

    int mlock(Pointer addr, long len) throws LastErrorException;

    int munmap(Pointer addr, long length) throws LastErrorException;

    int mincore(Pointer addr, long length, byte[] vec) throws LastErrorException;

    int getpagesize();

    int syscall(int number, Object... arguments) throws LastErrorException;

    /** Gives -1 and no exception for a CPU that isn't there. */
    int sched_setaffinity(int pid, long cpusetsize, byte[] mask);
}
