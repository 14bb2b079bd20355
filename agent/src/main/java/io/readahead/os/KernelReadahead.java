package io.readahead.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the kernel reads ahead by itself, by device.
 *
 * <p>Read once, by whoever starts the agent, so that no event loop ever asks sysfs; of a device that came later, and of a file system
 * without a device of its own (btrfs, overlay), the most of all devices is said.
 * <p>Units: bytes. Threads: any. Errors: none; the kernel's own default where sysfs is not mounted.
 * <p>Source: {@code read_ahead_kb} in Documentation/ABI/testing/sysfs-class-bdi and sysfs-block; a partition has its disk's.
 */
final class KernelReadahead {

    /** Others have names: btrfs-1. */
    private static final Pattern DEVICE_NUMBER = Pattern.compile("([0-9]{1,9}):([0-9]{1,9})(-fuseblk)?");
    private static final Path SYSFS = Path.of("/sys");
    private static final String BY_BACKING_DEVICE = "class/bdi";
    private static final String BY_BLOCK_DEVICE = "dev/block";
    private static final String OF_A_BACKING_DEVICE = "read_ahead_kb";
    private static final String OF_A_DISK = "queue/read_ahead_kb";
    private static final String OF_A_PARTITION = "../queue/read_ahead_kb";
    /** VM_READAHEAD_PAGES. */
    private static final long DEFAULT_BYTES = 128 << 10;
    /** Looking further costs an event loop more than it may save. */
    private static final long MOST_BYTES = 16 << 20;

    /** In order; arrays, because a map would make an object of each number that it is asked for. */
    private final long[] devices;
    private final long[] bytes;
    private long mostBytes;

    KernelReadahead() {
        this(SYSFS);
    }

    /** @param sysfs where it is mounted */
    KernelReadahead(Path sysfs) {
        TreeMap<Long, Long> byDevice = new TreeMap<>();
        readAll(byDevice, sysfs.resolve(BY_BLOCK_DEVICE), OF_A_DISK, OF_A_PARTITION);
        // Last, for a FUSE file system on a block device has a setting of its own.
        readAll(byDevice, sysfs.resolve(BY_BACKING_DEVICE), OF_A_BACKING_DEVICE);
        devices = byDevice.keySet().stream().mapToLong(Long::longValue).toArray();
        bytes = byDevice.values().stream().mapToLong(Long::longValue).toArray();
        if (mostBytes == 0) {
            mostBytes = DEFAULT_BYTES;
        }
    }

    /** @param device as {@link FileFacts#device()} says it */
    long bytesOf(long device) {
        int place = Arrays.binarySearch(devices, device);
        return place < 0 ? mostBytes : bytes[place];
    }

    private void readAll(Map<Long, Long> byDevice, Path folder, String... settings) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path device : found) {
                Matcher numbers = DEVICE_NUMBER.matcher(device.getFileName().toString());
                for (String setting : settings) {
                    long read = read(device.resolve(setting));
                    mostBytes = Math.max(mostBytes, read);
                    if (read >= 0 && numbers.matches()) {
                        byDevice.put(Long.parseLong(numbers.group(1)) << Integer.SIZE | Long.parseLong(numbers.group(2)), read);
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException | SecurityException ignored) {
            // Not mounted, or not for this process: what was read so far stands.
        }
    }

    private static long read(Path setting) {
        try {
            return Math.min(Long.parseLong(Files.readString(setting).strip()) << 10, MOST_BYTES);
        } catch (IOException | NumberFormatException | SecurityException ignored) {
            return -1;    // no such setting, or a device that has gone meanwhile
        }
    }
}
