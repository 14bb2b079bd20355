package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A group in the one hierarchy of cgroup v2.
 *
 * <p>A controller works in a group only if the parent's {@code cgroup.subtree_control} names it, and a parent that names one may
 * hold no processes, unless it is the root. Our own group holds us, so the new one goes below the nearest ancestor that names
 * what we need, or that lets us name it: for root on a systemd machine that is the root group at the latest. A controller that
 * we named stays named: others may have come to rely on it, and alone it changes nothing.
 *
 * <p>Source: {@code Documentation/admin-guide/cgroup-v2.rst}: Top-down Constraint, No Internal Process Constraint, io.max.
 */
final class CgroupV2 implements CgroupHierarchy {

    private static final List<String> WANTED = List.of("io", "memory");

    private final Path directory;
    private final Path home;
    private final boolean throttles;
    private final boolean limitsMemory;

    private CgroupV2(Path directory, Path home) {
        this.directory = directory;
        this.home = home;
        this.throttles = Files.exists(directory.resolve("io.max"));
        this.limitsMemory = Files.exists(directory.resolve("memory.max"));
    }

    /** True if the v2 hierarchy is mounted and holds controllers; in hybrid set-ups v1 has them all. */
    static boolean inUse(CgroupMounts mounts) {
        return mounts.v2Root()
                .map(root -> CgroupMounts.words(root.resolve("cgroup.controllers")))
                .filter(controllers -> WANTED.stream().anyMatch(controllers::contains))
                .isPresent();
    }

    /**
     * Makes the folder, below the ancestor that gives most of what is wanted, the nearest of equals.
     *
     * @throws IOException why no ancestor will do; nothing is left behind
     */
    static CgroupV2 create(CgroupMounts mounts, String name) throws IOException {
        Path root = mounts.v2Root().orElseThrow(() -> new IOException("cgroup v2 isn't mounted"));
        Path own = mounts.v2().orElse(root);
        String reason = "no ancestor offers a controller";
        for (int wanted = WANTED.size(); wanted > 0; wanted--) {
            for (Path parent : upwards(own, root)) {
                if (offered(parent).size() < wanted) {
                    continue;
                }
                try {
                    return new CgroupV2(CgroupDirectory.create(parent, name, "cgroup.procs"), own);
                } catch (IOException e) {
                    reason = CgroupDirectory.reason(e);
                }
            }
        }
        throw new IOException("cgroup v2: " + reason);
    }

    private static List<Path> upwards(Path own, Path root) {
        List<Path> ancestors = new ArrayList<>();
        for (Path at = own; at != null && at.startsWith(root); at = at.getParent()) {
            ancestors.add(at);
        }
        return ancestors;
    }

    /** The wanted controllers that children of this group get, after we asked for those it has and doesn't pass on. */
    private static Set<String> offered(Path parent) {
        Path subtreeControl = parent.resolve("cgroup.subtree_control");
        Set<String> available = CgroupMounts.words(parent.resolve("cgroup.controllers"));
        Set<String> passedOn = CgroupMounts.words(subtreeControl);
        for (String controller : missing(available, passedOn)) {
            try {
                CgroupDirectory.write(subtreeControl, "+" + controller);
            } catch (IOException ignored) {
                // Not allowed, or the group holds processes: the next ancestor may do.
            }
        }
        Set<String> offered = new HashSet<>(CgroupMounts.words(subtreeControl));
        offered.retainAll(WANTED);
        return offered;
    }

    private static Set<String> missing(Set<String> available, Set<String> passedOn) {
        return WANTED.stream()
                .filter(controller -> available.contains(controller) && !passedOn.contains(controller))
                .collect(Collectors.toSet());
    }

    @Override
    public String version() {
        return "cgroup v2";
    }

    @Override
    public List<Path> directories() {
        return List.of(directory);
    }

    @Override
    public List<Path> homes() {
        return List.of(home);
    }

    @Override
    public boolean throttles() {
        return throttles;
    }

    @Override
    public boolean limitsMemory() {
        return limitsMemory;
    }

    @Override
    public void throttleRead(BlockDevice disk, long bytesPerSecond) throws IOException {
        CgroupDirectory.write(directory.resolve("io.max"), disk.number() + " rbps=" + bytesPerSecond);
    }

    @Override
    public void throttleReadOperations(BlockDevice disk, long perSecond) throws IOException {
        CgroupDirectory.write(directory.resolve("io.max"), disk.number() + " riops=" + perSecond);
    }

    @Override
    public void unthrottleRead(BlockDevice disk) throws IOException {
        CgroupDirectory.write(directory.resolve("io.max"), disk.number() + " rbps=max riops=max");
    }

    @Override
    public void limitMemory(long bytes) throws IOException {
        CgroupDirectory.write(directory.resolve("memory.max"), Long.toString(bytes));
        // Memory pressure is to cost page cache, not to send the JVM's heap to swap.
        Path swap = directory.resolve("memory.swap.max");
        if (Files.exists(swap)) {
            CgroupDirectory.write(swap, "0");
        }
    }
}
