package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A group in the hierarchies of cgroup v1: one folder for the disk, one for the memory.
 *
 * <p>Source: {@code Documentation/admin-guide/cgroup-v1/blkio-controller.rst} and {@code memory.rst}.
 */
final class CgroupV1 implements CgroupHierarchy {

    /** A rate of 0 removes the rule. */
    private static final long NO_LIMIT = 0;

    private final List<Path> directories = new ArrayList<>();
    private final List<Path> homes = new ArrayList<>();
    private Path disk;
    private Path memory;

    private CgroupV1() {
    }

    /**
     * Makes the folders.
     *
     * @throws IOException why neither controller may be used; nothing is left behind
     */
    static CgroupV1 create(CgroupMounts mounts, String name) throws IOException {
        CgroupV1 group = new CgroupV1();
        List<String> reasons = new ArrayList<>();
        group.disk = group.directory(mounts.v1("blkio"), name, "blkio", "blkio.throttle.read_bps_device", reasons);
        group.memory = group.directory(mounts.v1("memory"), name, "memory", "memory.limit_in_bytes", reasons);
        if (group.directories.isEmpty()) {
            throw new IOException(String.join("; ", reasons));
        }
        return group;
    }

    private Path directory(Optional<Path> own, String name, String controller, String knob, List<String> reasons) {
        if (own.isEmpty()) {
            reasons.add("no cgroup v1 " + controller + " controller is mounted");
            return null;
        }
        try {
            Path directory = CgroupDirectory.create(own.get(), name, knob);
            directories.add(directory);
            homes.add(own.get());
            return directory;
        } catch (IOException e) {
            reasons.add("cgroup v1 " + controller + ": " + CgroupDirectory.reason(e));
            return null;
        }
    }

    @Override
    public String version() {
        return "cgroup v1";
    }

    @Override
    public List<Path> directories() {
        return directories;
    }

    @Override
    public List<Path> homes() {
        return homes;
    }

    @Override
    public boolean throttles() {
        return disk != null;
    }

    @Override
    public boolean limitsMemory() {
        return memory != null;
    }

    @Override
    public void throttleRead(BlockDevice device, long bytesPerSecond) throws IOException {
        CgroupDirectory.write(disk.resolve("blkio.throttle.read_bps_device"), device.number() + " " + bytesPerSecond);
    }

    @Override
    public void throttleReadOperations(BlockDevice device, long perSecond) throws IOException {
        CgroupDirectory.write(disk.resolve("blkio.throttle.read_iops_device"), device.number() + " " + perSecond);
    }

    @Override
    public void unthrottleRead(BlockDevice device) throws IOException {
        throttleRead(device, NO_LIMIT);
        throttleReadOperations(device, NO_LIMIT);
    }

    @Override
    public void limitMemory(long bytes) throws IOException {
        CgroupDirectory.write(memory.resolve("memory.limit_in_bytes"), Long.toString(bytes));
        // Memory pressure is to cost page cache, not to send the JVM's heap to swap.
        Path swappiness = memory.resolve("memory.swappiness");
        if (Files.exists(swappiness)) {
            CgroupDirectory.write(swappiness, "0");
        }
    }
}
