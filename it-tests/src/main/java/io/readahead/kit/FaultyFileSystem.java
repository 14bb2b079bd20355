package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jnr.ffi.Pointer;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import ru.serce.jnrfuse.ErrorCodes;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;

/**
 * A file system in user space whose reads answer, hang or fail, file by file, as the test wants; all else that is asked of it is answered.
 *
 * <p>Its files are {@link TestFile}s that nobody wrote. What was read stays in the page cache until it is evicted, as on a disk.
 * <p>Errors: IllegalStateException where it can't be mounted. Needs root, and libfuse 2.
 * <p>Threads: any. The daemon is this JVM, so a thread of this JVM that reads a file which hangs is stuck as any other.
 * <p>Source: jnr-fuse; fuse(4); mount.fuse(8), "kernel_cache".
 */
public final class FaultyFileSystem implements AutoCloseable {

    /** What becomes of a read. */
    public enum Reads {
        ANSWER, HANG, FAIL
    }

    /** As many reads of the kernel may be under way at a time, so that it never keeps one back because of another file's. */
    private static final int MOST_BACKGROUND = 2000;
    private static final int MODE = FileStat.S_IFREG | 0444;
    private static final int FOLDER_MODE = FileStat.S_IFDIR | 0555;
    private static final long UNMOUNT_SECONDS = 60;

    private final Path root;
    private final Map<String, TestFile> files = new ConcurrentHashMap<>();
    private final Map<String, Reads> reads = new ConcurrentHashMap<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicLong served = new AtomicLong();
    private final Daemon daemon = new Daemon();
    private final Thread closeWithThisJvm = new Thread(this::unmount);

    private FaultyFileSystem(Path root) {
        this.root = root;
    }

    /** Mounts it on a folder, which is created; its files answer. */
    public static FaultyFileSystem mount(Path root) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem(Files.createDirectories(root));
        Runtime.getRuntime().addShutdownHook(system.closeWithThisJvm);
        system.daemon.mount(root, false, false, new String[] {"-o",
                "kernel_cache,allow_other,max_background=" + MOST_BACKGROUND + ",congestion_threshold=" + MOST_BACKGROUND});
        Await.until(root + " is mounted", system::isMounted);
        return system;
    }

    /** Adds a file. */
    public TestFile add(String name, long size) {
        TestFile file = new TestFile(root.resolve(name), name.hashCode(), size);
        files.put("/" + name, file);
        return file;
    }

    /** From now on reads of a file do that; those that hang do it too. */
    public void set(TestFile file, Reads what) {
        reads.put("/" + file.path().getFileName(), what);
        synchronized (reads) {
            reads.notifyAll();
        }
    }

    /** From now on reads of all files there are do that. */
    public void setAll(Reads what) {
        files.values().forEach(file -> set(file, what));
    }

    /** Reads that hang at this moment. */
    public int hanging() {
        return hanging.get();
    }

    /** Bytes that were read from it so far: what is in the page cache is not read. */
    public long servedBytes() {
        return served.get();
    }

    @Override
    public void close() {
        unmount();
        try {
            Runtime.getRuntime().removeShutdownHook(closeWithThisJvm);
        } catch (IllegalStateException ignored) {
            // This JVM is ending itself.
        }
    }

    private void unmount() {
        setAll(Reads.FAIL);
        try {
            if (isMounted()) {
                Process umount = new ProcessBuilder("umount", "-l", root.toString()).inheritIO().start();
                umount.waitFor(UNMOUNT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(root + " could not be unmounted", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isMounted() throws IOException {
        return Mount.on(root).isPresent();
    }

    /** Returns whether it answers. */
    private boolean await(String path) throws InterruptedException {
        hanging.incrementAndGet();
        try {
            synchronized (reads) {
                while (reads.get(path) == Reads.HANG) {
                    reads.wait();
                }
            }
        } finally {
            hanging.decrementAndGet();
        }
        return reads.get(path) != Reads.FAIL;
    }

    /** What the kernel asks. Threads: libfuse's, as many as there are questions. */
    private final class Daemon extends FuseStubFS {

        @Override
        public int getattr(String path, FileStat stat) {
            TestFile file = files.get(path);
            if (file == null && !path.equals("/")) {
                return -ErrorCodes.ENOENT();
            }
            stat.st_mode.set(file == null ? FOLDER_MODE : MODE);
            stat.st_nlink.set(1);
            stat.st_size.set(file == null ? 0 : file.size());
            return 0;
        }

        @Override
        public int readdir(String path, Pointer buffer, FuseFillDir filler, @off_t long offset, FuseFileInfo info) {
            filler.apply(buffer, ".", null, 0);
            filler.apply(buffer, "..", null, 0);
            files.keySet().forEach(name -> filler.apply(buffer, name.substring(1), null, 0));
            return 0;
        }

        @Override
        public int open(String path, FuseFileInfo info) {
            return files.containsKey(path) ? 0 : -ErrorCodes.ENOENT();
        }

        @Override
        public int read(String path, Pointer buffer, @size_t long size, @off_t long offset, FuseFileInfo info) {
            TestFile file = files.get(path);
            try {
                if (!await(path)) {
                    return -ErrorCodes.EIO();
                }
            } catch (InterruptedException ending) {
                return -ErrorCodes.EINTR();
            }
            int length = (int) Math.max(0, Math.min(size, file.size() - offset));
            buffer.put(0, file.content(offset, length), 0, length);
            served.addAndGet(length);
            return length;
        }
    }
}
