package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A thousand readers of cold files, a slow disk and a server that gives up who takes nothing for 20 s: nobody is lost who would not be
 * without the agent. It takes five minutes, and is run by its name.
 *
 * <p>The disk is so slow that windows which don't become smaller with the number of readers would kill: with 20 MB/s the second one of
 * each, 512 KB, is 26 s of the disk. Without that limit ({@code NextWindow.lengthAt}) 2 of 1,000 downloads were complete, with it 1,000,
 * without the agent 791, whose clients gave up after a minute. With 40 MB/s it is 13 s, and both kinds of windows lose nobody.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class TimersIT {

    private static final int READERS = 1000;
    private static final long FILE_BYTES = 2 << 20;
    private static final long DISK_BYTES_PER_SECOND = 20_000_000;
    /** What Tomcat has by default; the tests' own waits for ten minutes. */
    private static final int SERVER_TIMEOUT_MILLIS = 20_000;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws Exception {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        files = TestFile.writeSeveral(root, "timer", READERS, FILE_BYTES);
    }

    @Test
    void asManyDownloadsAreCompleteAsWithoutTheAgent() throws Exception {
        int without = complete(false);
        int with = complete(true);
        System.out.println("TimersIT on " + jdk + ": complete without the agent " + without + ", with it " + with + " of " + READERS);
        assertTrue(with >= without, () -> "complete without the agent " + without + ", with it " + with);
    }

    private int complete(boolean agent) throws Exception {
        for (TestFile file : files) {
            file.evict();
        }
        ExecutorService clients = Executors.newFixedThreadPool(READERS);
        try (CgroupLimits limits = CgroupLimits.tryCreate("timers").limits().orElseThrow()) {
            limits.throttleRead(root, DISK_BYTES_PER_SECOND);
            try (ServerProcess server = TomcatServer.TOMCAT_11.builder(jdk, root, agent, "")
                    .arguments("--timeout", SERVER_TIMEOUT_MILLIS).wrapper(limits.wrapper().toArray(String[]::new)).start()) {
                List<Callable<Boolean>> downloads = new ArrayList<>();
                for (TestFile file : files) {
                    downloads.add(() -> isComplete(file, server));
                }
                int complete = 0;
                for (Future<Boolean> download : clients.invokeAll(downloads)) {
                    complete += download.get() ? 1 : 0;
                }
                return complete;
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static boolean isComplete(TestFile file, ServerProcess server) {
        try (RawHttp client = RawHttp.connect(server)) {
            RawHttp.Body body = client.get(TomcatServer.TOMCAT_11.pathOf(file));
            return body.status() == 200 && body.complete() && body.sha256().equals(file.sha256());
        } catch (IOException brokenOff) {
            return false;
        }
    }
}
