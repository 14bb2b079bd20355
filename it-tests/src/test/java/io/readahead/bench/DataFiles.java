package io.readahead.bench;

import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The files that are served, written once and kept for the next run.
 *
 * <p>Units: bytes. Threads: one at a time.
 */
final class DataFiles {

    static final int KIB = 1024;
    static final int MIB = 1024 * KIB;

    private static final int SEED = 8;

    private DataFiles() {
    }

    /** Files {@code name-0}, {@code name-1} and so on of one size in a folder. */
    static List<Path> same(Path folder, String name, int count, long bytes) throws IOException, InterruptedException {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sizes.add(bytes);
        }
        return write(folder, name, sizes);
    }

    /** Files of sizes at random between two. */
    static List<Path> random(Path folder, String name, int count, int leastBytes, int mostBytes) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sizes.add((long) random.nextInt(leastBytes, mostBytes + 1));
        }
        return write(folder, name, sizes);
    }

    private static List<Path> write(Path folder, String name, List<Long> sizes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        ByteBuffer noise = ByteBuffer.allocateDirect(MIB);
        Random random = new Random(SEED);
        while (noise.hasRemaining()) {
            noise.putInt(random.nextInt());
        }
        List<Path> files = new ArrayList<>();
        boolean written = false;
        for (int i = 0; i < sizes.size(); i++) {
            Path file = folder.resolve(name + "-" + i + ".bin");
            files.add(file);
            if (Files.exists(file) && Files.size(file) == sizes.get(i)) {
                continue;
            }
            written = true;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                for (long left = sizes.get(i); left > 0;) {
                    left -= channel.write(noise.clear().limit((int) Math.min(left, MIB)));
                }
            }
        }
        if (written) {
            new ProcessBuilder("sync").start().waitFor();
        }
        return files;
    }

    /** Throws the files out of the page cache; what was thrown out by nobody is not cold. */
    static void evict(List<Path> files) throws IOException {
        for (Path file : files) {
            new TestFile(file, 0, 0).dropFromCache();
        }
    }

    /** Has the files in the page cache, at this process's expense. */
    static void warm(List<Path> files) throws IOException {
        for (Path file : files) {
            new TestFile(file, 0, 0).warm();
        }
    }
}
