package io.readahead.warmup;

import io.readahead.jdk.JdkInternals;
import io.readahead.observe.Counters;
import io.readahead.os.EasyPosix;
import io.readahead.os.FileFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private static final long DEVICE = 1;
    private static final long PAGE = 4096;
    /** What is announced at a time. */
    private static final long WINDOW = 32 * PAGE;
    /** In the middle of a page, as the batches of a log are. */
    private static final long POSITION = 10 * PAGE + 100;
    private static final long STOP_MILLIS = 10_000;
    private static final String RANDOM = "RANDOM 0+0";
    private static final String NORMAL = "NORMAL 0+0";

    @TempDir
    private Path folder;

    private final Advised posix = new Advised();
    private final Counters counters = new Counters();
    private FileChannel file;
    private SourceFile source;
    private WarmupPool pool;

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.createFile(folder.resolve("file")));
        source = new SourceFile(file, DEVICE);
        posix.descriptor = JdkInternals.descriptorOf(file);
        pool = new WarmupPool(posix, counters, 1, Long.MAX_VALUE, 0);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void whereTheServerReadsBitsItsOwnReadaheadIsSwitchedOff() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        assertEquals(List.of(RANDOM, "WILLNEED " + POSITION + "+" + WINDOW), posix.advice);
        assertEquals(List.of(11 * PAGE + "+" + (WINDOW - PAGE)), posix.counted, "whole pages that lie in the window alone");
    }

    @Test
    void theServersDescriptionIsToldOnce() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        read(POSITION + WINDOW);
        assertEquals(List.of(RANDOM), posix.lasting());
    }

    @Test
    void ofAFileThatTheServerOnlySendsItIsOffForTheTimeOfAReadAlone() throws Exception {
        posix.cachedPages = 0;
        read(POSITION);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void aWindowThatIsThereForAGoodPartIsNoReasonToLeaveItOff() throws Exception {
        posix.cachedPages = 33;
        read(POSITION);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void aKernelThatCannotCountIsTakenForNothingThere() throws Exception {
        posix.cachedPages = -38;
        read(POSITION);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void itIsOnWhileAWindowIsReadInOrder() throws Exception {
        posix.cachedPages = 3;
        read(new Warmup.Range(POSITION, WINDOW, Warmup.Way.IN_ORDER));
        assertEquals(List.of(), posix.lasting(), "it was on");
        read(POSITION);
        read(new Warmup.Range(POSITION, WINDOW, Warmup.Way.IN_ORDER));
        assertEquals(List.of(RANDOM, NORMAL, RANDOM), posix.lasting());
        assertEquals(2, counters.inOrder.sum());
        pool.release(source);
        assertEquals(List.of(RANDOM, NORMAL, RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void theAdviceGoesWhenTheFileIsReleased() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        pool.release(source);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
        source = new SourceFile(file, DEVICE);
        read(POSITION);
        assertEquals(List.of(RANDOM, NORMAL, RANDOM), posix.lasting(), "it comes again with its reason");
    }

    @Test
    void theLastOfSeveralStreamsTakesTheAdviceAway() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        SourceFile first = source;
        source = new SourceFile(file, DEVICE);
        read(POSITION);
        pool.release(first);
        pool.release(first);
        assertEquals(List.of(RANDOM), posix.lasting());
        pool.release(source);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void aFileThatNeededNoAdviceIsReleasedWithoutAny() {
        pool.release(source);
        assertEquals(List.of(), posix.lasting());
    }

    @Test
    void whatWasReleasedWhileItWasReadIsLeftAsItWas() throws Exception {
        posix.cachedPages = 3;
        posix.whenCounted = () -> pool.release(source);
        read(POSITION);
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    @Test
    void aNumberThatMayBeAnotherFilesByNowGetsBackWhatEveryFileBeginsWith() throws Exception {
        posix.cachedPages = 3;
        posix.whenAdvisedRandom = () -> {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        read(POSITION);
        assertEquals(RANDOM, posix.lasting().get(0));
        assertEquals(NORMAL, posix.lasting().get(1));
    }

    @Test
    void theEndOfThePoolGivesTheServersReadaheadBack() throws Exception {
        posix.cachedPages = 3;
        read(POSITION);
        assertEquals(0, pool.stop(STOP_MILLIS));
        assertEquals(0, pool.stop(STOP_MILLIS));
        assertEquals(List.of(RANDOM, NORMAL), posix.lasting());
    }

    private void read(long position) throws InterruptedException {
        read(Warmup.Range.announced(position, WINDOW));
    }

    private void read(Warmup.Range range) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        pool.submit(new Warmup(source, range, false, System::nanoTime, done::countDown));
        assertTrue(done.await(STOP_MILLIS, TimeUnit.MILLISECONDS), "the readahead ended");
    }

    /** Takes down what is advised. */
    private static final class Advised extends EasyPosix {

        private final List<String> advice = Collections.synchronizedList(new ArrayList<>());
        private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
        private volatile long cachedPages;
        private volatile int descriptor;
        private volatile Runnable whenCounted = () -> { };
        private volatile Runnable whenAdvisedRandom = () -> { };

        /** What outlives the call. */
        List<String> lasting() {
            return advice.stream().filter(word -> !word.startsWith("WILLNEED")).toList();
        }

        @Override
        public int posix_fadvise(int fd, long offset, long length, int advised) {
            String word = switch (advised) {
                case POSIX_FADV_NORMAL -> "NORMAL";
                case POSIX_FADV_RANDOM -> "RANDOM";
                case POSIX_FADV_WILLNEED -> "WILLNEED";
                default -> throw new IllegalArgumentException("advice " + advised);
            };
            assertEquals(descriptor, fd, "the server's own");
            advice.add(word + " " + offset + "+" + length);
            if (advised == POSIX_FADV_RANDOM) {
                whenAdvisedRandom.run();
            }
            return 0;
        }

        @Override
        public long cachedPages(int fd, long offset, long length) {
            counted.add(offset + "+" + length);
            whenCounted.run();
            return cachedPages;
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
