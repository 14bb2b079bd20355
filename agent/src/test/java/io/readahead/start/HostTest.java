package io.readahead.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostTest {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1024 * MIB;

    @TempDir
    private Path folder;

    private Path proc;
    private Path cgroups;

    @BeforeEach
    void machineOfFourGigabytes() throws IOException {
        proc = folder.resolve("proc");
        cgroups = folder.resolve("cgroup");
        write(proc.resolve("meminfo"), "MemTotal:        4194304 kB\nMemFree:  1 kB\n");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void withoutCgroupsTheMachineIsTheLimit() {
        assertEquals(4 * GIB, Host.memory(proc, cgroups));
    }

    @Test
    void theSmallestGroupAboveIsTheLimit() throws IOException {
        write(proc.resolve("self/cgroup"), "0::/a/b\n");
        write(cgroups.resolve("a/b/memory.max"), "max\n");
        write(cgroups.resolve("a/memory.max"), "536870912\n");
        assertEquals(512 * MIB, Host.memory(proc, cgroups));
    }

    @Test
    void inAContainerOfVersionOneTheMountIsTheGroup() throws IOException {
        write(proc.resolve("self/cgroup"), "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n");
        write(cgroups.resolve("memory/memory.limit_in_bytes"), "268435456\n");
        assertEquals(256 * MIB, Host.memory(proc, cgroups));
    }

    @Test
    void defaultsFollowTheHost() {
        Host small = new Host(1, 256 * MIB);
        assertEquals(8, small.threads());
        assertEquals(32 * MIB, small.budgetBytes());
        assertEquals(MIB, small.windowBytes());
        Host tiny = new Host(1, 64 * MIB);
        assertEquals(16 * MIB, tiny.budgetBytes());
        assertEquals(512 * 1024, tiny.windowBytes());
        Host large = new Host(64, 512 * GIB);
        assertEquals(32, large.threads());
        assertEquals(GIB, large.budgetBytes());
        assertEquals(MIB, large.windowBytes());
    }

    @Test
    void thisMachineHasSome() {
        assertTrue(Host.current().memoryBytes() < Long.MAX_VALUE || !Files.exists(Path.of("/proc/meminfo")));
    }
}
