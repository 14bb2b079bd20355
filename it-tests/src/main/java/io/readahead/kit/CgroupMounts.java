package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where this process's own cgroups are to be found as folders.
 *
 * <p>Groups that we make go below our own, so that limits set on us go on holding.
 * <p>Source: cgroups(7), {@code /proc/self/cgroup}; proc_pid_mountinfo(5).
 */
final class CgroupMounts {

    /** Name of the one v2 hierarchy in {@code /proc/self/cgroup}, where v1 has the names of controllers. */
    private static final String V2 = "";

    private final List<Mount> mounts;
    private final Map<String, String> ownPaths;

    private CgroupMounts(List<Mount> mounts, Map<String, String> ownPaths) {
        this.mounts = mounts;
        this.ownPaths = ownPaths;
    }

    static CgroupMounts ofThisProcess() throws IOException {
        return parse(Files.readString(Path.of("/proc/self/mountinfo")), Files.readString(Path.of("/proc/self/cgroup")));
    }

    /** Takes the text of {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}. */
    static CgroupMounts parse(String mountinfo, String selfCgroup) {
        Map<String, String> ownPaths = new HashMap<>();
        for (String line : selfCgroup.lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            for (String controller : fields[1].split(",", -1)) {
                ownPaths.put(controller, fields[2]);
            }
        }
        return new CgroupMounts(Mount.parse(mountinfo), ownPaths);
    }

    /** Our own group of a v1 controller, or empty where it isn't mounted. */
    Optional<Path> v1(String controller) {
        return mounts.stream()
                .filter(mount -> mount.type().equals("cgroup") && mount.superOptions().contains(controller))
                .findFirst()
                .map(mount -> own(mount, controller));
    }

    /** The mount point of the v2 hierarchy, or empty where it isn't mounted. */
    Optional<Path> v2Root() {
        return v2Mount().map(Mount::mountPoint);
    }

    /** Our own group in the v2 hierarchy, or empty where it isn't mounted. */
    Optional<Path> v2() {
        return v2Mount().map(mount -> own(mount, V2));
    }

    private Optional<Mount> v2Mount() {
        return mounts.stream().filter(mount -> mount.type().equals("cgroup2")).findFirst();
    }

    /** In a container the mount's root may be our own group, or ours may lie outside the mount: then the mount point has to do. */
    private Path own(Mount mount, String controller) {
        Path root = Path.of(mount.root());
        Path own = Path.of(ownPaths.getOrDefault(controller, "/"));
        if (!own.startsWith(root)) {
            return mount.mountPoint();
        }
        return mount.mountPoint().resolve(root.relativize(own).toString());
    }

    /** The words of a cgroup file that lists controllers; empty if it can't be read. */
    static Set<String> words(Path file) {
        try {
            return Set.copyOf(List.of(Files.readString(file).strip().split("\\s+")));
        } catch (IOException e) {
            return Set.of();
        }
    }
}
