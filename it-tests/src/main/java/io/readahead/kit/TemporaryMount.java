package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system that is made for a test, mounted on a folder of its own, and gone after it.
 *
 * <p>Errors: IllegalStateException with what the command said. Needs root.
 * <p>Threads: any, one at a time. A shutdown hook unmounts what was not closed.
 * <p>Source: mount(8), "loop"; umount frees the loop device that mount set up; bindfs(1).
 */
public final class TemporaryMount implements AutoCloseable {

    /** ext4lazyinit reads five or six bitmaps of a new mount, once, seconds later, and who counts reads would count those (Linux 5.8). */
    private static final String EXT4_READS_NOTHING_BY_ITSELF = ",no_prefetch_block_bitmaps";
    /** XFS takes no less. */
    private static final long IMAGE_BYTES = 320L << 20;
    private static final long COMMAND_SECONDS = 60;
    private static final int UNMOUNT_ATTEMPTS = 50;
    private static final long RETRY_MILLIS = 100;
    private static final int READS_DONE = 0;
    private static final int SECTORS_READ = 2;
    private static final int SECTOR_BYTES = 512;

    private final Path root;
    private final List<Path> images = new ArrayList<>();
    private final Thread closeWithThisJvm = new Thread(this::unmount);
    private Process daemon;

    private TemporaryMount(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        Runtime.getRuntime().addShutdownHook(closeWithThisJvm);
    }

    /**
     * A file system on a disk: a loop device over a sparse file.
     *
     * @param type of which there is a {@code mkfs.TYPE}
     * @param image the sparse file; is created, and deleted in the end
     * @param root where it will be; is created
     */
    public static TemporaryMount disk(String type, Path image, Path root) throws IOException {
        return disk(type, image, root, IMAGE_BYTES);
    }

    /**
     * The same, of a size.
     *
     * @param bytes of the disk
     */
    public static TemporaryMount disk(String type, Path image, Path root, long bytes) throws IOException {
        TemporaryMount mount = new TemporaryMount(root);
        mount.images.add(image);
        return mount.by(() -> {
            run("truncate", "-s", Long.toString(bytes), image.toString());
            run("mkfs." + type, "-q", image.toString());
            run("mount", "-t", type, "-o", "loop" + (type.equals("ext4") ? EXT4_READS_NOTHING_BY_ITSELF : ""), image.toString(),
                    root.toString());
        });
    }

    /** An overlay as of a container: what lies in the lower folder is seen in it. */
    public static TemporaryMount overlay(Path lower, Path root) throws IOException {
        return new TemporaryMount(root).by(() -> {
            String upper = Files.createDirectories(lower.resolveSibling("upper")).toString();
            String work = Files.createDirectories(lower.resolveSibling("work")).toString();
            run("mount", "-t", "overlay", "-o", "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work, "overlay",
                    root.toString());
        });
    }

    /** A file system without a disk. */
    public static TemporaryMount memory(Path root) throws IOException {
        return new TemporaryMount(root).by(() -> run("mount", "-t", "tmpfs", "tmpfs", root.toString()));
    }

    /**
     * A file system in user space that shows another folder.
     *
     * @param wrapper a command that is to exec what follows it: the daemon, which reads the files
     * @param options of the daemon
     */
    public static TemporaryMount fuse(Path source, Path root, List<String> wrapper, String... options) throws IOException {
        TemporaryMount mount = new TemporaryMount(root);
        return mount.by(() -> {
            List<String> command = new ArrayList<>(wrapper);
            command.addAll(List.of("bindfs", "-f"));
            command.addAll(List.of(options));
            command.addAll(List.of(source.toString(), root.toString()));
            mount.daemon = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            Await.until(root + " is mounted", mount::isMounted, () -> "daemon alive: " + mount.daemon.isAlive());
        });
    }

