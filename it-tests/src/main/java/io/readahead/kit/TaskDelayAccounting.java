package io.readahead.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The kernel's account of how long each thread waited for block devices, switched on where we may, and put back on close.
 *
 * <p>The switch is the machine's, so several processes that want it agree through a lock file: each holds a shared lock while it wants
 * the account, the first keeps in the file what was there before, the last puts that back. Locks end with their process, whatever ends it.
 *
 * <p>Open it before the server is started: the kernel gives the account only to threads that are born while the switch is on.
 * <p>Errors: where the switch can't be written nothing happens, and {@link #available()} says whether the account is there.
 * <p>Threads: any; one at a time in a process.
 * <p>Source: Linux 5.14 and later, kernel.task_delayacct, Documentation/accounting/delay-accounting.rst.
 */
public final class TaskDelayAccounting implements AutoCloseable {

    private static final Path SWITCH = Path.of("/proc/sys/kernel/task_delayacct");
    /** Who may write the switch is root, and may write here. */
    private static final Path LOCK_FILE = Path.of("/run/readahead-task-delayacct.lock");
    private static final String ON = "1";
    private static final int LARGEST_VALUE_BYTES = 16;

    // Bytes of the lock file that are locked; they lie behind what is written to it.
    private static final long USERS = 100;
    private static final long TURN = 101;

    private final FileChannel file;
    private final FileLock use;

    private TaskDelayAccounting(FileChannel file, FileLock use) {
        this.file = file;
        this.use = use;
    }

    /** Switches it on, if it is off and this process may. */
    public static TaskDelayAccounting switchOn() {
        if (!Files.isWritable(SWITCH)) {
            return new TaskDelayAccounting(null, null);
        }
        try {
            FileChannel file = FileChannel.open(LOCK_FILE, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock turn = file.lock(TURN, 1, false);
            if (nobodyUsesIt(file)) {
                file.truncate(0).write(StandardCharsets.US_ASCII.encode(read()), 0);
            }
            write(ON);
            FileLock use = file.lock(USERS, 1, true);
            turn.release();
            return new TaskDelayAccounting(file, use);
        } catch (IOException e) {
            throw new UncheckedIOException("the lock file " + LOCK_FILE + " can't be used", e);
        }
    }

    /** Whether it is on at this moment. */
    public static boolean available() {
        return read().equals(ON);
    }

    @Override
    public void close() {
        if (file == null) {
            return;
        }
        try (file) {
            file.lock(TURN, 1, false);    // until the file is closed
            use.release();
            if (nobodyUsesIt(file)) {
                ByteBuffer before = ByteBuffer.allocate(LARGEST_VALUE_BYTES);
                file.read(before, 0);
                write(StandardCharsets.US_ASCII.decode(before.flip()).toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the lock file " + LOCK_FILE + " can't be used", e);
        }
    }

    private static boolean nobodyUsesIt(FileChannel file) throws IOException {
        FileLock alone = file.tryLock(USERS, 1, false);
        if (alone != null) {
            alone.release();
        }
        return alone != null;
    }

    private static String read() {
        try {
            return Files.readString(SWITCH).strip();
        } catch (IOException ignored) {
            return "";
        }
    }

    private static void write(String value) {
        try {
            Files.writeString(SWITCH, value);
        } catch (IOException ignored) {
            // Root in a container may see the switch as writable and yet be refused: it stays as it is.
        }
    }
}
