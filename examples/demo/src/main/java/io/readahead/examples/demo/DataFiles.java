package io.readahead.examples.demo;

import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files that the server serves: three small ones that are always asked for, some big ones that never stay in memory.
 *
 * <p>Threads: main; {@link #evictBig} by background clients too.
 */
final class DataFiles {

    static final int SMALL_FILES = 3;
    static final long SMALL_BYTES = 20 * 1024;

    private static final String SMALL = "small-";
    private static final String BIG = "big-";

    private final Path directory;
    private final Map<String, Long> sizes = new LinkedHashMap<>();
    private final List<TestFile> small = new ArrayList<>();
    private final List<TestFile> big = new ArrayList<>();

    /**
     * @param bigFiles how many
     * @param bigBytes how large each of them is
     */
    DataFiles(Path directory, int bigFiles, long bigBytes) {
        this.directory = directory;
        for (int i = 1; i <= SMALL_FILES; i++) {
            sizes.put(SMALL + i, SMALL_BYTES);
        }
        for (int i = 1; i <= bigFiles; i++) {
            sizes.put(BIG + i, bigBytes);
        }
    }

    /**
     * Writes what isn't there yet, down to the disk, and deletes what an earlier run has kept for another server.
     *
     * @throws UsageException where the file system can't evict, so that nothing would ever be cold
     */
    void create(Progress progress) throws IOException, UsageException {
        Files.createDirectories(directory);
        FileStore store = Files.getFileStore(directory);
        if (store.type().equals("tmpfs") || store.type().equals("ramfs")) {
            throw new UsageException(directory + " is on " + store.type() + ", which is memory: nothing there is ever read from a disk;"
                    + " name a folder on a disk with --data");
        }
        long missing = sizes.values().stream().mapToLong(size -> size).sum();
        for (Path file : ours()) {
            long size = Files.size(file);
            if (size == sizes.getOrDefault(file.getFileName().toString(), 0L)) {
                missing -= size;
            } else {
                Files.delete(file);
            }
        }
        requireRoom(store, missing);
        for (Map.Entry<String, Long> each : sizes.entrySet()) {
            boolean isBig = each.getKey().startsWith(BIG);
            progress.status("writing data files, " + each.getKey());
            (isBig ? big : small).add(file(each.getKey(), each.getValue()));
        }
    }

    private void requireRoom(FileStore store, long missing) throws IOException, UsageException {
        if (store.getUsableSpace() < missing) {
            throw new UsageException(directory + " has " + store.getUsableSpace() / Units.MB + " MB left of the " + missing / Units.MB
                    + " MB needed; name another folder with --data");
        }
    }

    private TestFile file(String name, long size) throws IOException {
        Path path = directory.resolve(name);
        if (Files.exists(path) && Files.size(path) == size) {
            return new TestFile(path, 0, size);
        }
        return TestFile.write(path, size);
    }

    Path directory() {
        return directory;
    }

    /** Makes everything cold, so that the server, and so its cgroup, is the first to touch any of it. */
    void evictAll() throws IOException {
        for (TestFile file : small) {
            file.evict();
        }
        for (TestFile file : big) {
            file.evict();
        }
    }

    /**
     * Makes one big file cold.
     *
     * @return false if pages stay because somebody reads them, or has mapped them
     */
    boolean evictBig(int index) throws IOException {
        try {
            big.get(index).evict();
            return true;
        } catch (IllegalStateException stays) {
            return false;
        }
    }

    /** How many pages of the small files are in memory; once warm, the number should not change. */
    long residentSmallPages() throws IOException {
        long resident = 0;
        for (TestFile file : small) {
            resident += file.residentPages();
        }
        return resident;
    }

    /** Paths below the server's root. */
    List<String> smallPaths() {
        return names(small);
    }

    List<String> bigPaths() {
        return names(big);
    }

    private static List<String> names(List<TestFile> files) {
        return files.stream().map(file -> file.path().getFileName().toString()).toList();
    }

    /** Deletes the files and their folder, unless something else lies in it. */
    void delete() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (Path file : ours()) {
            Files.deleteIfExists(file);
        }
        try (Stream<Path> rest = Files.list(directory)) {
            if (rest.findAny().isEmpty()) {
                Files.delete(directory);
            }
        }
    }

    private List<Path> ours() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(DataFiles::isOurs).toList();
        }
    }

    private static boolean isOurs(Path file) {
        return file.getFileName().toString().matches("(" + SMALL + "|" + BIG + ")[0-9]+");
    }
}
