package io.readahead.os;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.readahead.jdk.JdkInternals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * libc through JNA's direct mapping, which works on every JDK from 17 on; the two questions of the hot path through
 * {@link ForeignCalls} where the JDK has that.
 *
 * <p>All arguments are integers and addresses, so no memory is allocated in a call. 64-bit Linux only: there {@code off_t},
 * {@code size_t} and pointers are all 64 bits wide.
 *
 * <p>A call that a seccomp filter kills for is not made: it is answered as by a kernel that has none such, {@code -ENOSYS}. Where a filter
 * answers 0 to a call that it does not let through, what the call was to fill says so.
 */
final class JnaPosixLibrary implements PosixLibrary {

    private static final int O_RDONLY_CLOEXEC = 0x80000;    // asm-generic/fcntl.h: O_CLOEXEC 02000000
    private static final int O_WRONLY_CLOEXEC = 0x80001;
    private static final int RWF_NOWAIT = 8;                // linux/fs.h
    private static final int RTLD_LAZY = 1;                 // dlfcn.h
    private static final long SYS_CACHESTAT = 451;          // the same number on every architecture
    private static final int AT_EMPTY_PATH = 0x1000;        // linux/fcntl.h
    private static final int AT_STATX_FORCE_SYNC = 0x2000;  // linux/fcntl.h
    private static final int AT_STATX_DONT_SYNC = 0x4000;   // linux/fcntl.h
    private static final int MFD_CLOEXEC = 1;               // linux/memfd.h
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int STATX_TYPE = 0x1;              // linux/stat.h
    private static final int STATX_INO = 0x100;             // linux/stat.h
    private static final int STATX_SIZE = 0x200;            // linux/stat.h
    private static final int S_IFMT = 0xF000;
    private static final int S_IFREG = 0x8000;
    // struct statx, linux/stat.h
    private static final int STATX_MASK_OFFSET = 0;
    private static final int STATX_MODE_OFFSET = 28;
    private static final int STATX_INO_OFFSET = 32;
    private static final int STATX_SIZE_OFFSET = 40;
    private static final int STATX_CTIME_OFFSET = 96;
    private static final int STATX_MTIME_OFFSET = 112;
    private static final int STATX_DEV_MAJOR_OFFSET = 136;
    private static final int STATX_DEV_MINOR_OFFSET = 140;
    private static final int RUSAGE_THREAD = 1;             // linux/resource.h
    // struct rusage, linux/resource.h: two timevals, then longs
    private static final int RU_UTIME_OFFSET = 0;
    private static final int RU_STIME_OFFSET = 16;
    private static final int TV_USEC_OFFSET = 8;
    private static final int RU_MAJFLT_OFFSET = 72;
    private static final int RU_INBLOCK_OFFSET = 88;
    private static final int RU_NVCSW_OFFSET = 128;
    // Layout of a slot. For preadv2: one iovec, then the byte. For cachestat: the range, then the answer.
    private static final long UNBIND_MILLIS = 1000;
    private static final int PROT_READ = 1;                 // asm-generic/mman-common.h
    private static final int MREMAP_MAYMOVE = 1;            // linux/mman.h
    private static final int MADV_POPULATE_READ = 22;       // asm-generic/mman-common.h
    /** Behind the end of any file that is of use, and less than the smallest address space. */
    private static final long FAR_BYTES = 1L << 38;
    private static final int IOVEC_BYTES = 16;              // struct iovec, bits/types/struct_iovec.h
    private static final int READV_PAGES = 256;             // fewer than UIO_MAXIOV
    private static final int MAP_SHARED = 1;                // linux/mman.h
    private static final int STATX_BYTES = 256;             // struct statx, linux/stat.h
    private static final int STATFS_BYTES = 120;            // struct statfs, asm-generic/statfs.h; f_type is its first word
    /** No file system has larger blocks; of the last one of a file all pages may be cached. */
    private static final long WITNESS_BYTES = 64 * 1024;
    private static final long STAMP_MIX = 0x9E3779B97F4A7C15L;
    private static final int IOV_BASE = 0;
    private static final int IOV_LEN = 8;
    private static final int READ_BYTE = 64;
    private static final int RANGE_OFFSET = 0;
    private static final int RANGE_LENGTH = 8;
    private static final int CACHESTAT_ANSWER = 64;
    /** An empty string, in the last byte of every slot, which nothing writes. */
    private static final int EMPTY_PATH = Scratch.SLOT_BYTES - 8;

