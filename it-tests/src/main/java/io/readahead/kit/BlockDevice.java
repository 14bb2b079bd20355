package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The whole disk below a file, by the number that the kernel's throttles want.
 *
 * @param name as in {@code /sys/block}, such as {@code vda}
 * @param major device number, upper part
 * @param minor device number, lower part
 */
public record BlockDevice(String name, int major, int minor) {

    private static final Path SYS_DEV_BLOCK = Path.of("/sys/dev/block");
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /**
     * Finds the disk that holds a file.
     *
     * <p>Errors: IOException where no single block device is to be seen below the file: overlayfs, tmpfs, network file systems.
     * <p>Source: stat(2), st_dev; {@code Documentation/admin-guide/abi-testing}, {@code /sys/dev/block}; proc_pid_mountinfo(5).
     *
     * @param path existing file or folder
     */
    public static BlockDevice wholeDiskOf(Path path) throws IOException {
        long device = number(path, "unix:dev");
        if (!Files.exists(SYS_DEV_BLOCK.resolve(major(device) + ":" + minor(device)))) {
            // btrfs and others invent a device number for each file system; the mount table still names the disk.
            device = number(mountSource(path), "unix:rdev");
        }
        return wholeDisk(SYS_DEV_BLOCK, major(device), minor(device));
    }

    /** Follows a device number to its disk; a partition gives the disk that it is a part of, since throttles refuse partitions. */
    static BlockDevice wholeDisk(Path sysDevBlock, int major, int minor) throws IOException {
        Path device = sysDevBlock.resolve(major + ":" + minor).toRealPath();
        if (Files.exists(device.resolve("partition"))) {
            device = device.getParent();
        }
        String[] number = Files.readString(device.resolve("dev")).strip().split(":");
        return new BlockDevice(device.getFileName().toString(), Integer.parseInt(number[0]), Integer.parseInt(number[1]));
    }

    private static long number(Path path, String attribute) throws IOException {
        try {
            return (Long) Files.getAttribute(path, attribute);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw new IOException("this platform doesn't tell the device of a file", e);
        }
    }

    private static Path mountSource(Path path) throws IOException {
        Mount mount = Mount.parse(Files.readString(MOUNTINFO)).stream()
                .filter(candidate -> startsWith(path, candidate.mountPoint()))
                // The last of equals is the one mounted on top.
                .reduce((a, b) -> b.mountPoint().getNameCount() >= a.mountPoint().getNameCount() ? b : a)
                .orElseThrow(() -> new IOException("no mount point above " + path));
        if (!mount.source().startsWith("/dev/")) {
            throw new IOException(path + " is on " + mount.type() + ", which shows no block device of its own");
        }
        return Path.of(mount.source());
    }

    private static boolean startsWith(Path path, Path mountPoint) {
        try {
            return path.toRealPath().startsWith(mountPoint);
        } catch (IOException e) {
            return path.toAbsolutePath().normalize().startsWith(mountPoint);
        }
    }

    /** The major number in a 64-bit st_dev; source: gnu_dev_major, glibc's sys/sysmacros.h. */
    static int major(long device) {
        return (int) (device >>> 8 & 0xfff | device >>> 32 & ~0xfffL);
    }

    /** The minor number in a 64-bit st_dev; source: gnu_dev_minor, glibc's sys/sysmacros.h. */
    static int minor(long device) {
        return (int) (device & 0xff | device >>> 12 & ~0xffL);
    }

    /** The form that cgroup files take, {@code 254:0}. */
    public String number() {
        return major + ":" + minor;
    }

    @Override
    public String toString() {
        return name + " (" + number() + ")";
    }
}
