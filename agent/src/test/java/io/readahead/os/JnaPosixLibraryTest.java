package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.jdk.JdkInternals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Numbers of calls, constants, and offsets into structures, beside what the JDK and /proc say of the same things;
 * {@code it-tests/aarch64.sh} runs this on another processor.
 */
@EnabledOnOs(OS.LINUX)
class JnaPosixLibraryTest {

    private static final int FILE_BYTES = 200_000;
    /** What a kernel for 64 bits adds by itself: O_LARGEFILE of asm/fcntl.h. */
    private static final long LARGE_FILE = "aarch64".equals(System.getProperty("os.arch")) ? 0400000 : 0100000;
    /** asm-generic/fcntl.h: O_CLOEXEC, and O_WRONLY besides. */
    private static final long CLOSED_ON_EXEC = 02000000;
    private static final long FOR_WRITING = 1;
    /** linux/magic.h, by the names that the JDK has for them. */
    private static final Map<String, Long> KINDS = Map.of("ext4", 0xEF53L, "tmpfs", 0x01021994L, "overlay", PosixLibrary.OVERLAY,
            "xfs", 0x58465342L, "btrfs", 0x9123683EL);
    private static final int SPIN = 20_000_000;

    private final JnaPosixLibrary posix = new JnaPosixLibrary(EnumSet.noneOf(SystemCall.class));

    @TempDir
    private Path folder;

    private Path written() throws IOException {
        return Files.write(folder.resolve("file"), new byte[FILE_BYTES]);
    }

    private static long flagsOf(int fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream().filter(line -> line.startsWith("flags:"))
                .mapToLong(line -> Long.parseLong(line.substring("flags:".length()).strip(), 8)).findFirst().orElseThrow();
    }

    @Test
    void aFileIsOpenedForReadingOrWritingAndNotForAChild() throws IOException {
        String path = written().toString();
        int reading = posix.open(path);
        int writing = posix.openForWriting(path);
        assertAll(() -> assertEquals(CLOSED_ON_EXEC, flagsOf(reading) & ~LARGE_FILE),
                () -> assertEquals(CLOSED_ON_EXEC | FOR_WRITING, flagsOf(writing) & ~LARGE_FILE));
        assertEquals(List.of(0, 0), List.of(posix.close(reading), posix.close(writing)));
        assertEquals(-Errno.EBADF, posix.close(reading));
    }

    @Test
    void ofAFileIsSaidWhatTheJdkSays() throws IOException {
        try (FileChannel file = FileChannel.open(written())) {
            FileFacts facts = new FileFacts();
            assertEquals(0, posix.stat(JdkInternals.descriptorOf(file), facts));
            long device = (Long) Files.getAttribute(folder.resolve("file"), "unix:dev");
            // As glibc packs the two numbers into one, sys/sysmacros.h.
            long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
            long minor = device & 0xff | device >>> 12 & ~0xffL;
            assertAll(() -> assertTrue(facts.regular(), "regular"), () -> assertEquals(FILE_BYTES, facts.sizeBytes()),
                    () -> assertEquals(Files.getAttribute(folder.resolve("file"), "unix:ino"), facts.inode()),
                    () -> assertEquals(major << Integer.SIZE | minor, facts.device()),
                    () -> assertEquals(facts.onBlockDevice(), facts.stamp() == 0, "the times, where the number will not do"));
            assertEquals(0, posix.refresh(JdkInternals.descriptorOf(file)));
            Long kind = KINDS.get(Files.getFileStore(folder).type());
            assertTrue(kind == null || kind == posix.fileSystem(JdkInternals.descriptorOf(file)), () -> "kind of file system, not " + kind);
        }
        try (FileChannel other = FileChannel.open(Path.of("/dev/null"))) {
            FileFacts facts = new FileFacts();
            assertEquals(0, posix.stat(JdkInternals.descriptorOf(other), facts));
            assertTrue(!facts.regular(), "a device is none");
        }
        assertEquals(-Errno.EBADF, posix.refresh(JdkInternals.NO_DESCRIPTOR));
    }

