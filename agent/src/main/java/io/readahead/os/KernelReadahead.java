package io.readahead.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the kernel reads ahead by itself, by device.
 *
 * <p>Read by whoever starts the agent and by the watchdog, so that no event loop ever asks sysfs; of a device that came
 * since, and of a file system without a device of its own (btrfs, overlay), the most of all devices is said.
 * <p>Units: bytes. Threads: any. Errors: none; the kernel's own default where sysfs is not mounted.
 * <p>Source: {@code read_ahead_kb} in Documentation/ABI/testing/sysfs-class-bdi; a partition has its disk's. (The same setting below
 * {@code queue} takes a lock that is held while a disk which may never answer is waited for: Linux 6.18, queue_ra_show().)
 */
final class KernelReadahead {

    /** Others have names: btrfs-1. */
    private static final Pattern DEVICE_NUMBER = Pattern.compile("([0-9]{1,9}):([0-9]{1,9})(-fuseblk)?");
    private static final Path SYSFS = Path.of("/sys");
    private static final String BY_BACKING_DEVICE = "class/bdi";
    private static final String BY_BLOCK_DEVICE = "dev/block";
    private static final String READ_AHEAD_KB = "read_ahead_kb";
    private static final String DISK_OF_A_PARTITION = "../dev";
    /** VM_READAHEAD_PAGES. */
    private static final long DEFAULT_BYTES = 128 << 10;
    /** Of so many, all are read at each look, 30 to 300 us of CPU each; of twice as many, at each second one. */
    private static final int DEVICES_A_LOOK = 4;
    /** Nobody's disk is helped by more. */
    private static final long MOST_BYTES = 1L << 30;
    private static final long UNKNOWN = -1;

    private final Path sysfs;
    private int looks;
    private volatile Settings settings = new Settings(new TreeMap<>(), UNKNOWN, UNKNOWN);

    /** Since the agent started, for a description that is open keeps what it was when it was opened. */
    private record Setting(long nowBytes, long mostBytes) {

        Setting followedBy(long bytes) {
            return new Setting(bytes, Math.max(bytes, mostBytes));
        }
    }

    /** In order; arrays, because a map would make an object of each number that it is asked for. */
    private static final class Settings {

        private final TreeMap<Long, Setting> byDevice;
        private final long[] devices;
        private final Setting[] settings;
        private final Setting ofOthers;

        /** @param othersNow the most of all devices, 0 or less where there is none; and the most that it was */
        Settings(TreeMap<Long, Setting> byDevice, long othersNow, long othersMost) {
            this.byDevice = byDevice;
            this.devices = byDevice.keySet().stream().mapToLong(Long::longValue).toArray();
            this.settings = byDevice.values().toArray(Setting[]::new);
            this.ofOthers = new Setting(othersNow <= 0 ? DEFAULT_BYTES : othersNow, Math.max(othersMost, DEFAULT_BYTES));
        }

        Setting of(long device) {
            int place = Arrays.binarySearch(devices, device);
            return place < 0 ? ofOthers : settings[place];
        }
    }

    KernelReadahead() {
        this(SYSFS);
    }

    /** @param sysfs where it is mounted */
    KernelReadahead(Path sysfs) {
        this.sysfs = sysfs;
        read();
    }

    /**
     * The most that it was on a device since the agent started.
     *
     * @param device as {@link FileFacts#device()} says it
     */
    long mostOf(long device) {
        return settings.of(device).mostBytes;
    }

    /** What it is on a device for who opens a file now. */
    long nowOf(long device) {
        return settings.of(device).nowBytes;
    }

    /** Takes note of devices that came and of settings that were changed, with many devices not each time. Threads: the watchdog. */
    void keepHouse() {
        looks++;
        if (looks * DEVICES_A_LOOK >= settings.devices.length) {
            looks = 0;
            read();
        }
    }

    private void read() {
        Settings before = settings;
        TreeMap<Long, Long> found = new TreeMap<>();
        long[] most = {UNKNOWN};
        each(BY_BACKING_DEVICE, (folder, numbers) -> {
            long bytes = bytesIn(folder.resolve(READ_AHEAD_KB));
            most[0] = Math.max(most[0], bytes);
            if (bytes >= 0 && numbers.matches()) {
                // A FUSE file system on a block device has a setting of its own.
                found.merge(number(numbers), bytes, (one, other) -> numbers.group(3) == null ? one : bytes);
            }
        });
        each(BY_BLOCK_DEVICE, (folder, numbers) -> {
            if (numbers.matches() && !found.containsKey(number(numbers))) {
                Long bytes = found.get(diskOf(folder));
                if (bytes != null) {
                    found.put(number(numbers), bytes);
                }
            }
        });
        TreeMap<Long, Setting> now = new TreeMap<>();
        found.forEach((device, bytes) -> {
            Setting known = before.byDevice.get(device);
            now.put(device, known == null ? new Setting(bytes, bytes) : known.followedBy(bytes));
        });
        settings = new Settings(now, most[0], Math.max(most[0], before.ofOthers.mostBytes));
    }

    private void each(String folder, BiConsumer<Path, Matcher> action) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(sysfs.resolve(folder))) {
            for (Path device : found) {
                action.accept(device, DEVICE_NUMBER.matcher(device.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException | SecurityException ignored) {
            // Not mounted, or not for this process: what was read so far stands.
        }
    }

    private static long number(Matcher numbers) {
        return Long.parseLong(numbers.group(1)) << Integer.SIZE | Long.parseLong(numbers.group(2));
    }

    private static long diskOf(Path partition) {
        Matcher numbers = DEVICE_NUMBER.matcher(textOf(partition.resolve(DISK_OF_A_PARTITION)));
        return numbers.matches() ? number(numbers) : UNKNOWN;
    }

    private static long bytesIn(Path setting) {
        try {
            return Math.min(Math.min(Long.parseLong(textOf(setting)), MOST_BYTES) << 10, MOST_BYTES);
        } catch (NumberFormatException ignored) {
            return UNKNOWN;    // no such setting, or a device that has gone meanwhile
        }
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException | SecurityException ignored) {
            return "";
        }
    }
}