    /**
     * Sets how far the kernel reads ahead by itself on the disk that it is made of; who is to know of it starts afterwards.
     *
     * <p>Errors: IOException for one without a disk of its own. Source: Documentation/ABI/stable/sysfs-block, read_ahead_kb.
     */
    public TemporaryMount kernelReadahead(long kilobytes) throws IOException {
        Files.writeString(Path.of("/sys/block", BlockDevice.wholeDiskOf(root).name(), "queue/read_ahead_kb"), Long.toString(kilobytes));
        return this;
    }

    /**
     * Has the disk that it is made of read past the page cache of its image, in which what was evicted would be in memory all the same.
     *
     * <p>Errors: IOException for one without a disk of its own, or where the image's file system can't; it is unmounted then.
     * <p>Source: losetup(8), --direct-io.
     */
    public TemporaryMount pastTheCacheOfItsImage() throws IOException {
        return by(() -> run("losetup", "--direct-io=on", "/dev/" + BlockDevice.wholeDiskOf(root).name()));
    }

    /**
     * Unmounts it as an administrator would, once.
     *
     * @return false where something of it is in use
     */
    public boolean unmountsAtOnce() throws IOException, InterruptedException {
        return exitCode(new ArrayList<>(), "umount", root.toString()) == 0;
    }

    /** Where it is mounted. */
    public Path root() {
        return root;
    }

    /**
     * Bytes that were fetched so far from the disk, or by the daemon, that it is made of: what is in its page cache is not fetched.
     *
     * <p>Errors: IllegalStateException for one without either.
     * <p>Source: Documentation/block/stat.rst, sectors read, of 512 bytes each.
     */
    public long fetchedBytes() throws IOException {
        return daemon != null ? ProcessCounts.readChars(daemon.pid()) : diskFigure(SECTORS_READ) * SECTOR_BYTES;
    }

    /**
     * Reads that the disk has done that it is made of, whatever their size.
     *
     * <p>Errors: IllegalStateException for one without. Source: as above, read I/Os.
     */
    public long diskReads() throws IOException {
        return diskFigure(READS_DONE);
    }

    private long diskFigure(int field) throws IOException {
        Mount mount = Mount.on(root).filter(found -> found.source().startsWith("/dev/"))
                .orElseThrow(() -> new IllegalStateException("no disk is mounted at " + root));
        Path stat = Path.of("/sys/class/block", Path.of(mount.source()).getFileName().toString(), "stat");
        return Long.parseLong(Files.readString(stat).strip().split("\\s+")[field]);
    }

    @Override
    public void close() {
        unmount();
        try {
            Runtime.getRuntime().removeShutdownHook(closeWithThisJvm);
        } catch (IllegalStateException ignored) {
            // This JVM is ending itself.
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private TemporaryMount by(Step step) throws IOException {
        try {
            step.run();
            return this;
        } catch (Throwable failure) {
            close();
            throw new IOException(root + " could not be mounted", failure);
        }
    }

    /** A file that somebody still holds open lets go of it soon: that of a server that is ending, say. */
    private void unmount() {
        try {
            for (int attempt = 0; isMounted() && attempt < UNMOUNT_ATTEMPTS; attempt++) {
                if (exitCode(new ArrayList<>(), "umount", root.toString()) != 0) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
            if (isMounted()) {
                run("umount", "-l", root.toString());
            }
            if (daemon != null) {
                daemon.destroy();
                daemon.waitFor();
            }
            for (Path image : images) {
                Files.deleteIfExists(image);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(root + " could not be unmounted", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + root + " was unmounted", interrupted);
        }
    }

    private boolean isMounted() throws IOException {
        return Mount.on(root).isPresent();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        int exitCode = exitCode(said, command);
        if (exitCode != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": exit code " + exitCode + ", " + String.join("\n", said));
        }
    }

    private static int exitCode(List<String> said, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        LineCollector lines = new LineCollector(process.inputReader(), command[0]);
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        lines.join();
        said.addAll(lines.lines());
        return process.exitValue();
    }
}