    @Test
    void whatWasJustWrittenIsSeenInMemoryAndTheEndOfTheFileToo() throws IOException {
        try (FileChannel file = FileChannel.open(written(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int fd = JdkInternals.descriptorOf(file);
            int now = posix.readableNow(fd, 0);
            if (now != -Errno.EOPNOTSUPP) {
                assertEquals(List.of(1, 1, 0), List.of(now, posix.readableNow(fd, FILE_BYTES - 1), posix.readableNow(fd, FILE_BYTES)));
            }
            long pages = posix.cachedPages(fd, 0, FILE_BYTES);
            long pageBytes = pageBytes();
            if (pages != -Errno.ENOSYS && posix.fileSystem(fd) != PosixLibrary.OVERLAY) {
                assertEquals(Pages.in(0, FILE_BYTES), pages, "all of them, in pages of 4 KB");
                assertEquals(0, posix.cachedPages(fd, FILE_BYTES + pageBytes, pageBytes), "none behind the end");
            }
            int resident = posix.mincore(fd, 0, FILE_BYTES);
            assertEquals(pageBytes == Pages.BYTES ? Pages.in(0, FILE_BYTES) : -Errno.ENOSYS, resident);
            assertEquals(0, posix.posix_fadvise(fd, 0, FILE_BYTES, PosixLibrary.POSIX_FADV_WILLNEED));
            assertEquals(-Errno.EINVAL, posix.posix_fadvise(fd, 0, FILE_BYTES, 77));
        }
    }

    /** The question itself has the kernel read the page. */
    @Test
    void aPageThatCameSinceTheFirstQuestionWasNotThere() {
        assertEquals(List.of(-Errno.EAGAIN, -Errno.EAGAIN, -Errno.EAGAIN, -Errno.EBADF), List.of(JnaPosixLibrary.askedTwice(1),
                JnaPosixLibrary.askedTwice(0), JnaPosixLibrary.askedTwice(-Errno.EAGAIN), JnaPosixLibrary.askedTwice(-Errno.EBADF)));
    }

    @Test
    void aRangeIsSentFromWhereItIsSaidTo() throws IOException {
        Path to = Files.createFile(folder.resolve("to"));
        try (FileChannel file = FileChannel.open(written(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), FILE_BYTES - 3);
            int out = posix.openForWriting(to.toString());
            assertEquals(2, posix.sendfile(out, JdkInternals.descriptorOf(file), FILE_BYTES - 2, 100), "to the end of the file");
            assertEquals(0, posix.close(out));
            assertEquals(0, file.position(), "nobody's position moves");
        }
        assertEquals(ByteBuffer.wrap(new byte[] {2, 3}), ByteBuffer.wrap(Files.readAllBytes(to)));
    }

    @Test
    void aThreadsOwnUsageGrowsByWhatItDoes() throws InterruptedException {
        ThreadUsage before = new ThreadUsage();
        ThreadUsage after = new ThreadUsage();
        assertEquals(0, posix.getrusage(before));
        Thread.sleep(1);
        long sum = 0;
        do {
            for (int step = 0; step < SPIN; step++) {
                sum = sum * 31 + step;
            }
            assertEquals(0, posix.getrusage(after));
        } while (after.cpuNanos() <= before.cpuNanos() && sum != 1);
        assertTrue(after.sleeps() > before.sleeps(), "it has slept");
    }

    @Test
    void aFileInMemoryHasNoNameAndIsEmpty() throws IOException {
        int fd = posix.memfd_create();
        assertTrue(fd >= 0, () -> "errno " + -fd);
        FileFacts facts = new FileFacts();
        assertEquals(0, posix.stat(fd, facts));
        assertEquals(0, facts.sizeBytes());
        assertTrue(Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString().startsWith("/memfd:"));
        assertEquals(0, posix.close(fd));
        assertEquals("Input/output error", posix.strerror(Errno.EIO));
    }

    /** By the memory map, and not by the code that is tested. */
    private static long pageBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/smaps")).stream().filter(line -> line.startsWith("KernelPageSize:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).min().orElseThrow();
    }
}
