package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.ContainerProfile;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A server in what an engine makes of a container, without one: a root of its own that is an overlay and can't be written, mounts and
 * process ids of its own, users of its own as with podman, no capability, the engine's seccomp filter, a user id that no passwd knows,
 * as on OpenShift, and a memory limit. Its image is this machine's own system, below a layer that is empty.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ContainerIT {

    private static final NioServer KIND = NioServer.TWO_SELECTORS;
    private static final int FILES = 3;
    private static final long FILE_BYTES = 4 << 20;
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;
    private static final long MEMORY_BYTES = 512 << 20;
    /** An eighth of it. */
    private static final String BUDGET = " budget=64m ";
    private static final String UID = "1000660000";
    private static final String OWN_USERS = "own";
    private static final String HOSTS_USERS = "host";
    /** What a readahead thread found in memory counts as there for up to so long, where nobody else may know. */
    private static final long FORGOTTEN_MILLIS = 1100;

    /**
     * Arguments: an empty folder, the folder of the volume, that of /tmp, whose users, and the command. The first process of the namespace
     * is this shell, which waits for the server and says how that ended.
     */
    private static final String ENTER = """
            volume=$2 tmp=$3 users=$4
            mount -t tmpfs tmpfs "$1"
            root=$1/root
            mkdir "$1/layer" "$root"
            mount -t overlay -o "ro,lowerdir=$1/layer:/" overlay "$root"
            shift 4
            mount -t proc proc "$root/proc"
            mount --rbind /sys "$root/sys"
            mount -o remount,bind,ro "$root/sys"
            mount -t tmpfs -o mode=755 tmpfs "$root/dev"
            for device in null zero full random urandom; do
              : > "$root/dev/$device"
              mount --bind "/dev/$device" "$root/dev/$device"
            done
            mount --bind "$tmp" "$root/tmp"
            mount --bind "$volume" "$root$volume"
            mount -o remount,bind,ro "$root$volume"
            cd "$root"
            mkdir tmp/old
            pivot_root . tmp/old
            umount -l /tmp/old
            rmdir /tmp/old
            if [ "$users" = own ]; then
              mkfifo /tmp/ready /tmp/go
              unshare --user sh -c 'echo > /tmp/ready; read -r line < /tmp/go; exec "$@"' sh "$@" &
              server=$!
              read -r line < /tmp/ready
              echo '0 0 4294967295' > /proc/$server/uid_map
              echo '0 0 4294967295' > /proc/$server/gid_map
              echo > /tmp/go
              rm /tmp/ready /tmp/go
            else
              "$@" &
              server=$!
            fi
            code=0
            wait $server || code=$?
            exit $code
            """;

    /** Every user may enter it. On the disk of this machine's root, for it is seen in the container by the same path. */
    private static Path home;
    private static Path served;
    private static Path jar;
    private static Path classes;
    private static List<TestFile> image;
    private static List<TestFile> volume;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void prepare() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        home = Files.createTempDirectory(Path.of("/var/tmp"), "readahead-container-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        served = Files.createDirectory(home.resolve("served"));
        image = TestFile.writeSeveral(served, "image", FILES, FILE_BYTES);
        volume = TestFile.writeSeveral(home.resolve("volume"), "volume", FILES, FILE_BYTES);
        for (TestFile file : volume) {
            Files.createSymbolicLink(served.resolve(file.path().getFileName()), file.path());
            // As Kubernetes makes a volume with fsGroup, which is 0 here: only who may write is told what is in memory.
            Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-rw-r--"));
        }
        jar = Files.copy(Artifacts.agentJar(), home.resolve("agent.jar"));
        classes = home.resolve("classes");
        Path app = Path.of("io/readahead/it/app");
        Files.createDirectories(classes.resolve(app));
        try (Stream<Path> originals = Files.list(Artifacts.testClasses().resolve(app))) {
            for (Path original : originals.toList()) {
                Files.copy(original, classes.resolve(app).resolve(original.getFileName()));
            }
        }
    }

    @AfterAll
    static void cleanUp() throws IOException {
        if (home != null) {
            try (Stream<Path> all = Files.walk(home)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** A server in a container, and its process as this machine has it. */
    private record Contained(ServerProcess outside, ProcessHandle inside, CgroupLimits limits) implements AutoCloseable {

        long pid() {
            return inside.pid();
        }

        /** As the container has it. */
        String ownPid() throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream().filter(line -> line.startsWith("NSpid:")).findFirst()
                    .orElseThrow().replaceAll(".*\\s", "");
        }

        /** Its init is a shell, and unshare leaves SIGTERM to it. */
        void end() {
            inside.destroy();
            inside.onExit().join();
        }

        @Override
        public void close() {
            end();
            outside.close();
            limits.close();
        }
    }

    private Contained start(ContainerProfile profile, String users, boolean agent) throws Exception {
        CgroupLimits limits = CgroupLimits.tryCreate("container").limits().orElseThrow();
        ServerProcess outside = null;
        try {
            limits.limitMemory(MEMORY_BYTES);
            Path tmp = Files.createDirectories(home.resolve("tmp"));
            Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
            ServerProcess.Builder builder = NioServer.from(classes, jdk, served)
                    .wrapper(limits.wrapper().toArray(String[]::new))
                    .wrapper("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "container",
                            Files.createDirectories(home.resolve("root")).toString(), home.resolve("volume").toString(),
                            tmp.toString(), users)
                    // As root, who may read where the build keeps its libraries.
                    .wrapper(profile.wrapper())
                    .wrapper("/usr/bin/env", "setpriv", "--reuid=" + UID, "--regid=0", "--clear-groups", "--inh-caps=-all",
                            "--bounding-set=-all", "--no-new-privs");
            if (agent) {
                builder.agent(jar, NioServer.PACKAGES).property("readahead.debug.stats", true);
            }
            outside = builder.start();
            ProcessHandle inside = ProcessHandle.of(outside.pid()).orElseThrow().descendants()
                    .filter(each -> each.info().command().orElse("").endsWith("/java")).findFirst().orElseThrow();
            assertConfined(inside.pid());
            return new Contained(outside, inside, limits);
        } catch (Throwable failure) {
            if (outside != null) {
                outside.close();
            }
            limits.close();
            throw failure;
        }
    }

    /** That it is what it is said to be: else nothing would be proved by a server that runs in it. */
    private static void assertConfined(long pid) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
        List<String> mounts = Files.readAllLines(Path.of("/proc/" + pid + "/mounts"));
        for (String wanted : List.of("Uid:\\s+" + UID + "\\s.*", "CapEff:\\s+0+", "CapBnd:\\s+0+", "NoNewPrivs:\\s+1", "Seccomp:\\s+2",
                "NSpid:\\s+\\d+\\s+[2-9]\\d*")) {
            assertTrue(status.stream().anyMatch(line -> line.matches(wanted)), () -> wanted + " in " + status);
        }
        assertTrue(mounts.stream().anyMatch(line -> line.matches("overlay / overlay ro,.*")), () -> "a root of its own in " + mounts);
    }

    /** Has the server load its classes, those for cold files too, and leaves the files in memory. */
    private static void warmUp(Contained server, List<TestFile> files) throws Exception {
        Downloads.atATime(KIND, server.outside(), files);
        evict(files);
        Downloads.atATime(KIND, server.outside(), files);
    }

    private static void evict(List<TestFile> files) throws IOException {
        for (TestFile file : files) {
            file.evict();
        }
    }

    private static LoopReads coldDownload(Contained server, List<TestFile> files) throws Exception {
        Thread.sleep(FORGOTTEN_MILLIS);
        evict(files);
        server.limits().throttleRead(files.get(0).path(), DISK_BYTES_PER_SECOND);
        Undisturbed undisturbed = Undisturbed.since(server.pid());
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), KIND.loopThreads())) {
            Downloads.atATime(KIND, server.outside(), files);
            ThreadDiskAccount loops = sampler.stop();
            return new LoopReads(loops, undisturbed.readTwice(FILES * FILE_BYTES), null);
        } finally {
            server.limits().unthrottle(files.get(0).path());
        }
    }

    /** @param readBytes what the server has read from the disk meanwhile */
    private record Hot(long parks, long readBytes) {
    }

    private static Hot hotDownload(Contained server, List<TestFile> files) throws Exception {
        long readBytes = ProcessCounts.readBytes(server.pid());
        long parks = AgentCommand.parks(server.pid());
        for (TestFile file : files) {
            file.warm();    // a host that reclaims what is idle may have taken pages of it meanwhile
        }
        Downloads.atATime(KIND, server.outside(), files);
        return new Hot(AgentCommand.parks(server.pid()) - parks, ProcessCounts.readBytes(server.pid()) - readBytes);
    }

    @Test
    void controlWithoutTheAgentALoopReadsAllOfImageAndVolume() throws Exception {
        try (Contained server = start(ContainerProfile.DOCKER, HOSTS_USERS, false)) {
            for (List<TestFile> files : List.of(image, volume)) {
                warmUp(server, files);
                LoopReads reads = coldDownload(server, files);
                assertTrue(reads.loop().readBytes() >= FILES * FILE_BYTES && reads.loop().sendfileDSamples() > 0, reads::toString);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void noLoopReadsAndTheStartUpLineSaysWhatTheEngineAllows(ContainerProfile profile) throws Exception {
        String users = profile == ContainerProfile.PODMAN ? OWN_USERS : HOSTS_USERS;
        // preadv2 is tried on the agent's jar, which lies on the overlay here; other files are asked all the same.
        String probe = profile == ContainerProfile.DOCKER ? "cachestat" : "none";
        try (Contained server = start(profile, users, true)) {
            String started = server.outside().agentStderr().get(0);
            for (String said : List.of(" ACTIVE ", " natives=jna probe=" + probe + " ", BUDGET)) {
                assertTrue(started.contains(said), () -> said + " in " + started);
            }
            for (List<TestFile> files : List.of(image, volume)) {
                warmUp(server, files);
                LoopReads cold = LoopReads.undisturbed(() -> coldDownload(server, files));
                assertAll(profile + ", " + files.get(0).path().getFileName() + ": " + cold,
                        () -> assertEquals(0, cold.loop().readBytes(), "bytes that a loop read from the disk"),
                        () -> assertEquals(0, cold.loop().sendfileDSamples(), "looks at which a loop was asleep in sendfile"));
            }
            // What was read from the disk meanwhile was not hot.
            Hot hot = Undisturbed.measured(() -> hotDownload(server, volume), one -> one.readBytes() > 0);
            server.end();
            AgentStats stats = AgentHealth.afterStopOf(server.outside());
            assertAll(stats.toString(), () -> assertTrue(stats.parks() >= 2 * FILES, "cold files park"),
                    () -> assertEquals(0, hot.parks(), () -> "parks of hot files of the volume: " + hot));
        }
    }

    @Test
    void itIsAttachedToFromTheHostAndFromASidecar() throws Exception {
        try (Contained server = start(ContainerProfile.DOCKER, HOSTS_USERS, false)) {
            Object[] attach = {"attach", server.pid(), NioServer.PACKAGES, "--jar", jar};
            assertSaid(" ACTIVE ", AgentCommand.run(jdk, attach));
            assertHelped(server);
            assertSaid("DETACHED", AgentCommand.run(jdk, "detach", server.pid()));

            assertSaid("DETACHED", sidecar(server, "status", server.ownPid()));
            assertSaid(" ACTIVE ", sidecar(server, "attach", server.ownPid(), NioServer.PACKAGES, "--jar", jar));
            assertHelped(server);
            assertSaid("DETACHED", sidecar(server, "detach", server.ownPid()));
        }
    }

    private void assertHelped(Contained server) throws Exception {
        warmUp(server, volume);
        LoopReads cold = LoopReads.undisturbed(() -> coldDownload(server, volume));
        assertEquals(0, cold.loop().readBytes(), cold::toString);
    }

    private static void assertSaid(String word, ServerProcess command) {
        assertTrue(AgentCommand.said(command).contains(word), () -> word + " by " + command);
    }

    /** The server's process ids, user and /tmp, and nothing else of it, as of a pod that shares its process namespace. */
    private ServerProcess sidecar(Contained server, Object... arguments) throws Exception {
        String ownMounts = "mount -t proc proc /proc && mount --bind " + home.resolve("tmp") + " /tmp && exec setpriv --reuid=" + UID
                + " --regid=0 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \"$@\"";
        return ServerProcess.on(jdk).wrapper("nsenter", "--target", Long.toString(server.pid()), "--pid", "--", "unshare", "--mount",
                "sh", "-ec", ownMounts, "sidecar").jar(jar).arguments(new ArrayList<>(List.of(arguments)).toArray()).run();
    }
}
