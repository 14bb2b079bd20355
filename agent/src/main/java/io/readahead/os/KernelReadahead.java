package io.readahead.os;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How far the kernel reads ahead by itself.
 *
 * <p>Units: bytes. Threads: whoever starts the agent; reads files of sysfs, which have no disk.
 * <p>Source: {@code /sys/class/bdi/MAJOR:MINOR/read_ahead_kb}, Documentation/ABI/testing/sysfs-class-bdi.
 */
final class KernelReadahead {

    private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");
    private static final String READ_AHEAD_KB = "read_ahead_kb";
    /** The kernel's own default, for where sysfs is not mounted. */
    private static final long DEFAULT_BYTES = 128 << 10;
    /** Looking further costs an event loop more than it may save. */
    private static final long MOST_BYTES = 16 << 20;

    private KernelReadahead() {
    }

    /** The most of all devices. */
    static long mostBytes() {
        long most = DEFAULT_BYTES;
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(BACKING_DEVICES)) {
            for (Path device : devices) {
                most = Math.max(most, bytes(device.resolve(READ_AHEAD_KB)));
            }
        } catch (IOException | SecurityException ignored) {
            // Not mounted, or not for this process: the default.
        }
        return Math.min(most, MOST_BYTES);
    }

    private static long bytes(Path setting) {
        try {
            return Long.parseLong(Files.readString(setting).strip()) << 10;
        } catch (IOException | NumberFormatException | SecurityException ignored) {
            return 0;    // a device that has gone meanwhile
        }
    }
}