    private static final long SYS_MEMFD_CREATE = SystemCall.MEMFD_CREATE.number("amd64".equals(System.getProperty("os.arch")));

    private final Scratch scratch = new Scratch();
    private final boolean adviseAllowed;
    private final boolean mincoreAllowed;
    private final boolean statxAllowed;
    private final boolean preadv2Allowed;
    private final boolean cachestatAllowed;
    private final boolean getrusageAllowed;
    private final boolean fstatfsAllowed;
    private final boolean memfdAllowed;
    private final boolean madviseAllowed;
    private final boolean mremapAllowed;
    private final boolean populates;
    private final boolean readvs;
    /** Where a call has failed, JNA asks once more, for the errno. Not volatile: who sees it late asks JNA a few times more. */
    private boolean foreign;
    /** Where pages are larger, mincore is not asked. */
    private final boolean smallPages = Libc.getpagesize() == Pages.BYTES;
    private final long pageBytes = Libc.getpagesize();
    private final long pid = Libc.getpid();
    /** sendfile may wait for ever, so it takes no shared slot. Only the agent's own threads call it, and they end with it. */
    private final ThreadLocal<ByteBuffer> offsetCell =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()));

    /** As {@link #offsetCell}: an iovec for what is read, one for each page, and the bytes. */
    private final ThreadLocal<ByteBuffer> vectors = ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect((READV_PAGES + 1) * IOVEC_BYTES + READV_PAGES).order(ByteOrder.nativeOrder()));

    /** @param deadly what must not be called */
    JnaPosixLibrary(Set<SystemCall> deadly) {
        adviseAllowed = !deadly.contains(SystemCall.FADVISE64);
        mincoreAllowed = smallPages && !deadly.contains(SystemCall.MINCORE);
        statxAllowed = !deadly.contains(SystemCall.STATX);
        preadv2Allowed = !deadly.contains(SystemCall.PREADV2);
        cachestatAllowed = !deadly.contains(SystemCall.CACHESTAT);
        getrusageAllowed = !deadly.contains(SystemCall.GETRUSAGE);
        fstatfsAllowed = !deadly.contains(SystemCall.FSTATFS);
        memfdAllowed = !deadly.contains(SystemCall.MEMFD_CREATE);
        madviseAllowed = !deadly.contains(SystemCall.MADVISE);
        mremapAllowed = !deadly.contains(SystemCall.MREMAP);
        // Of no memory: whether the kernel knows the advice.
        populates = madviseAllowed && Libc.madvise(0, 0, MADV_POPULATE_READ) == 0;
        readvs = !populates && !deadly.contains(SystemCall.PROCESS_VM_READV) && readv(scratch.address(0), 1) == 0;
        // Loaded now, for quicken(): by then another version may have been written over the jar. Initialized then.
        Objects.requireNonNull(ForeignCalls.class);
        // Every native method is bound here, while start-up allows it (JDK 24 and later warn of a later one).
        FileFacts unused = new FileFacts();
        readableNow(-1, 0);
        cachedPages(-1, 0, 1);
        stat(-1, unused);
        strerror(Errno.EIO);
        getrusage(new ThreadUsage());
        // JNA's cleaner calls these later, from a thread of its own: the second for a library that was collected.
        Native.free(Native.malloc(1));
        NativeLibrary.getInstance(null, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY)).close();
    }

    /** Has the questions of the hot path asked through {@link ForeignCalls} from now on. Threads: the watchdog. */
    void quicken() {
        foreign = ForeignCalls.available();
    }

    @Override
    public int open(String path) {
        return errnoIfNegative(Libc.open(path, O_RDONLY_CLOEXEC));
    }

    @Override
    public int openForWriting(String path) {
        return errnoIfNegative(Libc.open(path, O_WRONLY_CLOEXEC));
    }

    @Override
    public int close(int fd) {
        return errnoIfNegative(Libc.close(fd));
    }

    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        return adviseAllowed ? -Libc.posix_fadvise(fd, offset, length, advice) : -Errno.ENOSYS;
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        ByteBuffer cell = offsetCell.get();
        cell.putLong(0, offset);
        long sent = Libc.sendfile(outFd, inFd, JdkInternals.addressOf(cell), count);
        return sent < 0 ? -Native.getLastError() : sent;
    }

    @Override
    public int readableNow(int fd, long offset) {
        if (!preadv2Allowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EOPNOTSUPP;
        }
        try {
            scratch.putLong(slot, IOV_BASE, scratch.address(slot) + READ_BYTE);
            scratch.putLong(slot, IOV_LEN, 1);
            boolean twice = foreign;
            if (twice) {
                long read = ForeignCalls.preadv2(fd, scratch.address(slot), 1, offset, RWF_NOWAIT);
                if (read >= 0) {
                    return (int) read;
                }
            }
            int answer = errnoIfNegative((int) Preadv2.preadv2(fd, scratch.address(slot), 1, offset, RWF_NOWAIT));
            return twice ? askedTwice(answer) : answer;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return -Errno.ENOSYS;    // glibc before 2.26
        } finally {
            scratch.release(slot);
        }
    }

    /**
     * What is said of a page that was asked for again for the sake of the errno, {@link ForeignCalls} having said no.
     *
     * <p>The first question may have begun a read of the page, and a fast disk has brought it in by the second (Linux 6.18: 25 microseconds
     * later). That says nothing of its neighbours, for which a sample vouches.
     */
    static int askedTwice(int second) {
        return second >= 0 ? -Errno.EAGAIN : second;
    }

    @Override
    public long cachedPages(int fd, long offset, long length) {
        if (!cachestatAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.ENOSYS;
        }
        try {
            scratch.putLong(slot, RANGE_OFFSET, offset);
            scratch.putLong(slot, RANGE_LENGTH, length);
            scratch.putLong(slot, CACHESTAT_ANSWER, -Errno.ENOSYS);
            long address = scratch.address(slot);
            if (foreign && ForeignCalls.syscall(SYS_CACHESTAT, fd, address, address + CACHESTAT_ANSWER, 0) == 0) {
                return Pages.counted(scratch.getLong(slot, CACHESTAT_ANSWER), pageBytes, offset, length);
            }
            long result = Libc.syscall(SYS_CACHESTAT, fd, address, address + CACHESTAT_ANSWER, 0);
            return result < 0 ? -Native.getLastError()
                    : Pages.counted(scratch.getLong(slot, CACHESTAT_ANSWER), pageBytes, offset, length);
        } finally {
            scratch.release(slot);
        }
    }

    @Override
    public int mincore(int fd, long offset, long length) {
        if (!mincoreAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            long bytes = Math.min(MINCORE_PAGES, Pages.in(offset, length)) * Pages.BYTES;
            long mapping = Libc.mmap(0, bytes, PROT_READ, MAP_SHARED, fd, offset / Pages.BYTES * Pages.BYTES);
            if (mapping == -1) {
                return -Native.getLastError();
            }
            int ready = residentPages(slot, mapping, bytes / Pages.BYTES);
            Libc.munmap(mapping, bytes);
            return ready;
        } finally {
            scratch.release(slot);
        }
    }

    @Override
    public int residentPages(int fd, long offset, long length, long fileBytes) {
        if (!mincoreAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            long first = offset / Pages.BYTES * Pages.BYTES;
            long witness = Math.max((fileBytes + WITNESS_BYTES - 1) / WITNESS_BYTES * WITNESS_BYTES, first + Pages.BYTES) - first;
            long mapping = Libc.mmap(0, witness + Pages.BYTES, PROT_READ, MAP_SHARED, fd, first);
            if (mapping == -1) {
                return -Native.getLastError();
            }
            int before = (int) (witness / Pages.BYTES);
            long pages = Math.min(Pages.in(offset, length), before);
            int behind;
            int ready;
            if (before < MINCORE_PAGES) {
                ready = (int) Math.min(pages, residentPages(slot, mapping, before + 1));
                behind = ready < 0 ? ready : scratch.getByte(slot, before) & 1;
            } else {
                behind = residentPages(slot, mapping + witness, 1);
                ready = behind != 0 ? behind : residentPages(slot, mapping, pages);
            }
            Libc.munmap(mapping, witness + Pages.BYTES);
            return behind > 0 ? -Errno.EPERM : ready;
        } finally {
            scratch.release(slot);
        }
    }

    /** Pages from an address on, to the first that is not there; or the negated errno. */
    private int residentPages(int slot, long address, long pages) {
        int ready = 0;
        int asked = 0;
        while (ready == asked && asked < pages) {
            int more = (int) Math.min(pages - asked, MINCORE_PAGES);
            scratch.putLong(slot, 0, 0);    // of a filter that answers 0 and does nothing
            int answer = errnoIfNegative(Libc.mincore(address + asked * Pages.BYTES, more * Pages.BYTES, scratch.address(slot)));
            if (answer < 0) {
                return answer;
            }
            asked += more;
            for (int page = 0; page < more && (scratch.getByte(slot, page) & 1) != 0; page++) {
                ready++;
            }
        }
        return ready;
    }

    @Override
    public long residentPages(long address, long length) {
        if (!mincoreAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            return residentPages(slot, address / Pages.BYTES * Pages.BYTES, Pages.in(address, length));
        } finally {
            scratch.release(slot);
        }
    }

    @Override
    public int tellsResidency(long address) {
        if (!mincoreAllowed || !mremapAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            long mapping = Libc.mremap(address / Pages.BYTES * Pages.BYTES, 0, FAR_BYTES, MREMAP_MAYMOVE);
            if (mapping <= 0) {
                // A filter that answers 0 has made none.
                return mapping == 0 ? -Errno.ENOSYS : -Native.getLastError();
            }
            int behind = residentPages(slot, mapping + FAR_BYTES - Pages.BYTES, 1);
            Libc.munmap(mapping, FAR_BYTES);
            return behind > 0 ? -Errno.EPERM : behind;
        } finally {
            scratch.release(slot);
        }
    }

    @Override
    public int madvise(long address, long length, int advice) {
        if (!madviseAllowed) {
            return -Errno.ENOSYS;
        }
        long first = address / pageBytes * pageBytes;
        return errnoIfNegative(Libc.madvise(first, address + length - first, advice));
    }

    @Override
    public boolean canPopulate() {
        return populates || readvs;
    }

    @Override
    public int populate(long address, long length) {
        if (populates) {
            return madvise(address, length, MADV_POPULATE_READ);
        }
        return readvs ? readv(address, length) : -Errno.ENOSYS;
    }

    /** A byte of each page, which this process copies from itself: a page that can't be read is an error of the call. */
    private int readv(long address, long length) {
        ByteBuffer calls = vectors.get();
        long vector = JdkInternals.addressOf(calls);
        long next = address;
        while (next < address + length) {
            int pages = 0;
            while (pages < READV_PAGES && next < address + length) {
                calls.putLong((pages + 1) * IOVEC_BYTES, next).putLong((pages + 1) * IOVEC_BYTES + Long.BYTES, 1);
                next = (next / pageBytes + 1) * pageBytes;
                pages++;
            }
            calls.putLong(0, vector + (READV_PAGES + 1) * IOVEC_BYTES).putLong(Long.BYTES, pages);
            long read = Libc.process_vm_readv(pid, vector, 1, vector + IOVEC_BYTES, pages, 0);
            if (read < pages) {
                return read < 0 ? -Native.getLastError() : -Errno.EFAULT;
            }
        }
        return 0;
    }

    @Override
    public long mappedDevice(long address) {
        int maps = open("/proc/self/maps");
        if (maps < 0) {
            return maps;
        }
        try {
            ByteBuffer piece = ByteBuffer.allocateDirect((int) Pages.BYTES);
            MemoryMapLines lines = new MemoryMapLines(address);
            long read = Libc.read(maps, JdkInternals.addressOf(piece), piece.capacity());
            while (read > 0 && !lines.take(piece, (int) read)) {
                read = Libc.read(maps, JdkInternals.addressOf(piece), piece.capacity());
            }
            return lines.found() ? lines.device() : -Errno.ENOMEM;
        } finally {
            close(maps);
        }
    }

    @Override
    public long fileSystem(int fd) {
        if (!fstatfsAllowed) {
            return -Errno.ENOSYS;
        }
        // It may wait for ever, so it takes no shared slot.
        ByteBuffer answer = ByteBuffer.allocateDirect(STATFS_BYTES).order(ByteOrder.nativeOrder());
        int result = errnoIfNegative(Libc.fstatfs(fd, JdkInternals.addressOf(answer)));
        return result < 0 ? result : answer.getLong(0);
    }

    @Override
    public int refresh(int fd) {
        if (!statxAllowed) {
            return -Errno.ENOSYS;
        }
        // It may wait for ever, so it takes no shared slot. The empty path is a 0 behind the answer.
        ByteBuffer answer = ByteBuffer.allocateDirect(STATX_BYTES + 1);
        long address = JdkInternals.addressOf(answer);
        try {
            int result = Statx.statx(fd, address + STATX_BYTES, AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_TYPE | STATX_SIZE, address);
            return result < 0 ? -Native.getLastError() : 0;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return -Errno.ENOSYS;    // glibc before 2.28
        }
    }

    @Override
    public String strerror(int errno) {
        return Libc.strerror(errno);
    }

    @Override
    public int stat(int fd, FileFacts result) {
        if (!statxAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            long address = scratch.address(slot);
            scratch.putLong(slot, STATX_MASK_OFFSET, 0);
            int answer = Statx.statx(fd, address + EMPTY_PATH, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO | STATX_SIZE,
                    address);
            if (answer < 0) {
                return -Native.getLastError();
            }
            // Not each of those asked for: NFS says that it is not sure of the size.
            if (scratch.getInt(slot, STATX_MASK_OFFSET) == 0) {
                return -Errno.ENOSYS;
            }
            long device = (long) scratch.getInt(slot, STATX_DEV_MAJOR_OFFSET) << Integer.SIZE
                    | Integer.toUnsignedLong(scratch.getInt(slot, STATX_DEV_MINOR_OFFSET));
            result.set((scratch.getUnsignedShort(slot, STATX_MODE_OFFSET) & S_IFMT) == S_IFREG,
                    scratch.getLong(slot, STATX_SIZE_OFFSET), device, scratch.getLong(slot, STATX_INO_OFFSET),
                    FileFacts.isBlockDevice(device) ? 0 : stamp(slot));
            return 0;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return -Errno.ENOSYS;    // glibc before 2.28
        } finally {
            scratch.release(slot);
        }
    }

    /**
     * Of both times. They are not in the mask: who asks a kernel from 6.13 on has the next write take a finer time, and write it down. FUSE
     * says them all the same.
     */
    private long stamp(int slot) {
        long mixed = 0;
        for (int time = STATX_CTIME_OFFSET; time <= STATX_MTIME_OFFSET; time += STATX_MTIME_OFFSET - STATX_CTIME_OFFSET) {
            mixed = (mixed + scratch.getLong(slot, time)) * STAMP_MIX + scratch.getInt(slot, time + Long.BYTES);
        }
        return mixed;
    }

    @Override
    public int getrusage(ThreadUsage result) {
        if (!getrusageAllowed) {
            return -Errno.ENOSYS;
        }
        int slot = scratch.acquire();
        if (slot == Scratch.NO_SLOT) {
            return -Errno.EAGAIN;
        }
        try {
            if (Libc.getrusage(RUSAGE_THREAD, scratch.address(slot)) < 0) {
                return -Native.getLastError();
            }
            result.set(scratch.getLong(slot, RU_INBLOCK_OFFSET), scratch.getLong(slot, RU_NVCSW_OFFSET),
                    scratch.getLong(slot, RU_MAJFLT_OFFSET), nanosAt(slot, RU_UTIME_OFFSET) + nanosAt(slot, RU_STIME_OFFSET));
            return 0;
        } finally {
            scratch.release(slot);
        }
    }

    @Override
    public int memfd_create() {
        int slot = memfdAllowed ? scratch.acquire() : Scratch.NO_SLOT;
        if (slot == Scratch.NO_SLOT) {
            return -Errno.ENOSYS;
        }
        try {
            long name = scratch.address(slot) + EMPTY_PATH;
            // Linux 6.3 writes a line about who says nothing of execution; older kernels don't know the flag.
            long fd = Libc.syscall(SYS_MEMFD_CREATE, name, MFD_CLOEXEC | MFD_NOEXEC_SEAL, 0, 0);
            if (fd < 0 && Native.getLastError() == Errno.EINVAL) {
                fd = Libc.syscall(SYS_MEMFD_CREATE, name, MFD_CLOEXEC, 0, 0);
            }
            return errnoIfNegative((int) fd);
        } finally {
            scratch.release(slot);
        }
    }

    /** A struct timeval. */
    private long nanosAt(int slot, int offset) {
        return TimeUnit.SECONDS.toNanos(scratch.getLong(slot, offset))
                + TimeUnit.MICROSECONDS.toNanos(scratch.getLong(slot, offset + TV_USEC_OFFSET));
    }

    /**
     * Unbinds the native methods: JNA keeps a reference to each that no garbage collection takes.
     *
     * <p>A call that is under way would return into freed code, so this is for when the readahead threads have ended; calls of
     * other threads hold a slot, and are waited for.
     */
    void unbind() throws InterruptedException {
        if (scratch.close(UNBIND_MILLIS)) {
            forget(Libc.class);
            forget(Preadv2.class);
            forget(Statx.class);
        }
    }

    /** JNA's map of options has weak keys, and values that refer to them: what is in it stays as long as JNA does. */
    static void forget(Class<?> bound) {
        Native.unregister(bound);
        try {
            VarHandle options = MethodHandles.privateLookupIn(Native.class, MethodHandles.lookup())
                    .findStaticVarHandle(Native.class, "typeOptions", Map.class);
            ((Map<?, ?>) options.get()).remove(bound);
        } catch (ReflectiveOperationException ignored) {
            // A JNA without that map. The pom pins its version, and AttachIT finds classes that stay.
        }
    }

    private static int errnoIfNegative(int result) {
        return result < 0 ? -Native.getLastError() : result;
    }

    /** What every libc has. */
    private static final class Libc {
        static {
            Native.register(Libc.class, NativeLibrary.getProcess());
        }

        static native int open(String path, int flags);

        static native int close(int fd);

        static native int posix_fadvise(int fd, long offset, long length, int advice);

        static native long sendfile(int outFd, int inFd, long offsetAddress, long count);

        static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

        static native int munmap(long address, long length);

        static native int mincore(long address, long length, long vectorAddress);

        static native long mremap(long address, long oldLength, long newLength, int flags);

        static native int madvise(long address, long length, int advice);

        static native long process_vm_readv(long pid, long localAddress, long localCount, long remoteAddress, long remoteCount,
                long flags);

        static native long read(int fd, long address, long count);

        static native int getpagesize();

        static native int getpid();

        static native int fstatfs(int fd, long resultAddress);

        static native String strerror(int errno);

        static native int getrusage(int who, long resultAddress);

        static native long syscall(long number, long fd, long second, long third, long fourth);
    }

    /** In a class of its own: one function that is missing fails the whole class. */
    private static final class Preadv2 {
        static {
            Native.register(Preadv2.class, NativeLibrary.getProcess());
        }

        static native long preadv2(int fd, long iovAddress, int iovCount, long offset, int flags);
    }

    /** In a class of its own, as {@link Preadv2}. */
    private static final class Statx {
        static {
            Native.register(Statx.class, NativeLibrary.getProcess());
        }

        static native int statx(int dirFd, long pathAddress, int flags, int mask, long resultAddress);
    }
}
