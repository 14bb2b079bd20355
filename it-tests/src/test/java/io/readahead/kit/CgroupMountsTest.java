package io.readahead.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CgroupMountsTest {

    private static final String HYBRID = """
            23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime shared:9 - cgroup cgroup rw,blkio
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """;

    private static final String HYBRID_SELF = """
            7:blkio:/
            4:memory:/user/abc
            1:cpu,cpuacct:/
            0::/
            """;

    @Test
    void eachControllerOfVersion1HasItsOwnGroup() {
        CgroupMounts mounts = CgroupMounts.parse(HYBRID, HYBRID_SELF);
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory/user/abc")), mounts.v1("memory"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/blkio")), mounts.v1("blkio"));
        assertEquals(Optional.empty(), mounts.v1("hugetlb"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/unified")), mounts.v2Root());
    }

    @Test
    void version2HasOneGroup() {
        CgroupMounts mounts = CgroupMounts.parse("29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
                "0::/user.slice/user-0.slice/session-1.scope\n");
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup")), mounts.v2Root());
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/user.slice/user-0.slice/session-1.scope")), mounts.v2());
        assertEquals(Optional.empty(), mounts.v1("memory"));
    }

    @Test
    void mountOfAContainerBeginsAtItsOwnGroup() {
        String mountinfo = "50 40 0:32 /docker/cafe /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory")), CgroupMounts.parse(mountinfo, "4:memory:/docker/cafe\n").v1("memory"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory/sub")),
                CgroupMounts.parse(mountinfo, "4:memory:/docker/cafe/sub\n").v1("memory"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory")), CgroupMounts.parse(mountinfo, "4:memory:/elsewhere\n").v1("memory"));
    }

    @Test
    void blanksInMountPointsAreDecoded() {
        assertEquals(Path.of("/mnt/a b"), Mount.parse("41 31 8:1 / /mnt/a\\040b rw - ext4 /dev/sda1 rw\n").get(0).mountPoint());
    }

    @Test
    void groupOfALivingProcessIsNoLeftover() {
        assertEquals(false, CgroupDirectory.isLeftover(Path.of("/g/readahead-" + ProcessHandle.current().pid() + "-1-x")));
        assertEquals(true, CgroupDirectory.isLeftover(Path.of("/g/readahead-2000000000-1-x")));
        assertEquals(false, CgroupDirectory.isLeftover(Path.of("/g/readahead-mine")));
    }
}
