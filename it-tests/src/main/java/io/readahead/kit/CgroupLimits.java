package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slow disk and a small memory for one process, by a cgroup that is made for it and removed after it.
 *
 * <p>The page cache is charged to the group whose process touched a page first. So whoever wants a file to compete for the
 * limited memory evicts it before the limited process reads it; a file that somebody else wrote or read stays for ever, and free.
 *
 * <p>Threads: any, one at a time. A shutdown hook closes what was not closed.
 * <p>Source: cgroups(7).
 */
public final class CgroupLimits implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Set<CgroupLimits> OPEN = ConcurrentHashMap.newKeySet();

    private final CgroupHierarchy group;
    private final Set<BlockDevice> throttled = new LinkedHashSet<>();
    private boolean closed;

    private CgroupLimits(CgroupHierarchy group) {
        this.group = group;
    }

    /**
     * What came of asking for a group.
     *
     * @param limits the group, or empty
     * @param reason {@code cgroup v1} or {@code cgroup v2}, or why there is none
     */
    public record Attempt(Optional<CgroupLimits> limits, String reason) {
    }

    /**
     * Makes a group, if this machine and this user may.
     *
     * <p>Errors: never throws; the attempt says why not.
     *
     * @param name ends the group's name, {@code readahead-PID-NUMBER-NAME}, for who looks at the machine meanwhile
     */
    public static Attempt tryCreate(String name) {
        if (!Files.exists(Path.of("/proc/self/cgroup"))) {
            return new Attempt(Optional.empty(), "this system has no cgroups");
        }
        String unique = CgroupDirectory.PREFIX + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet()
                + "-" + name.replaceAll("[^A-Za-z0-9]+", "-");
        try {
            CgroupMounts mounts = CgroupMounts.ofThisProcess();
            CgroupLimits limits = new CgroupLimits(CgroupV2.inUse(mounts)
                    ? CgroupV2.create(mounts, unique)
                    : CgroupV1.create(mounts, unique));
            ShutdownHook.ensureInstalled();
            OPEN.add(limits);
            if (!limits.lets()) {
                limits.close();
                return new Attempt(Optional.empty(), limits.version() + ": processes may not be moved into a group of ours");
            }
            return new Attempt(Optional.of(limits), limits.version());
        } catch (IOException e) {
            return new Attempt(Optional.empty(), CgroupDirectory.reason(e));
        }
    }

    /** Whether a process may enter: a user may own the folder and yet not be allowed to move processes there from where they are. */
    private boolean lets() {
        List<String> command = wrapper();
        command.add("true");
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException noShell) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** True if the group can slow a disk; some users may limit memory only. */
    public boolean throttles() {
        return group.throttles();
    }

    /** True if the group can limit memory. */
    public boolean limitsMemory() {
        return group.limitsMemory();
    }

    /**
     * Limits the rate at which the group's processes read from a disk; a second call changes the rate.
     *
     * @param onFileSystemOf file or folder on that disk
     * @return the disk that is slow now
     */
    public BlockDevice throttleRead(Path onFileSystemOf, long bytesPerSecond) throws IOException {
        BlockDevice disk = throttleable(onFileSystemOf);
        group.throttleRead(disk, bytesPerSecond);
        throttled.add(disk);
        return disk;
    }

    /** Limits how many reads a second a disk does for the group's processes, whatever their size; as {@link #throttleRead}. */
    public BlockDevice throttleReadOperations(Path onFileSystemOf, long perSecond) throws IOException {
        BlockDevice disk = throttleable(onFileSystemOf);
        group.throttleReadOperations(disk, perSecond);
        throttled.add(disk);
        return disk;
    }

    private BlockDevice throttleable(Path onFileSystemOf) throws IOException {
        if (!throttles()) {
            throw new IOException(group.version() + " without a disk throttle");
        }
        return BlockDevice.wholeDiskOf(onFileSystemOf);
    }

    /** Takes a disk's limits away; reads that wait for it go on at once. */
    public void unthrottle(Path onFileSystemOf) throws IOException {
        BlockDevice disk = BlockDevice.wholeDiskOf(onFileSystemOf);
        if (throttled.remove(disk)) {
            group.unthrottleRead(disk);
        }
    }

    /** Limits the memory of the group's processes, the page cache of files that they read first included. */
    public void limitMemory(long bytes) throws IOException {
        if (!limitsMemory()) {
            throw new IOException(group.version() + " without a memory limit");
        }
        group.limitMemory(bytes);
    }

    /** Moves a process in; what it touched before stays charged where it is, so {@link #wrapper} is the better way to start one. */
    public void add(long pid) throws IOException {
        for (Path directory : group.directories()) {
            CgroupDirectory.write(directory.resolve("cgroup.procs"), Long.toString(pid));
        }
    }

    /** A command that puts itself into the group and then becomes the command that follows it, with the same process id. */
    public List<String> wrapper() {
        List<String> wrapper = new ArrayList<>(List.of("sh", "-c",
                "n=$1; shift; while [ \"$n\" -gt 0 ]; do echo $$ > \"$1\" || exit 126; shift; n=$((n - 1)); done; exec \"$@\"",
                "readahead-cgroup", Integer.toString(group.directories().size())));
        for (Path directory : group.directories()) {
            wrapper.add(directory.resolve("cgroup.procs").toString());
        }
        return wrapper;
    }

    /** The folders of the group, to look into its counters. */
    public List<Path> directories() {
        return List.copyOf(group.directories());
    }

    /** For people: {@code cgroup v1} or {@code cgroup v2}. */
    public String version() {
        return group.version();
    }

    /**
     * Frees the disk, moves processes that are left out of the group, and removes it.
     *
     * <p>Errors: one line on stderr with the folder that could not be removed; never throws, so that a test's own failure is not lost.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        OPEN.remove(this);
        for (BlockDevice disk : throttled) {
            try {
                group.unthrottleRead(disk);
            } catch (IOException ignored) {
                // The rule goes with the group.
            }
        }
        for (int i = 0; i < group.directories().size(); i++) {
            try {
                CgroupDirectory.remove(group.directories().get(i), group.homes().get(i));
            } catch (IOException e) {
                System.err.println("readahead: can't remove a cgroup, " + CgroupDirectory.reason(e));
            }
        }
    }

    /** Installed with the first group; a JVM that made none has none. */
    private static final class ShutdownHook {

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> List.copyOf(OPEN).forEach(CgroupLimits::close), "readahead-cgroups"));
        }

        private ShutdownHook() {
        }

        /** Runs the static initializer, once. */
        static void ensureInstalled() {
            // Being called is all.
        }
    }
}
