package io.readahead.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.readahead.jdk.JdkInternals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a {@link SystemCallProgram} as a child of this process.
 *
 * <p>By posix_spawn(3), not by ProcessBuilder: that starts a thread that stays for a minute, tells Flight Recorder, and takes a second
 * program. The program lies in a folder of its own (0700), beside its notes, in the first place that lets it be executed; both are gone
 * when it has ended.
 *
 * <p>Threads: start-up, one at a time. Waits for the child, {@value #MOST_SECONDS} s at most.
 */
final class SpawnedChild implements SystemCallTrial.Child {

    private static final boolean AMD64 = "amd64".equals(System.getProperty("os.arch"));
    private static final int MOST_SECONDS = 10;
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final FileAttribute<?> OWN_FOLDER = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String PROGRAM = "seccomp-trial";
    private static final String NOTES = "notes";
    /** Another thread was starting a program while this one was written, and had it open for a moment. asm-generic/errno-base.h. */
    private static final int ETXTBSY = 26;
    private static final int BUSY_TRIES = 50;
    private static final int WNOHANG = 1;
    private static final int SIGSYS = 31;
    private static final int SIGNAL_BITS = 0x7f;
    /** Nobody can say: another part of the process has taken the child's end. */
    private static final int STATUS_TAKEN = -1;
    // Layout of the arguments in memory.
    private static final int PID = 0;
    private static final int STATUS = 8;
    private static final int NAME = 16;
    private static final int ARGUMENTS = 32;
    private static final int ENVIRONMENT = 40;
    private static final int ARGUMENT_BYTES = 48;

    /** Whether the filter lets this process ask for the end of a child. */
    private boolean mayWait;

    @Override
    public int survived(List<SystemCall> calls) throws IOException {
        StringJoiner refused = new StringJoiner("; ");
        for (String parent : JnaNativeHalf.folders()) {
            Path folder = Path.of(parent, "readahead-" + Long.toHexString(System.nanoTime()));
            try {
                long pid = start(folder, calls, refused);
                if (pid > 0) {
                    return outcome(pid, folder.resolve(NOTES), calls);
                }
            } finally {
                remove(folder);
            }
        }
        throw new IOException("no child process could be started (" + refused + ")");
    }

    /** @return its process id; where it could not be started another number, and there is one reason more */
    private static long start(Path folder, List<SystemCall> calls, StringJoiner refused) {
        try {
            Files.createDirectory(folder, OWN_FOLDER);
            Path notes = Files.createFile(folder.resolve(NOTES));
            Path program = Files.createFile(folder.resolve(PROGRAM), OWN_FOLDER);
            Files.write(program, SystemCallProgram.of(AMD64, calls, notes.toAbsolutePath().toString()));
            long pid = spawn(program);
            if (pid < 0) {
                refused.add(program + ": " + Libc.strerror((int) -pid));
            }
            return pid;
        } catch (IOException | RuntimeException e) {
            refused.add(e.toString());
            return -1;
        }
    }

    /** @return its process id, or the negated errno */
    private static long spawn(Path program) {
        ByteBuffer memory = ByteBuffer.allocateDirect(ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
        long address = JdkInternals.addressOf(memory);
        memory.put(NAME, (byte) 'x').putLong(ARGUMENTS, address + NAME);    // and zeros, which end it, and both lists
        int errno = Libc.posix_spawn(address + PID, program.toString(), 0, 0, address + ARGUMENTS, address + ENVIRONMENT);
        for (int tries = 1; errno == ETXTBSY && tries < BUSY_TRIES; tries++) {
            LockSupport.parkNanos(LOOK_NANOS);
            errno = Libc.posix_spawn(address + PID, program.toString(), 0, 0, address + ARGUMENTS, address + ENVIRONMENT);
        }
        return errno == 0 ? memory.getInt(PID) : -errno;
    }

    private int outcome(long pid, Path notes, List<SystemCall> calls) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        int status = mayWait ? waitFor(pid, deadline) : waitUnseen(pid, notes, deadline);
        int survived = (int) Math.min(calls.size(), Files.size(notes));
        boolean understood = status == STATUS_TAKEN || (survived < calls.size() ? (status & SIGNAL_BITS) == SIGSYS : status == 0);
        if (!understood) {
            throw new IOException("the child that was to try system calls ended with status " + status);
        }
        return survived;
    }

    /** Before it is known that this process may wait: the notes say so, or the child has died of trying it. */
    private int waitUnseen(long pid, Path notes, long deadline) throws IOException {
        while (Files.size(notes) == 0) {
            if (hasEnded(pid) && Files.size(notes) == 0) {
                // Where it was killed for wait4, a zombie stays: to let it go would be that call.
                throw new IOException("the child that was to try system calls has ended before it came to the second");
            }
            pause(deadline);
        }
        mayWait = true;
        return waitFor(pid, deadline);
    }

    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException gone) {
            return Files.exists(Path.of("/proc/self"));    // who ignores SIGCHLD has no zombies
        } catch (IOException | RuntimeException noProc) {
            return false;    // then its time ends
        }
    }

    private static int waitFor(long pid, long deadline) throws IOException {
        ByteBuffer memory = ByteBuffer.allocateDirect(ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
        int ended = Libc.waitpid((int) pid, JdkInternals.addressOf(memory) + STATUS, WNOHANG);
        while (ended == 0 || ended < 0 && Native.getLastError() == Errno.EINTR) {
            pause(deadline);
            ended = Libc.waitpid((int) pid, JdkInternals.addressOf(memory) + STATUS, WNOHANG);
        }
        return ended < 0 ? STATUS_TAKEN : memory.getInt(STATUS);
    }

    private static void pause(long deadline) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("the child that was to try system calls did not end in " + MOST_SECONDS + " s");
        }
        LockSupport.parkNanos(LOOK_NANOS);
    }

    private static void remove(Path folder) {
        for (Path each : List.of(folder.resolve(PROGRAM), folder.resolve(NOTES), folder)) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException | RuntimeException ignored) {
                // A file system that allows no more than writing: 4 KB stay behind.
            }
        }
    }

    /** Lets go of what JNA keeps of this class. */
    static void unbind() {
        JnaPosixLibrary.forget(Libc.class);
    }

    /** Bound where a child is needed. */
    private static final class Libc {
        static {
            Native.register(Libc.class, NativeLibrary.getProcess());
        }

        static native int posix_spawn(long pidAddress, String path, long actionsAddress, long attributesAddress, long argumentsAddress,
                                      long environmentAddress);

        static native int waitpid(int pid, long statusAddress, int options);

        static native String strerror(int errno);
    }
}
