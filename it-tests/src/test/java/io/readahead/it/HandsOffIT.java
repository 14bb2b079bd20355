package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.OpenFiles;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TemporaryMount;
import io.readahead.kit.TestFile;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a server holds on a file stays its own while the agent reads that file ahead, and what it lets go of is let go of. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class HandsOffIT {

    private static final long MEGABYTE = 1 << 20;
    private static final long FILE_BYTES = 12 * MEGABYTE;
    private static final int PAGE_BYTES = 4096;
    private static final int SMALL_BUFFER_BYTES = 64 << 10;
    private static final int READERS = 8;
    private static final long SEGMENT_BYTES = 6 * MEGABYTE;
    /** The kernel's default up to Linux 6.16. */
    private static final long KERNEL_READAHEAD_KILOBYTES = 128;
    private static final int CLEANER_BUFFER_BYTES = 16 << 10;
    /** Metadata that one of the runs may find cached. */
    private static final long FEW_READS = 2;
    /** JEP 472: a line on stderr for SQLite's own native half. */
    private static final int RESTRICTS_NATIVES_FEATURE = 24;
    private static final String DATABASE = "served.db";
    private static final String BEGIN = "BEGIN IMMEDIATE";

    @TempDir(factory = OnDisk.class)
    private static Path work;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void asRoot() {
        Requirement.root().orSkip();
    }

    private ServerProcess keeper(Path folder) throws Exception {
        return builder(folder, true).start();
    }

    private ServerProcess.Builder builder(Path folder, boolean agent) {
        ServerProcess.Builder keeper = ServerProcess.on(jdk).jvm("-Xmx256m")
                .jvm(jdk.feature() < RESTRICTS_NATIVES_FEATURE ? new String[0] : new String[] {"--enable-native-access=ALL-UNNAMED"})
                .main(Artifacts.testClasses() + File.pathSeparator + Artifacts.sourceOf(SQLiteException.class),
                        "io.readahead.it.app.FileKeeper")
                .arguments(folder);
        return agent ? keeper.agent(Artifacts.agentJar(), NioServer.PACKAGES).property("readahead.debug.stats", true) : keeper;
    }

    private static void tell(ServerProcess keeper, Object... words) throws IOException {
        StringBuilder path = new StringBuilder();
        for (Object word : words) {
            path.append('/').append(URLEncoder.encode(word.toString(), StandardCharsets.UTF_8));
        }
        try (RawHttp client = RawHttp.connect(keeper)) {
            assertEquals(200, client.get(path.toString()).status(), path::toString);
        }
    }

    private static RawHttp begin(ServerProcess keeper, String channel) throws IOException {
        RawHttp client = RawHttp.connect(keeper, SMALL_BUFFER_BYTES);
        client.send("/send/" + channel, Map.of());
        return client;
    }

    private static void end(RawHttp client, TestFile file) throws IOException {
        client.read(Long.MAX_VALUE);
        assertEquals(file.sha256(), client.finish().sha256());
        client.close();
    }

    private static void assertParked(ServerProcess keeper) {
        long parks = AgentHealth.afterStopOf(keeper).parks();
        assertTrue(parks > 0, "nothing parked, so nothing was cold and nothing is proved");
    }

    /** Whether another process, which this is, may have a lock on a range. */
    private static boolean mayLock(TestFile file, long position, boolean shared) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock(position, MEGABYTE, shared)) {
            return lock != null;
        }
    }

    @Test
    void noLockIsLostWhicheverChannelTookItAndWhenever() throws Exception {
        TestFile file = TestFile.write(work.resolve("locked.bin"), FILE_BYTES).evict();
        try (ServerProcess keeper = keeper(work)) {
            tell(keeper, "open", "first", "locked.bin");
            tell(keeper, "open", "second", "locked.bin");
            tell(keeper, "lock", "first", 0, MEGABYTE, false);
            RawHttp client = begin(keeper, "first");
            client.read(FILE_BYTES / 4);
            tell(keeper, "lock", "first", 2 * MEGABYTE, MEGABYTE, true);
            tell(keeper, "lock", "second", 4 * MEGABYTE, MEGABYTE, false);
            assertLocks(file);
            client.read(FILE_BYTES / 4);
            assertLocks(file);
            end(client, file);
            assertLocks(file);
            file.evict();
            end(begin(keeper, "second"), file);
            assertLocks(file);
            assertParked(keeper);
        }
        assertTrue(mayLock(file, 0, false), "the control of what is asked: nobody holds it any more");
    }

    private static void assertLocks(TestFile file) {
        assertAll(() -> assertFalse(mayLock(file, 0, true), "exclusive, taken before"),
                () -> assertFalse(mayLock(file, 2 * MEGABYTE, false), "shared, taken meanwhile"),
                () -> assertTrue(mayLock(file, 2 * MEGABYTE, true), "shared by another process too"),
                () -> assertFalse(mayLock(file, 4 * MEGABYTE, true), "exclusive, taken meanwhile by another channel"),
                () -> assertTrue(mayLock(file, 6 * MEGABYTE, false), "never taken"));
    }

    @Test
    void aDatabaseThatIsServedInATransactionStaysLocked() throws Exception {
        Path path = work.resolve(DATABASE);
        try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + path + "?busy_timeout=0");
                Statement statement = own.createStatement()) {
            statement.execute("CREATE TABLE t (x)");
            statement.execute("INSERT INTO t VALUES (zeroblob(" + FILE_BYTES + "))");
            TestFile file = new TestFile(path, 0, Files.size(path)).evict();
            try (ServerProcess keeper = keeper(work)) {
                tell(keeper, "sql", DATABASE, BEGIN);
                assertBusy(statement);
                tell(keeper, "open", "database", DATABASE);
                file.evict();
                try (RawHttp client = begin(keeper, "database")) {
                    client.read(FILE_BYTES / 2);
                    assertBusy(statement);
                    client.read(Long.MAX_VALUE);
                    assertTrue(client.finish().complete());
                }
                assertBusy(statement);
                tell(keeper, "sql", DATABASE, "COMMIT");
                statement.execute(BEGIN);
                statement.execute("COMMIT");
                assertParked(keeper);
            }
        }
    }

    private static void assertBusy(Statement statement) {
        SQLException refused = assertThrows(SQLException.class, () -> statement.execute(BEGIN));
        assertEquals(SQLiteErrorCode.SQLITE_BUSY, ((SQLiteException) refused).getResultCode());
    }

    @Test
    void severalReadersOfOneFuseFileHaveItFetchedOnce() throws Exception {
        Requirement.command("bindfs").orSkip();
        Path stored = Files.createDirectories(work.resolve("once-stored"));
        TestFile file = TestFile.write(stored.resolve("file.bin"), FILE_BYTES);
        try (TemporaryMount fuse = TemporaryMount.fuse(stored, work.resolve("once"), List.of());
                ServerProcess keeper = keeper(fuse.root())) {
            tell(keeper, "open", "file", "file.bin");
            new TestFile(fuse.root().resolve("file.bin"), 0, 0).evict();
            long before = fuse.fetchedBytes();
            List<RawHttp> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                readers.add(begin(keeper, "file"));
                for (RawHttp each : readers) {
                    each.read(MEGABYTE);
                }
            }
            for (RawHttp each : readers) {
                end(each, file);
            }
            long fetched = fuse.fetchedBytes() - before;
            assertTrue(fetched >= FILE_BYTES && fetched < FILE_BYTES + MEGABYTE, fetched + " bytes fetched of " + FILE_BYTES);
            assertParked(keeper);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "fuse"})
    void whatTheServerHasClosedCanBeDeletedAndUnmountedAtOnce(String kind) throws Exception {
        Requirement.command(kind.equals("fuse") ? "bindfs" : "mkfs.ext4").orSkip();
        try (TemporaryMount mount = kind.equals("fuse")
                ? TemporaryMount.fuse(Files.createDirectories(work.resolve("gone-stored")), work.resolve("gone-fuse"), List.of())
                : TemporaryMount.disk("ext4", work.resolve("gone-image"), work.resolve("gone-ext4"));
                ServerProcess keeper = keeper(mount.root())) {
            Path folder = Files.createDirectory(mount.root().resolve("folder"));
            for (long part : new long[] {FILE_BYTES, FILE_BYTES / 2}) {
                TestFile file = TestFile.write(folder.resolve("file.bin"), FILE_BYTES).evict();
                tell(keeper, "open", "file", "folder/file.bin");
                try (RawHttp client = begin(keeper, "file")) {
                    assertEquals(part, client.read(part));
                    awaitQuiet(mount);
                    tell(keeper, "close", "file");
                    assertEquals(List.of(), ProcessCounts.descriptors(keeper.pid()).stream().filter(name -> name.contains("file.bin"))
                            .toList(), "descriptors");
                    Files.delete(file.path());
                }
                try (Stream<Path> left = Files.list(folder)) {
                    assertEquals(List.of(), left.toList(), "what lies in the folder");
                }
            }
            Files.delete(folder);
            assertTrue(mount.unmountsAtOnce());
            assertParked(keeper);
        }
    }

    /** Nothing more is read: the client takes no more, and every window that was begun has ended. */
    private static void awaitQuiet(TemporaryMount mount) throws Exception {
        long[] last = {-1};
        Await.until("nothing is read any more", () -> {
            long before = last[0];
            last[0] = mount.fetchedBytes();
            Thread.sleep(100);
            return last[0] == before;
        });
    }

    @Test
    void theKernelReadsAheadForTheServerAgainWhenTheStreamIsThrough() throws Exception {
        TestFile file = TestFile.write(work.resolve("advised.bin"), FILE_BYTES).evict();
        try (ServerProcess keeper = keeper(work)) {
            tell(keeper, "open", "file", "advised.bin");
            // A piece of each window, as a server reads that looks into what it sends.
            for (long position = PAGE_BYTES; position < FILE_BYTES; position += MEGABYTE / 4) {
                tell(keeper, "read", "file", position, PAGE_BYTES);
            }
            RawHttp client = begin(keeper, "file");
            client.read(FILE_BYTES / 2);
            // Again and again, for a stream that has nothing to do for 2 s lets go of the file.
            boolean off = pagesReadFor(keeper, file) == 1;
            while (!off && client.received() < FILE_BYTES - MEGABYTE) {
                client.read(MEGABYTE / 4);
                off = pagesReadFor(keeper, file) == 1;
            }
            assertTrue(off, "while the stream goes on, the readahead is off");
            client.read(Long.MAX_VALUE);
            assertEquals(file.sha256(), client.finish().sha256());
            client.close();
            Await.until("the kernel reads ahead again", () -> pagesReadFor(keeper, file) > 1);
            assertParked(keeper);
        }
    }

    /** With -Pmatrix. */
    static List<Integer> readsPerSecond() {
        return Jdks.matrix() ? List.of(200) : List.of();
    }

    @ParameterizedTest(name = "{0} reads a second", allowZeroInvocations = true)
    @MethodSource("readsPerSecond")
    void whoReadsAFileThroughAfterAColdConsumerNeedsAsManyReadsAsWithoutTheAgent(int perSecond) throws Exception {
        Requirement.cgroups().orSkip();
        try (TemporaryMount disk = TemporaryMount.disk("ext4", work.resolve("segment-image"), work.resolve("segments"))
                .kernelReadahead(KERNEL_READAHEAD_KILOBYTES);
                CgroupLimits limits = CgroupLimits.tryCreate("cleaner").limits().orElseThrow()) {
            TestFile segment = TestFile.write(disk.root().resolve("segment.log"), SEGMENT_BYTES);
            limits.throttleReadOperations(disk.root(), perSecond);
            long without = cleanerReads(false, limits, disk, segment, false);
            long with = cleanerReads(true, limits, disk, segment, false);
            long advised = cleanerReads(true, limits, disk, segment, true);
            String figures = "reads: " + without + " without the agent, " + with + " with it, " + advised + " where advice is left behind";
            System.out.println("HandsOffIT " + jdk + ", " + figures);
            assertTrue(with <= without + FEW_READS, figures);
            assertTrue(advised > 2 * without, () -> "the control: " + figures);
        }
    }

    /** Reads of the disk for a segment that is read through on the channel from which a cold consumer had it before. */
    private long cleanerReads(boolean agent, CgroupLimits limits, TemporaryMount disk, TestFile segment, boolean adviceLeft)
            throws Exception {
        segment.evict();
        try (ServerProcess keeper = builder(disk.root(), agent).wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            tell(keeper, "open", "file", "segment.log");
            tell(keeper, "read", "file", SEGMENT_BYTES / 2, PAGE_BYTES);
            end(begin(keeper, "file"), segment);
            Await.until("the kernel reads ahead again", () -> pagesReadFor(keeper, segment) > 1);
            segment.evict();
            if (adviceLeft) {
                OpenFiles.adviseRandom(keeper.pid(), segment.path());
            }
            long before = disk.diskReads();
            tell(keeper, "scan", "file", CLEANER_BUFFER_BYTES);
            long reads = disk.diskReads() - before;
            if (agent) {
                assertParked(keeper);
            }
            return reads;
        }
    }

    /** How much of a file's head is in the page cache after the server has read one page of it, when nothing was. */
    private static long pagesReadFor(ServerProcess keeper, TestFile file) throws Exception {
        Await.until("the head has gone", () -> file.dropFromCache(0, MEGABYTE).residentPages(MEGABYTE) == 0);
        tell(keeper, "read", "file", 0, PAGE_BYTES);
        return file.residentPages(MEGABYTE);
    }
}
