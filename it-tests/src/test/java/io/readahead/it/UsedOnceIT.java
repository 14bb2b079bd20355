package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What was downloaded once does not push out what is hot: the kernel keeps pages that were used twice before those that were used once,
 * and that a readahead thread brought them is no use.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class UsedOnceIT {

    private static final int FILES = 300;
    /** A socket takes it at once: of what it has no room for, the next send uses the same pages again. */
    private static final long FILE_BYTES = 64 << 10;
    private static final long ALL_BYTES = FILES * FILE_BYTES;
    private static final String USED_TWICE = "active_file ";

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    @Test
    void controlADownloadOfWhatWasDownloadedBeforeCountsAsTheSecondUse() throws Exception {
        long usedTwice = downloaded(2);
        assertTrue(usedTwice > ALL_BYTES / 2, () -> "bytes that count as used twice: " + usedTwice);
    }

    @Test
    void aDownloadOfColdFilesCountsAsOneUse() throws Exception {
        long usedTwice = downloaded(1);
        assertTrue(usedTwice < ALL_BYTES / 8, () -> "bytes that count as used twice: " + usedTwice);
    }

    /** Bytes of cold files that count as used twice after so many downloads. */
    private long downloaded(int times) throws Exception {
        try (CgroupLimits limits = CgroupLimits.tryCreate("used-once").limits().orElseThrow();
                ServerProcess server = JettyExample.of(jdk, root, true).wrapper(limits.wrapper().toArray(String[]::new)).start()) {
            JettyExample.warmUp(server, root);
            for (TestFile file : files) {
                file.evict();
            }
            long before = usedTwice(limits);
            try (RawHttp client = RawHttp.connect(server)) {
                for (int time = 0; time < times; time++) {
                    for (TestFile file : files) {
                        Downloads.assertWhole(file, client.get(JettyExample.EVENT_LOOP.pathOf(file)), server);
                    }
                }
            }
            long usedTwice = usedTwice(limits) - before;
            System.out.println("UsedOnceIT " + jdk + ", downloads " + times + ": " + usedTwice + " of " + ALL_BYTES + " bytes used twice, "
                    + AgentHealth.afterStopOf(server));
            return usedTwice;
        }
    }

    /** Bytes of files that the group's processes have used at least twice, as the kernel counts them. Source: cgroups, memory.stat. */
    private static long usedTwice(CgroupLimits limits) throws IOException {
        for (Path folder : limits.directories()) {
            Path figures = folder.resolve("memory.stat");
            if (Files.exists(figures)) {
                try (Stream<String> lines = Files.lines(figures)) {
                    return lines.filter(line -> line.startsWith(USED_TWICE))
                            .mapToLong(line -> Long.parseLong(line.substring(USED_TWICE.length()))).findFirst().orElseThrow();
                }
            }
        }
        throw new IOException("no memory.stat in " + limits.directories());
    }
}
