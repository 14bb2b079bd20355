package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's account of how long each thread waited for block devices, switched on where we may, and put back on close.
 *
 * <p>Open it before the server is started: the kernel gives the account only to threads that are born while the switch is on.
 * <p>Errors: never throws; {@link #available()} says whether the account is there.
 * <p>Source: Linux 5.14 and later, kernel.task_delayacct, Documentation/accounting/delay-accounting.rst.
 */
public final class TaskDelayAccounting implements AutoCloseable {

    private static final Path SWITCH = Path.of("/proc/sys/kernel/task_delayacct");
    private static final String ON = "1";

    private final String before;

    private TaskDelayAccounting(String before) {
        this.before = before;
    }

    /** Switches it on, if it is off and this process may. */
    public static TaskDelayAccounting switchOn() {
        String before = read();
        if (!before.equals(ON) && Files.isWritable(SWITCH)) {
            write(ON);
        }
        return new TaskDelayAccounting(before);
    }

    /** Whether it is on at this moment. */
    public static boolean available() {
        return read().equals(ON);
    }

    @Override
    public void close() {
        if (!before.isEmpty() && !before.equals(read())) {
            write(before);
        }
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
