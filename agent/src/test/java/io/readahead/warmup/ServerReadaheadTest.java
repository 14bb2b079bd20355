package io.readahead.warmup;

import io.readahead.observe.Counters;
import io.readahead.os.EasyPosix;
import io.readahead.os.FileFacts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the kernel is told about the server's own description of a file that the server reads bits of. */
@Timeout(60)
class ServerReadaheadTest {

    private static final int SERVERS = 7;
    private static final int OURS = 8;
    private static final long DEVICE = 1;
    private static final long PAGE = 4096;
    /** What is announced at a time. */
    private static final long WINDOW = 32 * PAGE;
    /** In the middle of a page, as the batches of a log are. */
    private static final long POSITION = 10 * PAGE + 100;
    private static final long STOP_MILLIS = 10_000;
    private static final String OURS_RANDOM = "ours RANDOM 0+0";

    @TempDir
    private Path folder;

    private final Advised posix = new Advised();
    private FileChannel file;
    private SourceFile source;
    private WarmupPool pool;

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.createFile(folder.resolve("file")));
        source = new SourceFile(file, DEVICE);
        pool = new WarmupPool(posix, new Counters(), 1, Long.MAX_VALUE, 0);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void whereTheServerReadsBitsItsOwnReadaheadIsSwitchedOff() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        assertEquals(List.of(OURS_RANDOM, "server's RANDOM 0+0", "ours WILLNEED " + POSITION + "+" + WINDOW), posix.advice);
        assertEquals(List.of(11 * PAGE + "+" + (WINDOW - PAGE)), posix.counted, "whole pages that lie in the window alone");
    }

    @Test
    void theServersDescriptionIsToldOnce() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        read(POSITION + WINDOW);
        assertEquals(1, posix.advice.stream().filter(advice -> advice.startsWith("server's")).count(), posix.advice::toString);
    }

    @Test
    void aFileThatTheServerOnlySendsIsLeftAlone() throws Exception {
        posix.cachedPages = 0;
        read(POSITION);
        assertEquals(List.of(OURS_RANDOM, "ours WILLNEED " + POSITION + "+" + WINDOW), posix.advice);
    }

    @Test
    void aWindowThatIsThereForAGoodPartIsLeftAlone() throws Exception {
        posix.cachedPages = 33;
        read(POSITION);
        assertEquals(List.of(OURS_RANDOM, "ours WILLNEED " + POSITION + "+" + WINDOW), posix.advice);
    }

    @Test
    void aKernelThatCannotCountIsTakenForNothingThere() throws Exception {
        posix.cachedPages = -38;
        read(POSITION);
        assertEquals(List.of(OURS_RANDOM, "ours WILLNEED " + POSITION + "+" + WINDOW), posix.advice);
    }

    @Test
    void theEndOfThePoolGivesTheServersReadaheadBack() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        posix.advice.clear();
        assertEquals(0, pool.stop(STOP_MILLIS));
        assertEquals(List.of("server's NORMAL 0+0"), posix.advice);
    }

    @Test
    void aFileThatTheServerHasClosedNeedsNothingBack() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        posix.advice.clear();
        file.close();
        assertEquals(0, pool.stop(STOP_MILLIS));
        assertEquals(List.of(), posix.advice);
    }

    private void read(long position) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(new Warmup(source, Warmup.Range.announced(position, WINDOW), false, System::nanoTime, done::countDown));
        assertTrue(done.await(STOP_MILLIS, TimeUnit.MILLISECONDS), "the readahead ended");
    }

    /** Takes down what is advised. */
    private static final class Advised extends EasyPosix {

        private final List<String> advice = Collections.synchronizedList(new ArrayList<>());
        private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
        private volatile long cachedPages;

        @Override
        public int posix_fadvise(int fd, long offset, long length, int advised) {
            String word = switch (advised) {
                case POSIX_FADV_NORMAL -> "NORMAL";
                case POSIX_FADV_RANDOM -> "RANDOM";
                case POSIX_FADV_WILLNEED -> "WILLNEED";
                default -> throw new IllegalArgumentException("advice " + advised);
            };
            advice.add((fd == SERVERS ? "server's " : "ours ") + word + " " + offset + "+" + length);
            return 0;
        }

        @Override
        public long cachedPages(int fd, long offset, long length) {
            counted.add(offset + "+" + length);
            return cachedPages;
        }

        @Override
        public int dup(int fd) {
            return SERVERS;
        }

        @Override
        public int open(String path) {
            return OURS;
        }

        @Override
        public long sendfile(int outFd, int inFd, long offset, long count) {
            return count;
        }

        @Override
        public int stat(int fd, FileFacts result) {
            throw new UnsupportedOperationException("no worker asks");
        }
    }
}
