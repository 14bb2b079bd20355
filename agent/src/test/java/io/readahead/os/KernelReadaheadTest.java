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
    private static final long SDA = 8L << Integer.SIZE;
    private static final long SDA1 = 8L << Integer.SIZE | 17;

    @TempDir
    private Path sysfs;

    @BeforeEach
    void makeSysfs() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "128");
        write("class/bdi/0:45/read_ahead_kb", "512");
        write("class/bdi/btrfs-1/read_ahead_kb", "4096");
        write("class/bdi/8:16/read_ahead_kb", "256");
        write("devices/sda/dev", "8:16");
        write("devices/sda/sda1/dev", "8:17");
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
        return new KernelReadahead(sysfs).mostOf((long) major << Integer.SIZE | minor) / KIB;
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
    void howeverFarItIsItIsSaid() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "65536");
        assertEquals(65536, kilobytesOf(8, 0), "as on Azure");
        write("class/bdi/8:0/read_ahead_kb", "99999999999");
        assertEquals(1 << 20, kilobytesOf(8, 0), "and what nobody can mean is a GB");
    }

    @Test
    void aSettingThatIsChangedIsTakenNoteOf() throws IOException {
        KernelReadahead kernels = new KernelReadahead(sysfs);
        write("class/bdi/8:16/read_ahead_kb", "65536");
        kernels.keepHouse();
        assertEquals(65536 * KIB, kernels.nowOf(SDA1));
        assertEquals(65536 * KIB, kernels.mostOf(SDA1));
        assertEquals(65536 * KIB, kernels.mostOf(9), "of a device that is not named");
        write("class/bdi/8:16/read_ahead_kb", "64");
        kernels.keepHouse();
        assertEquals(64 * KIB, kernels.nowOf(SDA1));
        assertEquals(65536 * KIB, kernels.mostOf(SDA1), "whoever opened it meanwhile keeps that");
        assertEquals(4096 * KIB, kernels.nowOf(9));
        assertEquals(65536 * KIB, kernels.mostOf(9));
    }

    @Test
    void ofManyDevicesTheSettingsAreNotReadEachTime() throws IOException {
        for (int minor = 0; minor < 4; minor++) {
            write("class/bdi/253:" + minor + "/read_ahead_kb", "128");
        }
        KernelReadahead kernels = new KernelReadahead(sysfs);
        write("class/bdi/8:0/read_ahead_kb", "8192");
        kernels.keepHouse();
        assertEquals(128 * KIB, kernels.nowOf(SDA));
        kernels.keepHouse();
        assertEquals(8192 * KIB, kernels.nowOf(SDA));
    }

    @Test
    void aDeviceThatComesLaterHasItsOwnThen() throws IOException {
        KernelReadahead kernels = new KernelReadahead(sysfs);
        write("class/bdi/259:0/read_ahead_kb", "32");
        assertEquals(4096 * KIB, kernels.nowOf(259L << Integer.SIZE));
        kernels.keepHouse();
        assertEquals(32 * KIB, kernels.nowOf(259L << Integer.SIZE));
        assertEquals(32 * KIB, kernels.mostOf(259L << Integer.SIZE));
    }

    @Test
    void aSettingThatIsNoNumberIsPassedOver() throws IOException {
        write("class/bdi/8:0/read_ahead_kb", "none");
        assertEquals(4096, kilobytesOf(8, 0));
    }

    @Test
    void whereNothingIsMountedItIsTheKernelsDefault() {
        assertEquals(128 * KIB, new KernelReadahead(sysfs.resolve("missing")).mostOf(8));
    }
}
