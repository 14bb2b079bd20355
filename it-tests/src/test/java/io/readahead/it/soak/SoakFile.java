package io.readahead.it.soak;

import io.readahead.it.FileServer;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is served, and that can be changed while it is.
 *
 * <p>A version is an inode: what is written into it never changes but for its size. A new version takes the name over in one step.
 * <p>Threads: any; changes one at a time.
 */
final class SoakFile {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final String READABLE = "rw-r--r--";
    private static final String REFUSED = "---------";

    private final int number;
    private final Path path;
    private final long mostBytes;
    private final int owner;
    private final FileHistory history;

    private SoakFile(int number, Path path, long bytes, int owner) {
        this.number = number;
        this.path = path;
        this.mostBytes = bytes;
        this.owner = owner;
        this.history = new FileHistory(FileState.steady(System.nanoTime(), 0, bytes, false, false));
    }

    /**
     * Writes the first version, and has it on the disk alone.
     *
     * @param number 1 or more, another for each file
     * @param bytes the most that it will ever have
     * @param owner user id
     */
    static SoakFile write(int number, Path path, long bytes, int owner) throws IOException {
        SoakFile file = new SoakFile(number, path, SoakContent.whole(bytes), owner);
        file.writeVersion(0, file.mostBytes);
        return file;
    }

    int number() {
        return number;
    }

    Path path() {
        return path;
    }

    long mostBytes() {
        return mostBytes;
    }

    /** The path of its URL. */
    String pathOn(FileServer kind) {
        return kind.pathOf(new TestFile(path, 0, mostBytes));
    }

    FileHistory history() {
        return history;
    }

    /** Cuts it. */
    synchronized void truncate(long bytes) throws Exception {
        FileState now = history.now();
        history.change(now.lastVersion(), bytes, now.mayBeMissing(), now.mayBeDenied(), () -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(bytes);
            }
        });
    }

    /** Has it as long as it was at first, or again. */
    synchronized void grow() throws Exception {
        FileState now = history.now();
        history.change(now.lastVersion(), mostBytes, now.mayBeMissing(), now.mayBeDenied(), () -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                append(channel, now.lastVersion(), now.largestBytes(), mostBytes);
                channel.force(false);
            }
        });
    }

    /** Puts a new version into its place, also where it is missing or refused. */
    synchronized void replace(long bytes) throws Exception {
        int version = history.now().lastVersion() + 1;
        Path other = path.resolveSibling(path.getFileName() + ".new");
        writeVersion(other, version, bytes);
        history.change(version, bytes, false, false, () -> Files.move(other, path, StandardCopyOption.ATOMIC_MOVE));
    }

    /** Takes its name away. */
    synchronized void delete() throws Exception {
        FileState now = history.now();
        history.change(now.lastVersion(), now.largestBytes(), true, false, () -> Files.delete(path));
    }

    /** Takes everybody's permissions away. */
    synchronized void deny() throws Exception {
        FileState now = history.now();
        history.change(now.lastVersion(), now.largestBytes(), false, true, () -> permit(path, REFUSED));
    }

    /** Gives them back. */
    synchronized void allow() throws Exception {
        FileState now = history.now();
        history.change(now.lastVersion(), now.largestBytes(), false, false, () -> permit(path, READABLE));
    }

    /** Throws a part of it out of the page cache, where there is a file. @return whether there was */
    synchronized boolean evict(long offset, long length) throws IOException {
        if (history.now().mayBeMissing()) {
            return false;
        }
        new TestFile(path, 0, mostBytes).dropFromCache(offset, length);
        return true;
    }

    private void writeVersion(int version, long bytes) throws IOException {
        writeVersion(path, version, bytes);
    }

    private void writeVersion(Path to, int version, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            append(channel, version, 0, bytes);
            channel.force(false);
        }
        permit(to, READABLE);
        Files.setAttribute(to, "unix:uid", owner);
        new TestFile(to, 0, bytes).dropFromCache();
    }

    private void append(FileChannel channel, int version, long from, long to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long position = from; position < to; position += BUFFER_BYTES) {
            SoakContent.fill(buffer, number, version, position, (int) Math.min(BUFFER_BYTES, to - position));
            for (long at = position; buffer.hasRemaining();) {
                at += channel.write(buffer, at);
            }
        }
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Override
    public String toString() {
        return "file " + number + " (" + path.getFileName() + ")";
    }
}
