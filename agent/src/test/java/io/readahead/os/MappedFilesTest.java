package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.jdk.JdkInternals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What this kernel says of mapped files, and what becomes of it. */
@EnabledOnOs(OS.LINUX)
class MappedFilesTest {

    private static final int KIB = 1024;
    private static final int FILE_BYTES = 1024 * KIB;
    private static final long NOT_MAPPED = 4096;
    /** fcntl.h. */
    private static final int POSIX_FADV_DONTNEED = 4;

    @TempDir
    private Path folder;

    private MappedByteBuffer mapped(FileChannel file) throws IOException {
        return file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
    }

    private FileChannel file() throws IOException {
        return FileChannel.open(Files.write(folder.resolve("file"), new byte[FILE_BYTES]), StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @Test
    void aMappedFileIsReadInAndKnownByItsDevice() throws IOException {
        JnaPosixLibrary posix = new JnaPosixLibrary(EnumSet.noneOf(SystemCall.class));
        readsIn(posix);
        try (FileChannel file = file()) {
            long address = JdkInternals.addressOf(mapped(file));
            assertEquals(0, posix.tellsResidency(address), "it is this process's own");
            FileFacts facts = new FileFacts();
            assertEquals(0, posix.stat(JdkInternals.descriptorOf(file), facts));
            if (facts.onBlockDevice()) {
                assertEquals(facts.device(), posix.mappedDevice(address + FILE_BYTES - 1));
            }
            assertEquals(-Errno.ENOMEM, posix.mappedDevice(NOT_MAPPED));
            assertEquals(-Errno.ENOMEM, posix.residentPages(NOT_MAPPED, 1));
        }
    }

    @Test
    void onAKernelThatCannotPopulateItIsReadInByCopies() throws IOException {
        readsIn(new JnaPosixLibrary(EnumSet.of(SystemCall.MADVISE)));
    }

    private void readsIn(JnaPosixLibrary posix) throws IOException {
        assertTrue(posix.canPopulate());
        try (FileChannel file = file()) {
            Mapping mapping = new Mapping(mapped(file));
            assertEquals(FILE_BYTES - 100, new MappedReader(posix).read(mapping, 100, FILE_BYTES - 100, false));
            assertEquals(FILE_BYTES / 4096, posix.residentPages(mapping.address(100), FILE_BYTES - 100));
            assertEquals(FILE_BYTES, new PageCacheProbe(posix).mappedPrefix(mapping, 0, FILE_BYTES, true));
            file.truncate(128 * KIB);
            assertEquals(128 * KIB, new MappedReader(posix).read(mapping, 0, FILE_BYTES, false), "an error, and no signal");
            assertEquals(-Errno.EFAULT, new MappedReader(posix).read(mapping, 512 * KIB, KIB, true));
        }
    }

    /** Each window is read when the one before is being sent, so that the third is the first to come with one that was. */
    @Test
    void whatWasReadInAndSentCountsAsNotUsed() throws IOException {
        assertEquals(FILE_BYTES, usedAfterReadingInQuarters(true), "control: what was there before is somebody else's too");
        assertEquals(FILE_BYTES / 2, usedAfterReadingInQuarters(false));
    }

    /** Bytes of the mapped file that count as used, after its quarters were read in order and used. */
    private long usedAfterReadingInQuarters(boolean cached) throws IOException {
        JnaPosixLibrary posix = new JnaPosixLibrary(EnumSet.noneOf(SystemCall.class));
        MappedReader reader = new MappedReader(posix);
        try (FileChannel file = file()) {
            int fd = JdkInternals.descriptorOf(file);
            // So that it is read in, a page at a time: of what was written a folio of several may lie across the end of a page table, and
            // while it is dirty it can't be split.
            file.force(true);
            posix.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
            MappedByteBuffer whole = mapped(file);
            Mapping mapping = new Mapping(whole);
            for (int offset = 0; offset < FILE_BYTES; offset += FILE_BYTES / 4) {
                assertEquals(FILE_BYTES / 4, reader.read(mapping, offset, FILE_BYTES / 4, cached));
                whole.get(offset, new byte[FILE_BYTES / 4]);
                // Drops nothing that is mapped, but ends the batch of each processor, in which pages wait that MADV_COLD passes over: Linux
                // 6.18, madvise_cold_or_pageout_pte_range(), generic_fadvise().
                posix.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
            }
            return referencedAt(JdkInternals.addressOf(whole));
        }
    }

    /** Source: proc_pid_smaps(5), "Referenced". */
    private static long referencedAt(long address) throws IOException {
        boolean there = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            there |= line.startsWith(Long.toHexString(address) + "-");
            if (there && line.startsWith("Referenced:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
            }
        }
        throw new IOException("nothing is mapped at " + Long.toHexString(address));
    }

    @Test
    void whereNeitherIsAllowedNothingIsReadIn() {
        JnaPosixLibrary posix = new JnaPosixLibrary(EnumSet.of(SystemCall.MADVISE, SystemCall.PROCESS_VM_READV, SystemCall.MREMAP));
        assertFalse(posix.canPopulate());
        assertEquals(-Errno.ENOSYS, posix.populate(NOT_MAPPED, 1));
        assertEquals(-Errno.ENOSYS, posix.tellsResidency(NOT_MAPPED));
    }

    /** Pages to which nobody has written are in no page cache; files of 1 MB and more are asked for in several calls. */
    @Test
    void ofAFileIsCountedWhatIsThereUpToTheFirstHole() throws IOException {
        JnaPosixLibrary posix = new JnaPosixLibrary(EnumSet.noneOf(SystemCall.class));
        for (int bytes : new int[] {20 * KIB - 10, 64 * KIB, 956 * KIB, 1000 * KIB, 3 * 1024 * KIB}) {
            try (FileChannel file = FileChannel.open(folder.resolve("sparse" + bytes), EnumSet.of(StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ, StandardOpenOption.WRITE))) {
                int fd = JdkInternals.descriptorOf(file);
                file.write(ByteBuffer.allocate(12 * KIB), 0);
                file.write(ByteBuffer.allocate(1), bytes - 1);
                assertEquals(3, posix.residentPages(fd, 0, bytes, bytes), () -> "before the hole, of " + bytes);
                assertEquals(2, posix.residentPages(fd, 5000, bytes - 5000, bytes));
                assertEquals(1, posix.residentPages(fd, 0, 100, bytes), "no more than is asked for");
                assertEquals(0, posix.residentPages(fd, 12 * KIB, KIB, bytes), "the hole");
                assertEquals(1, posix.residentPages(fd, bytes - 1, 1, bytes), "behind it");
                file.write(ByteBuffer.allocate(bytes), 0);
                assertEquals((bytes + 4095) / 4096, posix.residentPages(fd, 0, bytes, bytes), () -> "all of " + bytes);
            }
        }
    }

    @Test
    void anAddressIsFoundInTheMemoryMapWhereverItsLinesAreCut() {
        byte[] lines = ("55d0-55d8 r-xp 00001000 fd:0a 17 /usr/bin/ab-cd:ef\n7f00-7f80 r--s 00000000 103:02 393449 /srv/a file\n"
                + "7f80-7f90 rw-p 00000000 00:00 0\n").getBytes(StandardCharsets.US_ASCII);
        for (int cut = 1; cut < lines.length; cut++) {
            MemoryMapLines map = new MemoryMapLines(0x7f7f);
            boolean found = map.take(ByteBuffer.wrap(lines, 0, cut), cut)
                    || map.take(ByteBuffer.wrap(lines, cut, lines.length - cut).slice(), lines.length - cut);
            assertTrue(found);
            assertEquals(0x103L << Integer.SIZE | 2, map.device());
        }
        assertFalse(new MemoryMapLines(0x7fa0).take(ByteBuffer.wrap(lines), lines.length));
    }

    @Test
    void partsOfAMappedBufferAreKnownAsSuch() throws IOException {
        try (FileChannel file = file()) {
            MappedByteBuffer whole = mapped(file);
            assertEquals(whole, same(whole, JdkInternals.mappedWhole(whole)));
            assertEquals(whole, same(whole, JdkInternals.mappedWhole(whole.slice(KIB, KIB).slice(1, 2).duplicate().asReadOnlyBuffer())));
            assertEquals(null, JdkInternals.mappedWhole(ByteBuffer.allocateDirect(1)));
            assertEquals(null, JdkInternals.mappedWhole(ByteBuffer.allocate(1)));
            assertEquals(KIB + 3, new Mapping(whole).offsetOf(whole.slice(KIB, KIB).position(3)));
        }
    }

    private static ByteBuffer same(ByteBuffer expected, ByteBuffer found) {
        return found == expected ? found : null;
    }
}
