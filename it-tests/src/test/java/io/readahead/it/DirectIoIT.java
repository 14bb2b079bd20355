package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TemporaryMount;
import io.readahead.kit.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files that are not, or not always, read through the page cache are read once, as without the agent. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class DirectIoIT {

    private static final long FILE_BYTES = 16 << 20;
    /** The daemon reads some requests of a few bytes too. */
    private static final long MOST_FETCHED_BYTES = FILE_BYTES + FILE_BYTES / 10;

    /** Twice the file would be read by both, and some classes are. */
    private static final long MOST_READ_BYTES = FILE_BYTES + FILE_BYTES / 2;

    @TempDir(factory = OnDisk.class)
    private Path work;

    @Parameter
    private Jdk jdk;

    private ServerProcess send(Path file, Object... arguments) throws Exception {
        return ServerProcess.on(jdk).main(Artifacts.testClasses().toString(), "io.readahead.it.app.OneTransfer")
                .agent(Artifacts.agentJar(), NioServer.PACKAGES).property("readahead.debug.stats", true).arguments(file)
                .arguments(arguments).run();
    }

    @Test
    void aChannelThatPassesThePageCacheByIsReadOnceAndParksNowhere() throws Exception {
        Requirement.linux().orSkip();
        TestFile file = TestFile.write(work.resolve("direct.bin"), FILE_BYTES);
        ServerProcess program = send(file.evict().path(), "DIRECT");
        AgentStats stats = program.stats();
        assertAll(program.toString(),
                () -> assertEquals("sent " + FILE_BYTES + " bytes", program.stdout().get(0)),
                () -> assertTrue(Long.parseLong(program.stdout().get(1).split(" ")[1]) < MOST_READ_BYTES, "bytes read"),
                () -> assertEquals(0, stats.parks(), "parks"),
                () -> assertEquals(0, stats.warmupBytes(), "bytes read ahead"));
    }

    @Test
    void ofAFuseMountWithDirectIoTheBackEndIsReadOnce() throws Exception {
        Requirement.root().orSkip();
        Requirement.command("bindfs").orSkip();
        TestFile file = TestFile.write(Files.createDirectory(work.resolve("stored")).resolve("direct.bin"), FILE_BYTES);
        try (TemporaryMount mount = TemporaryMount.fuse(work.resolve("stored"), work.resolve("served"), List.of(), "-o", "direct_io")) {
            long before = mount.fetchedBytes();
            ServerProcess program = send(mount.root().resolve(file.path().getFileName()));
            long fetched = mount.fetchedBytes() - before;
            AgentStats stats = program.stats();
            assertAll(fetched + " bytes fetched; " + program,
                    () -> assertEquals("sent " + FILE_BYTES + " bytes", program.stdout().get(0)),
                    () -> assertTrue(fetched >= FILE_BYTES && fetched <= MOST_FETCHED_BYTES, "bytes that the daemon was asked for"),
                    () -> assertEquals(0, stats.parkedNow(), "parkedNow"));
        }
    }
}
