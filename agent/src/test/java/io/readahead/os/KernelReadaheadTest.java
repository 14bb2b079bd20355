package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sysfs says of a device, of its partition, and of one that it doesn't name. */
class KernelReadaheadTest {

    private static final long KIB = 1024;

    @TempDir
    private Path sysfs;

    @BeforeEach
    void makeSysfs() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "128");
        write("class/bdi/0:45/read_ahead_kb", "512");
        write("class/bdi/btrfs-1/read_ahead_kb", "4096");
        write("devices/sda/queue/read_ahead_kb", "256");
        write("devices/sda/sda1/size", "1");
        Files.createDirectories(sysfs.resolve("dev/block"));
        Files.createSymbolicLink(sysfs.resolve("dev/block/8:16"), sysfs.resolve("devices/sda"));
        Files.createSymbolicLink(sysfs.resolve("dev/block/8:17"), sysfs.resolve("devices/sda/sda1"));
    }

    private void write(String path, String text) throws IOException {
        Path file = sysfs.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private long kilobytesOf(int major, int minor) {
        return new KernelReadahead(sysfs).bytesOf((long) major << Integer.SIZE | minor) / KIB;
    }

    @Test
    void aDeviceHasItsOwn() {
        assertEquals(128, kilobytesOf(8, 0));
        assertEquals(512, kilobytesOf(0, 45));
        assertEquals(256, kilobytesOf(8, 16));
    }

    @Test
    void aFileSystemInUserSpaceOnADeviceHasItsOwn() throws IOException {
        write("class/bdi/8:17-fuseblk/read_ahead_kb", "64");
        assertEquals(64, kilobytesOf(8, 17));
    }

    @Test
    void aPartitionHasThatOfItsDisk() {
        assertEquals(256, kilobytesOf(8, 17));
    }

    @Test
    void ofADeviceThatIsNotNamedTheMostIsSaid() {
        assertEquals(4096, kilobytesOf(9, 9), "btrfs's own is not to be found by its number");
    }

    @Test
    void moreThanSixteenMegabytesAreNotLookedAt() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "1000000");
        assertEquals(16 << 10, kilobytesOf(8, 0));
    }

    @Test
    void aSettingThatIsNoNumberIsPassedOver() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "none");
        assertEquals(4096, kilobytesOf(8, 0));
    }

    @Test
    void whereNothingIsMountedItIsTheKernelsDefault() {
        assertEquals(128 * KIB, new KernelReadahead(sysfs.resolve("missing")).bytesOf(8));
    }
}
