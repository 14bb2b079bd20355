package io.readahead.kit;

import com.sun.jna.Pointer;
import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A file whose every byte is known from its position, and that can be thrown out of the page cache.
 *
 * <p>The content is a function of seed and position, so a digest of any range is computed without reading the file: reading would warm
 * what a test needs cold.
 * <p>Units: sizes, offsets and lengths are bytes.
 * <p>Threads: no state but the path; any thread.
 *
 * @param seed two files of different seeds differ from the first bytes on
 * @param size as it was written; the file may have been changed since
 */
public record TestFile(Path path, long seed, long size) {

    private static final int BUFFER_BYTES = 1 << 20;
    /** What programs read at a time. */
    private static final int STEP_BYTES = 64 << 10;

    /** SplitMix64, Steele, Lea and Flood 2014: its n-th number is found without the n - 1 before it. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Pages that are on a CPU's list of new pages, or in a socket buffer, can't be evicted at that moment. */
    private static final int EVICTION_ATTEMPTS = 40;
    private static final long EVICTION_PAUSE_MILLIS = 25;

    /**
     * Writes the file and waits until the disk has it.
     *
     * <p>Errors: IOException as of FileChannel; an older file of that name is replaced.
     */
    public static TestFile write(Path path, long size) throws IOException {
        Files.createDirectories(path.getParent());
        TestFile file = new TestFile(path, path.getFileName().toString().hashCode(), size);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            file.appendTo(channel, 0, size);
            channel.force(true);
        }
        return file;
    }

    /** Writes as many files of the same size, each of a content of its own: NAME-0.bin and so on. */
    public static List<TestFile> writeSeveral(Path folder, String name, int count, long size) throws IOException {
        List<TestFile> files = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            files.add(write(folder.resolve(name + "-" + number + ".bin"), size));
        }
        return files;
    }

    /** Adds to the end of the file what {@link #write} would have put there, and waits until the disk has it. */
    public TestFile grow(long moreBytes) throws IOException {
        append(size, moreBytes, StandardOpenOption.WRITE);
        return new TestFile(path, seed, size + moreBytes);
    }

    /**
     * Adds the same, whole pages past the page cache: they are cold from the beginning, and nothing needs to be evicted that a server may
     * have looked at already. A page that it only begins or ends stays in the page cache.
     *
     * <p>Errors: IOException where the file system has no direct I/O.
     * <p>Source: open(2), O_DIRECT.
     */
    public TestFile growCold(long moreBytes) throws IOException {
        int page = Libc.INSTANCE.getpagesize();
        long end = size + moreBytes;
        long firstWhole = Math.min(end, (size + page - 1) / page * page);
        long lastWhole = firstWhole + coldOf(moreBytes);
        append(size, firstWhole - size, StandardOpenOption.WRITE);
        append(firstWhole, lastWhole - firstWhole, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
        append(lastWhole, end - lastWhole, StandardOpenOption.WRITE);
        return new TestFile(path, seed, end);
    }

    /** Bytes of those that {@link #growCold} adds that are cold. */
    public long coldOf(long moreBytes) throws IOException {
        int page = Libc.INSTANCE.getpagesize();
        return Math.max(0, (size + moreBytes) / page * page - (size + page - 1) / page * page);
    }

    private void append(long position, long length, OpenOption... options) throws IOException {
        if (length > 0) {
            try (FileChannel channel = FileChannel.open(path, options)) {
                channel.position(position);
                appendTo(channel, position, length);
                channel.force(true);
            }
        }
    }

    /** SHA-256 of the whole file, in hex. */
    public String sha256() {
        return sha256(0, size);
    }

    /** SHA-256 of a range, in hex; computed, not read. */
    public String sha256(long offset, long length) {
        MessageDigest digest = newSha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long position = offset;
        while (position < offset + length) {
            int skip = (int) (position % Long.BYTES);
            fill(buffer, position - skip, Math.min(BUFFER_BYTES, offset + length - position + skip));
            digest.update(buffer.position(skip));
            position += buffer.limit() - skip;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Throws the whole file out of the page cache, and makes sure that it is out.
     *
     * <p>Errors: IllegalStateException where pages stay, as all do on tmpfs, and elsewhere those that a process has mapped and touched, or
     * that are on their way to a client that doesn't read.
     * <p>Source: posix_fadvise(2), POSIX_FADV_DONTNEED: "dirty pages may be unaffected", so fsync first.
     */
    public TestFile evict() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        int fd = Libc.INSTANCE.open(path.toString(), Libc.O_RDONLY);
        try {
            for (int attempt = 0; attempt < EVICTION_ATTEMPTS; attempt++) {
                int error = Libc.INSTANCE.posix_fadvise(fd, 0, 0, Libc.POSIX_FADV_DONTNEED);
                if (error != 0) {
                    throw new IOException("posix_fadvise(" + path + ", DONTNEED): errno " + error);
                }
                if (isCold()) {
                    return this;
                }
                pause();
            }
        } finally {
            Libc.INSTANCE.close(fd);
        }
        throw new IllegalStateException("cannot be evicted: " + residentPages() + " pages of " + path + " stay in the page cache of "
                + Files.getFileStore(path).type() + "; put the test's files on a file system with a disk, such as ext4");
    }

    /** Throws out of the page cache what can be thrown out at this moment; of a file that is being sent, some pages stay. */
    public TestFile dropFromCache() throws IOException {
        return dropFromCache(0, 0);
    }

    /** The same for the whole pages of a range; a length of 0 means to the end of the file. */
    public TestFile dropFromCache(long offset, long length) throws IOException {
        int fd = Libc.INSTANCE.open(path.toString(), Libc.O_RDONLY);
        try {
            Libc.INSTANCE.posix_fadvise(fd, offset, length, Libc.POSIX_FADV_DONTNEED);
        } finally {
            Libc.INSTANCE.close(fd);
        }
        return this;
    }

    /** Reads the whole file, so that all of it is in the page cache. */
    public TestFile warm() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // No larger than the file: for 20,000 small ones 20 GB of memory would be cleared.
            ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.max(1, Math.min(BUFFER_BYTES, channel.size())));
            while (channel.read(buffer.clear()) >= 0) {
                continue;
            }
        }
        return this;
    }

    /** Reads the beginning as any program does: the kernel reads ahead of it, and leaves a mark where the next read is to go on so. */
    public TestFile readHead(long bytes) throws IOException {
        return readHead(bytes, STEP_BYTES);
    }

    /** The same by a program that looks at so many bytes first: the kernel's marks lie elsewhere then. */
    public TestFile readHead(long bytes, int firstBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(STEP_BYTES).limit(firstBytes);
            for (long position = 0; position < bytes; position += buffer.limit()) {
                channel.read(position == 0 ? buffer : buffer.clear(), position);
            }
        }
        return this;
    }

    /** Reads the whole file and keeps it in the page cache until this JVM ends, whatever the machine lets go of. */
    public TestFile pin() throws IOException {
        warm();
        PinnedRange.lock(path);
        return this;
    }

    /**
     * Has the beginning of an evicted file in the page cache, and nothing else of it, until what it returns is closed.
     *
     * <p>Errors: LastErrorException where this user may not lock that much memory.
     */
    public PinnedRange pinHead(long bytes) {
        return PinnedRange.lock(path, bytes, Libc.MADV_RANDOM);
    }

    /** Whether no page of the file is in the page cache. */
    public boolean isCold() throws IOException {
        return residentPages() == 0;
    }

    /**
     * Counts the pages of the file that are in the page cache.
     *
     * <p>Source: mincore(2) of a mapping; since Linux 5.2 it tells the truth only to a process that owns the file or may write to it.
     */
    public long residentPages() throws IOException {
        return residentPages(Files.size(path));
    }

    /** The same for the beginning of the file. */
    public long residentPages(long length) throws IOException {
        return residentPages(0, length);
    }

    /**
     * How much of the end of the file is in the page cache, in pages: from 0, none, to 1, all.
     *
     * <p>Errors: IllegalStateException where the file is empty.
     *
     * @param bytes of the end, from the page that they begin in; all of a file that is smaller
     */
    public double residentShareOfLast(long bytes) throws IOException {
        int page = Libc.INSTANCE.getpagesize();
        long end = Files.size(path);
        if (end == 0) {
            throw new IllegalStateException(path + " is empty");
        }
        long from = Math.max(0, end - bytes) / page * page;
        return (double) residentPages(from, end - from) / ((end - from + page - 1) / page);
    }

    /** Of a range that begins with a page. */
    private long residentPages(long offset, long length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int pageBytes = Libc.INSTANCE.getpagesize();
        byte[] resident = new byte[Math.toIntExact((length + pageBytes - 1) / pageBytes)];
        int fd = Libc.INSTANCE.open(path.toString(), Libc.O_RDONLY);
        try {
            Pointer mapping = Libc.INSTANCE.mmap(Pointer.NULL, length, Libc.PROT_READ, Libc.MAP_SHARED, fd, offset);
            Libc.INSTANCE.mincore(mapping, length, resident);
            Libc.INSTANCE.munmap(mapping, length);
        } finally {
            Libc.INSTANCE.close(fd);
        }
        long pages = 0;
        for (byte page : resident) {
            pages += page & 1;
        }
        return pages;
    }

    /** What the file has from a position on, as it was written. */
    byte[] content(long position, int length) {
        int skip = (int) (position % Long.BYTES);
        ByteBuffer words = ByteBuffer.allocate((skip + length + Long.BYTES - 1) / Long.BYTES * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(words, position - skip, skip + length);
        byte[] content = new byte[length];
        words.position(skip).get(content);
        return content;
    }

    /** The digest of which {@link #sha256} gives the result. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private void appendTo(FileChannel channel, long from, long length) throws IOException {
        int page = Libc.INSTANCE.getpagesize();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES + page).alignedSlice(page).order(ByteOrder.LITTLE_ENDIAN);
        long position = from;
        while (position < from + length) {
            int skip = (int) (position % Long.BYTES);
            fill(buffer, position - skip, Math.min(BUFFER_BYTES, from + length - position + skip));
            buffer.position(skip);
            while (buffer.hasRemaining()) {
                position += channel.write(buffer);
            }
        }
    }

    /** Leaves in the buffer the content of {@code length} bytes from a position that is a multiple of 8. */
    private void fill(ByteBuffer buffer, long position, long length) {
        buffer.clear();
        long word = position / Long.BYTES;
        while (buffer.position() < length) {
            buffer.putLong(word(word++));
        }
        buffer.flip().limit((int) length);
    }

    private long word(long index) {
        long mixed = seed * 31 + (index + 1) * GOLDEN_GAMMA;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static void pause() {
        try {
            DeferredSocketBuffers.free();
            Thread.sleep(EVICTION_PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a file was evicted", interrupted);
        }
    }
}
