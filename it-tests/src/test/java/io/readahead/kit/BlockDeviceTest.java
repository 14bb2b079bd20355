package io.readahead.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDeviceTest {

    @TempDir
    Path sys;

    @Test
    void partitionLeadsToItsDisk() throws IOException {
        device("devices/pci0/nvme0n1", "259:0");
        device("devices/pci0/nvme0n1/nvme0n1p2", "259:2");
        Files.writeString(sys.resolve("devices/pci0/nvme0n1/nvme0n1p2/partition"), "2\n");
        assertEquals(new BlockDevice("nvme0n1", 259, 0), BlockDevice.wholeDisk(sys.resolve("dev/block"), 259, 2));
    }

    @Test
    void wholeDiskIsItself() throws IOException {
        device("devices/virtual/block/dm-1", "253:1");
        assertEquals(new BlockDevice("dm-1", 253, 1), BlockDevice.wholeDisk(sys.resolve("dev/block"), 253, 1));
    }

    @Test
    void unknownNumberIsAnError() throws IOException {
        Files.createDirectories(sys.resolve("dev/block"));
        assertThrows(IOException.class, () -> BlockDevice.wholeDisk(sys.resolve("dev/block"), 0, 35));
    }

    @Test
    void deviceNumbersAreTakenApartAsByGlibc() {
        assertEquals(254, BlockDevice.major(0xfe00L));
        assertEquals(0, BlockDevice.minor(0xfe00L));
        assertEquals(259, BlockDevice.major(0x10302L));
        assertEquals(2, BlockDevice.minor(0x10302L));
        assertEquals(8, BlockDevice.major(0x100812L));
        assertEquals(0x112, BlockDevice.minor(0x100812L));
    }

    private void device(String path, String number) throws IOException {
        Path directory = Files.createDirectories(sys.resolve(path));
        Files.writeString(directory.resolve("dev"), number + "\n");
        Files.createDirectories(sys.resolve("dev/block"));
        Files.createSymbolicLink(sys.resolve("dev/block").resolve(number), directory);
    }
}
