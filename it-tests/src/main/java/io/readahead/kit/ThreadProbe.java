package io.readahead.kit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the state of one thread of another process over and over from files that stay open.
 *
 * <p>Errors: IOException (ESRCH) once the thread has ended.
 * <p>Threads: one at a time, which may not be interrupted: that would close the files.
 * <p>Source: proc(5), /proc/PID/task/TID/stat, syscall and io; each read at offset 0 asks the kernel anew.
 */
final class ThreadProbe implements Closeable {

    /** What {@link #syscall} says of a thread that runs, and where the kernel doesn't tell. */
    static final long NO_SYSCALL = -1;

    /** Field 42 of stat, counted from field 3, the first after the name in parentheses. */
    private static final int BLKIO_TICKS_AFTER_NAME = 42 - 3;
    private static final int LARGEST_FILE_BYTES = 4096;

    private final FileChannel stat;
    private final FileChannel syscall;
    private final FileChannel io;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_FILE_BYTES);

    ThreadProbe(long pid, long tid) throws IOException {
        Path task = Path.of("/proc/" + pid + "/task/" + tid);
        stat = FileChannel.open(task.resolve("stat"), StandardOpenOption.READ);
        syscall = FileChannel.open(task.resolve("syscall"), StandardOpenOption.READ);
        io = FileChannel.open(task.resolve("io"), StandardOpenOption.READ);
    }

    /** State letter and delay accounting in one look, so that they belong together. */
    record Look(char state, long blkioTicks) {

        boolean asleepOnDisk() {
            return state == 'D';
        }
    }

    Look look() throws IOException {
        String line = read(stat);
        // The name may hold blanks and parentheses: what follows the last one is plain.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return new Look(fields[0].charAt(0), Long.parseLong(fields[BLKIO_TICKS_AFTER_NAME]));
    }

    long syscall() throws IOException {
        String line = read(syscall);
        int end = line.indexOf(' ');
        return end > 0 && Character.isDigit(line.charAt(0)) ? Long.parseLong(line.substring(0, end)) : NO_SYSCALL;
    }

    long readBytes() throws IOException {
        return ProcessCounts.readBytes(read(io));
    }

    @Override
    public void close() throws IOException {
        stat.close();
        syscall.close();
        io.close();
    }

    private String read(FileChannel file) throws IOException {
        buffer.clear();
        file.read(buffer, 0);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }
}
