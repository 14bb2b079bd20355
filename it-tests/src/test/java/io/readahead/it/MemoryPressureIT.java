package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Many slow readers, whose sockets hold most of the memory: what is read ahead is sent before the kernel takes it away again. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class MemoryPressureIT {

    private static final NettyServer KIND = new NettyServer("4.1", "nio", "/files/");
    private static final int CLIENTS = 1000;
    private static final long FILE_BYTES = 512 << 10;
    private static final long MEMORY_BYTES = 256 << 20;
    private static final long BYTES_PER_SECOND = 60_000;
    private static final double MOST_RATIO = 1.1;
    /** A 32nd of it, which may lie there unclaimed, is more than there is memory. */
    private static final String UNBOUNDED = "budget=64g";

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws Exception {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        files = TestFile.writeSeveral(root, "slow", CLIENTS, FILE_BYTES);
    }

    @Test
    void controlWithNoBoundOnWhatIsUnclaimedMuchIsReadTwice() throws Exception {
        double ratio = diskBytesPerByteSent(UNBOUNDED);
        assertTrue(ratio > MOST_RATIO, () -> "bytes read from the disk for each that was sent: " + ratio);
    }

    @Test
    void nothingIsReadTwice() throws Exception {
        double ratio = diskBytesPerByteSent("");
        assertTrue(ratio <= MOST_RATIO, () -> "bytes read from the disk for each that was sent: " + ratio);
    }

    private double diskBytesPerByteSent(String options) throws Exception {
        for (TestFile file : files) {
            file.evict();
        }
        try (CgroupLimits limits = CgroupLimits.tryCreate("memory-pressure").limits().orElseThrow()) {
            limits.limitMemory(MEMORY_BYTES);
            try (ServerProcess server = KIND.builder(jdk, root, true, options).jvm("-Xmx64m")
                    .wrapper(limits.wrapper().toArray(String[]::new)).start()) {
                long before = ProcessCounts.readBytes(server.pid());
                Downloads.atATime(KIND, server, files, () -> RawHttp.connect(server).limitRate(BYTES_PER_SECOND));
                double ratio = (ProcessCounts.readBytes(server.pid()) - before) / (double) (CLIENTS * FILE_BYTES);
                System.out.println("MemoryPressureIT on " + jdk + ", " + options + ": " + ratio + ", " + AgentHealth.afterStopOf(server));
                return ratio;
            }
        }
    }
}
