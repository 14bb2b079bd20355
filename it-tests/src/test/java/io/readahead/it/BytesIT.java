package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every byte of whole files and of ranges, cold and hot, by SHA-256; all requests of a test on one connection. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class BytesIT {

    private static final long MIB = 1 << 20;
    private static final long[] SIZES = {0, 1, 4095, 4096, 4097, MIB + 1, 50 * MIB};

    /** Offset and length, of the largest file. */
    private static final long[][] RANGES = {
        {0, 1}, {1, 1}, {4095, 2}, {4096, 4096}, {12_345, MIB}, {MIB - 1, 2}, {256 * 1024 - 1, 256 * 1024 + 2}, {777, 5 * MIB + 13},
        {3 * MIB + 17, 20 * MIB}, {50 * MIB - 4097, 4097}, {50 * MIB - 1, 1}};

    private static final int DEBUG_COLD_MILLIS = 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static final List<TestFile> FILES = new ArrayList<>();

    @Parameter
    private Jdk jdk;

    /** How a file gets cold. */
    enum Cold {
        EVICTED, BY_DEBUG_OPTION
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        FILES.clear();
        for (long size : SIZES) {
            FILES.add(TestFile.write(root.resolve("bytes-" + size + ".bin"), size));
        }
    }

    @ParameterizedTest
    @EnumSource
    void fromTheEventLoop(Cold cold) throws Exception {
        AgentStats stats = transfer(jdk, "/files/", cold);
        assertTrue(stats.parks() > 0, () -> "nothing parked, so nothing was cold and nothing is proved: " + stats);
        assertEquals(0, stats.blockingWaits(), () -> "waits on the event loop: " + stats);
    }

    @ParameterizedTest
    @EnumSource
    void fromABlockingThread(Cold cold) throws Exception {
        AgentStats stats = transfer(jdk, "/blocking/", cold);
        assertTrue(stats.blockingWaits() > 0, () -> "nothing waited, so nothing was cold and nothing is proved: " + stats);
    }

    /** On the oldest JDK found that has virtual threads, whatever runs the others. */
    @Test
    void fromAVirtualThread() throws Exception {
        Requirement.jdk(Jdks.VIRTUAL_THREADS_FEATURE).orSkip();
        Jdk virtual = jdk.feature() >= Jdks.VIRTUAL_THREADS_FEATURE ? jdk : Jdks.withVirtualThreads().orElseThrow();
        AgentStats stats = transfer(virtual, "/blocking/", Cold.EVICTED, "--virtual-threads");
        assertTrue(stats.blockingWaits() > 0, () -> "nothing waited, so nothing was cold and nothing is proved: " + stats);
    }

    private static AgentStats transfer(Jdk jdk, String prefix, Cold cold, Object... arguments) throws Exception {
        ServerProcess.Builder builder = JettyExample.withAgent(jdk, root, "").arguments(arguments);
        if (cold == Cold.BY_DEBUG_OPTION) {
            builder.property("readahead.debug.cold", DEBUG_COLD_MILLIS);
        }
        try (ServerProcess server = builder.start(); RawHttp client = RawHttp.connect(server)) {
            for (TestFile file : FILES) {
                for (boolean evict : new boolean[] {cold == Cold.EVICTED, false}) {
                    Downloads.assertWhole(evict ? file.evict() : file, client.get(prefix + file.path().getFileName()), server);
                }
            }
            TestFile largest = FILES.get(FILES.size() - 1);
            for (long[] range : RANGES) {
                for (boolean evict : new boolean[] {cold == Cold.EVICTED, false}) {
                    assertRange(evict ? largest.evict() : largest, range[0], range[1], client, prefix, server);
                }
            }
            return AgentHealth.afterStopOf(server);
        }
    }

    private static void assertRange(TestFile file, long offset, long length, RawHttp client, String prefix, ServerProcess server)
            throws IOException {
        RawHttp.Body answer = client.getRange(prefix + file.path().getFileName(), offset, length);
        String what = length + " bytes from " + offset;
        assertEquals(206, answer.status(), () -> "status of " + what + "; " + server);
        assertEquals(length, answer.bytes(), () -> what + "; " + server);
        assertEquals(file.sha256(offset, length), answer.sha256(), () -> "SHA-256 of " + what + "; " + server);
    }
}
