package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TaskDelayAccounting;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import io.readahead.kit.WithoutSystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever file system a file is on, and whoever owns it: it comes right, no loop sleeps for it, and no transfer parks for ever. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class FileSystemsIT {

    private static final NioServer KIND = NioServer.TWO_SELECTORS;
    private static final int FILES = 4;
    private static final long FILE_BYTES = 6 << 20;
    private static final long DISK_BYTES_PER_SECOND = 40 << 20;

    /** The first window of a stream, the smallest where the budget has room. */
    private static final long SMALLEST_WINDOW_BYTES = 256 << 10;
    private static final long MOST_PARKS = 3 * FILES * FILE_BYTES / SMALLEST_WINDOW_BYTES;

    /** Until the agent knows what an overlay is: each file's first two windows at most, for they are read side by side. */
    private static final long MOST_PARKS_UNTIL_KNOWN = 2 * FILES;
    private static final int HOT_FILES = 40;
    private static final int HOT_ROUNDS = 7;
    private static final long SMALL_BYTES = 20 << 10;
    /** What a readahead thread found in memory counts as there for 50 ms, where nobody else may know. */
    private static final long FOUND_IN_MEMORY_MILLIS = 50;
    /** And for 1 s where it was found again and again; longer is what stands while nothing leaves the page cache. */
    private static final long LONGER_MILLIS = 1300;

    /**
     * For each window, as agent/docs/limits.md has it. mm/readahead.c, get_init_ra_size, begins with four pages where one is asked for; now
     * and then another two are begun where a window's read has not come so far yet.
     */
    private static final long MOST_BEGUN_BYTES = 5 * 4096;
    private static final int NOBODY = 65534;
    private static final String OBSERVE = "mode=observe";

    @TempDir(factory = OnDisk.class)
    private static Path work;

    /** Every user may enter it; the folders above the source tree may be closed to others. */
    private static Path mounts;

    private static TaskDelayAccounting delayAccounting;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void prepare() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        mounts = Files.createTempDirectory("readahead-mounts-");
        Files.setPosixFilePermissions(mounts, PosixFilePermissions.fromString("rwxr-xr-x"));
        delayAccounting = TaskDelayAccounting.switchOn();
    }

    @AfterAll
    static void cleanUp() throws IOException {
        if (delayAccounting != null) {
            delayAccounting.close();
        }
        if (mounts != null) {
            try (Stream<Path> folders = Files.walk(mounts)) {
                for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(folder);
                }
            }
        }
    }

    /**
     * What came of the downloads.
     *
     * @param loops what the loops were charged with
     * @param fetchedAgain bytes that were fetched although they had been in the page cache: in the cold downloads, or in all of the hot
     * @param stats the agent's counters, if there was one
     * @param told its status, where it observed
     */
    private record Measured(ThreadDiskAccount loops, long fetchedAgain, AgentStats stats, Map<String, String> told) {
    }

    /** Whose process the server is. The files are root's, and may be read by anybody. */
    private enum User {
        OWNER, OTHER
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TMPFS")
    void controlWithoutTheAgentALoopSleeps(FileSystemKind kind) throws Exception {
        Measured measured = download(kind, User.OWNER, false, true);
        assertTrue(measured.loops().sendfileDSamples() > 0, () -> "the control must be seen asleep in sendfile: " + measured);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TMPFS")
    void coldFilesComeRightAndNoLoopSleeps(FileSystemKind kind) throws Exception {
        assertInnocent(kind, User.OWNER);
    }

    /** cachestat(2) is refused to who neither owns a file nor may write to it. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = "OVERLAY")
    void coldFilesOfAnotherUserComeRightAndNoLoopSleeps(FileSystemKind kind) throws Exception {
        assertInnocent(kind, User.OTHER);
    }

    /**
     * Before Linux 6.5 and under podman's and CRI-O's filter, of a volume that the server may not write: only preadv2 is left to ask, and
     * where it misses the kernel begins a read for who asked.
     */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"EXT4", "XFS"})
    void withoutCachestatALoopBeginsALittleOfAnotherUsersColdFilesAndSleepsForNone(FileSystemKind kind) throws Exception {
        List<String> refusing = new ArrayList<>(List.of(WithoutSystemCalls.wrapper(WithoutSystemCalls.EPERM, "cachestat")));
        refusing.add("/usr/bin/env");    // the next program is named without its folder
        Measured measured = Undisturbed.measured(() -> download(kind, User.OTHER, "", true, refusing.toArray(String[]::new)),
                one -> one.fetchedAgain() > 0 && one.loops().dSamples() > 0);
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertTrue(measured.loops().readBytes() <= measured.stats().warmups() * MOST_BEGUN_BYTES,
                        "bytes that a loop had the disk read"),
                () -> assertEquals(0, measured.loops().sendfileDSamples(), "looks at which a loop was asleep in sendfile"),
                () -> assertEquals(0, measured.loops().sleepMillis(), "milliseconds that a loop slept on the disk"));
    }

    private void assertInnocent(FileSystemKind kind, User user) throws Exception {
        // Pages that were reclaimed before they were sent are read by the loop, as promised: such a run says nothing.
        assertInnocent(Undisturbed.measured(() -> download(kind, user, true, true),
                measured -> measured.fetchedAgain() > 0 && measured.loops().dSamples() > 0));
    }

    private static void assertInnocent(Measured measured) {
        assertAll(measured.toString(),
                () -> assertTrue(measured.stats().parks() > 0, "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertTrue(measured.stats().parks() <= MOST_PARKS, "parks"),
                () -> assertEquals(0, measured.loops().readBytes(), "bytes that a loop read from the disk"),
                () -> assertEquals(0, measured.loops().sendfileDSamples(), "looks at which a loop was asleep in sendfile"),
                () -> assertEquals(0, measured.loops().sleepMillis(), "milliseconds that a loop slept on the disk"));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void hotFilesComeRightAndParkNowhereWithoutNeed(FileSystemKind kind) throws Exception {
        assertHot(kind, User.OWNER);
    }

    @Test
    void hotFilesOfAnotherUserComeRightAndParkNowhereWithoutNeed() throws Exception {
        assertHot(FileSystemKind.EXT4, User.OTHER);
    }

    /** With mode=observe, where cachestat(2) is refused or counts nothing, or no block device counts reads. */
    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({"EXT4, OTHER", "OVERLAY, OWNER", "FUSE, OTHER"})
    void observedTheVerdictIsThatOfTheKernel(FileSystemKind kind, User user) throws Exception {
        Measured measured = download(kind, user, OBSERVE, true);
        long told = Long.parseLong(measured.told().get("diskWaitMicros")) / 1000;
        long slept = measured.loops().sleepMillis();
        assertAll(measured.toString(),
                () -> assertTrue(told >= slept / 2, "told " + told + " ms, slept " + slept + " ms"),
                () -> assertTrue(measured.told().get("verdict").matches("event loop selector-.*: the agent would (probably )?help.*"),
                        "verdict"),
                () -> assertEquals(0, measured.stats().warmups(), "nothing is read ahead"));
    }

    private void assertHot(FileSystemKind kind, User user) throws Exception {
        long most = switch (kind) {
            case OVERLAY -> MOST_PARKS_UNTIL_KNOWN;
            case FUSE -> MOST_PARKS;    // its pages are dropped at each open
            default -> 0;
        };
        // Seen twice and not understood: one call goes over what is there, and nothing is read by anybody.
        Measured measured = Undisturbed.measured(() -> download(kind, user, true, false),
                one -> one.stats().parks() > most && (one.fetchedAgain() > 0 || one.stats().warmupBytes() == 0));
        assertTrue(measured.stats().parks() <= most, measured::toString);
    }

    /** Of those nobody can say what is in the page cache but a readahead thread that has been there; it need not go each time. */
    @Test
    void smallHotFilesOfAnotherUserOnOverlayParkNoMore() throws Exception {
        // Where the agent forgets, it is each time; 81 where nothing disturbs it, and a round more each time that this host reclaims.
        long most = (HOT_ROUNDS - 1) * HOT_FILES;
        // Where something leaves the page cache of this host meanwhile, they are looked at again.
        Measured measured = Undisturbed.measured(this::hotCalls, one -> one.stats().parks() > most);
        System.out.println("FileSystemsIT small hot files of another user on overlay, on " + jdk + ": " + measured);
        assertTrue(measured.stats().parks() <= most, measured::toString);
    }

    private Measured hotCalls() throws Exception {
        FileSystemKind kind = FileSystemKind.OVERLAY;
        try (CgroupLimits limits = CgroupLimits.tryCreate("file-systems").limits().orElseThrow();
                FileSystemKind.Mounted mounted = kind.mount(work, mounts, limits)) {
            List<TestFile> files = TestFile.writeSeveral(mounted.stored(), "small", HOT_FILES, SMALL_BYTES);
            try (ServerProcess server = ofAnotherUser(mounted, "", limits.wrapper().toArray(String[]::new)).start();
                    RawHttp client = RawHttp.connect(server)) {
                long before = mounted.fetchedBytes();
                for (int round = 0; round < HOT_ROUNDS; round++) {
                    Thread.sleep(round == 0 ? 0 : LONGER_MILLIS);
                    for (TestFile file : files) {
                        Downloads.assertWhole(file, client.get(KIND.pathOf(file)), server);
                    }
                }
                long fetched = mounted.fetchedBytes() - before;
                return new Measured(null, fetched, AgentHealth.afterStopOf(server), Map.of());
            }
        }
    }

    private Measured download(FileSystemKind kind, User user, boolean agent, boolean cold) throws Exception {
        return download(kind, user, agent ? "" : null, cold);
    }

    /**
     * @param options of the agent; null without it
     * @param refusing goes before the server's command
     */
    private Measured download(FileSystemKind kind, User user, String options, boolean cold, String... refusing) throws Exception {
        boolean agent = options != null;
        Requirement.command(kind.command()).orSkip();
        try (CgroupLimits limits = CgroupLimits.tryCreate("file-systems").limits().orElseThrow();
                FileSystemKind.Mounted mounted = kind.mount(work, mounts, limits)) {
            List<TestFile> files = new ArrayList<>();
            for (int number = 0; number < FILES; number++) {
                files.add(TestFile.write(mounted.stored().resolve("file-" + number + ".bin"), FILE_BYTES));
            }
            String[] limited = Stream.concat(limits.wrapper().stream(), Stream.of(refusing)).toArray(String[]::new);
            ServerProcess.Builder builder = user == User.OWNER
                    ? KIND.builder(jdk, mounted.served(), agent, agent ? options : "").wrapper(limited)
                    : ofAnotherUser(mounted, options, limited);
            try (ServerProcess server = builder.start()) {
                long before = fetchedBytes(kind, mounted);
                // Has the server load its classes, and warms the files.
                Downloads.atATime(KIND, server, files);
                if (cold) {
                    Thread.sleep(user == User.OTHER ? 2 * FOUND_IN_MEMORY_MILLIS : 0);
                    for (TestFile file : files) {
                        mounted.evict(file);
                    }
                    limits.throttleRead(mounted.stored(), DISK_BYTES_PER_SECOND);
                    before = fetchedBytes(kind, mounted) + FILES * FILE_BYTES;
                }
                ThreadDiskAccount loops;
                try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), KIND.loopThreads())) {
                    Downloads.atATime(KIND, server, files);
                    loops = sampler.stop();
                }
                Map<String, String> told = OBSERVE.equals(options) ? AgentCommand.freshStatus(server.pid()) : Map.of();
                Measured measured = new Measured(loops, fetchedBytes(kind, mounted) - before,
                        agent ? AgentHealth.afterStopOf(server) : null, told);
                System.out.println("FileSystemsIT " + kind + " on " + jdk + " by " + user + ", agent " + agent + ", cold " + cold + ": "
                        + measured);
                return measured;
            }
        }
    }

    private static long fetchedBytes(FileSystemKind kind, FileSystemKind.Mounted mounted) throws IOException {
        return kind == FileSystemKind.TMPFS ? 0 : mounted.fetchedBytes();
    }

    /** With the agent, and all of it readable: agent and classes are copied to where the files are. */
    private ServerProcess.Builder ofAnotherUser(FileSystemKind.Mounted mounted, String options, String[] wrapper) throws IOException {
        Path jar = Files.copy(Artifacts.agentJar(), mounted.stored().resolve("agent.jar"));
        Path classes = Files.createDirectory(mounted.stored().resolve("classes"));
        Path app = Path.of("io/readahead/it/app");
        Files.createDirectories(classes.resolve(app));
        try (Stream<Path> originals = Files.list(Artifacts.testClasses().resolve(app))) {
            for (Path original : originals.toList()) {
                Files.copy(original, classes.resolve(app).resolve(original.getFileName()));
            }
        }
        return NioServer.from(classes, jdk, mounted.served())
                .agent(jar, NioServer.PACKAGES + (options.isEmpty() ? "" : "," + options)).property("readahead.debug.stats", true)
                .wrapper(wrapper).wrapper("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }
}
