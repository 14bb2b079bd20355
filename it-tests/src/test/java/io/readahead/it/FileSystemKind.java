package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.TemporaryMount;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** File systems that answer the questions about the page cache differently, and where their files come from. */
enum FileSystemKind {

    EXT4, XFS, BTRFS,

    /**
     * As in a container; preadv2(RWF_NOWAIT) is not supported, and cachestat(2) counts 0 of what the layer below has in the page cache. A
     * readahead thread has to come to one first.
     */
    OVERLAY,

    /** By a process; preadv2(RWF_NOWAIT) is not supported, and what is in the page cache is dropped whenever the file is opened. */
    FUSE,

    /** Without a disk. */
    TMPFS;

    /** What makes it. */
    String command() {
        return switch (this) {
            case EXT4, OVERLAY -> "mkfs.ext4";
            case XFS -> "mkfs.xfs";
            case BTRFS -> "mkfs.btrfs";
            case FUSE -> "bindfs";
            case TMPFS -> "mount";
        };
    }

    /**
     * One of them, mounted.
     *
     * @param served folder that the server serves
     * @param stored folder in which the same files are written, evicted and read from the disk
     * @param copies whether served and stored files have pages of their own
     * @param mounts in the order in which they were made
     */
    record Mounted(Path served, Path stored, boolean copies, List<TemporaryMount> mounts) implements AutoCloseable {

        /** Evicts a file that was stored, also from the page cache of a file system that keeps a copy. */
        void evict(TestFile file) throws IOException {
            file.evict();
            if (copies) {
                new TestFile(served.resolve(file.path().getFileName()), file.seed(), file.size()).evict();
            }
        }

        /** Bytes that were fetched so far for what was not in the page cache, or not in that of the process's file system. */
        long fetchedBytes() throws IOException {
            return mounts.get(copies ? mounts.size() - 1 : 0).fetchedBytes();
        }

        @Override
        public void close() {
            for (int number = mounts.size() - 1; number >= 0; number--) {
                mounts.get(number).close();
            }
        }
    }

    /**
     * Makes it.
     *
     * @param images folder on a disk
     * @param below folder in which it is mounted
     * @param limits which a process obeys that reads the files in the server's stead
     */
    Mounted mount(Path images, Path below, CgroupLimits limits) throws IOException {
        Path root = below.resolve(name().toLowerCase(Locale.ROOT));
        Path image = images.resolve(name() + ".img");
        if (this == TMPFS) {
            return alone(TemporaryMount.memory(root));
        }
        if (this != OVERLAY && this != FUSE) {
            return alone(TemporaryMount.disk(root.getFileName().toString(), image, root));
        }
        TemporaryMount disk = TemporaryMount.disk("ext4", image, root.resolveSibling("below-" + root.getFileName()));
        try {
            Path stored = Files.createDirectory(disk.root().resolve("stored"));
            TemporaryMount above = this == OVERLAY ? TemporaryMount.overlay(stored, root)
                    : TemporaryMount.fuse(stored, root, limits.wrapper());
            return new Mounted(root, stored, this == FUSE, List.of(disk, above));
        } catch (Throwable failure) {
            disk.close();
            throw failure;
        }
    }

    private static Mounted alone(TemporaryMount mount) {
        return new Mounted(mount.root(), mount.root(), false, List.of(mount));
    }
}
