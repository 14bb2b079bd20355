package io.readahead.survey;

import io.readahead.observe.Counters;
import io.readahead.os.Errno;
import io.readahead.os.FakePosix;
import io.readahead.os.FileFacts;
import io.readahead.os.ThreadUsage;
import io.readahead.server.KafkaTls;
import io.readahead.server.NettyEpoll;
import io.readahead.server.Reflection;
import io.readahead.server.UndertowResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What counts as a wait for the disk, from what the kernel says before and after a call. The calls themselves are real ones. */
class SurveyTest {

    private static final int BYTES = 4096;
    private static final String SITE = "com.example.Sender.send";
    private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(6);

    @TempDir
    private Path folder;

    private final Kernel kernel = new Kernel();
    private final Counters counters = new Counters();
    private final Reflection reflection = new Reflection(null);
    private long nowNanos;
    private Throwable failure;
    private final Survey survey = new Survey(kernel, counters, new NettyEpoll(reflection, line -> { }),
            new KafkaTls(reflection, line -> { }), new UndertowResponse(reflection, line -> { }),
            thrown -> failure = thrown, () -> nowNanos += CALL_NANOS);
    private FileChannel file;
    private Pipe pipe;

    /** Says what it is told to; asked before a call and after it. */
    private static final class Kernel extends FakePosix {

        private long cached = 1;
        private long inode = 1;
        private boolean knowsThreads = true;
        private boolean sleepsInCalls;
        private boolean readsInCalls;
        private boolean inCall;
        private long readBlocks;
        private long sleeps;
        private boolean faultsInCalls;
        private long faults;

        @Override
        public long cachedPages(int fd, long offset, long length) {
            return cached;
        }

        @Override
        public int getrusage(ThreadUsage result) {
            // Between calls a thread sleeps and reads what it likes.
            sleeps += inCall && !sleepsInCalls ? 0 : 1;
            readBlocks += inCall && !readsInCalls ? 0 : 1;
            inCall = !inCall;
            faults += inCall || !faultsInCalls ? 0 : 1;
            result.set(readBlocks, sleeps, faults);
            return knowsThreads ? 0 : -Errno.ENOSYS;
        }

        @Override
        public int stat(int fd, FileFacts result) {
            result.set(true, BYTES, DEVICE, inode);
            return 0;
        }
    }

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.write(folder.resolve("file"), new byte[BYTES]), StandardOpenOption.READ);
        pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        pipe.sink().close();
        pipe.source().close();
        assertNull(failure);
    }

    @Test
    void hotCallsAreHotHoweverLongTheyTake() throws IOException {
        call();
        assertFound(1, 0, 0);
        assertEquals(1, counters.resident.sum());
    }

    @Test
    void sleepAloneIsNoWait() throws IOException {
        kernel.sleepsInCalls = true;    // a garbage collection, say
        call();
        assertFound(1, 0, 0);
    }

    @Test
    void absentPagesAndSleepAreAWaitOfTheWholeCall() throws IOException {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        call();
        assertFound(1, 1, 1);
        assertEquals(CALL_NANOS, survey.findings().sum().longestNanos());
    }

    @Test
    void readsOfItsOwnAndSleepAreAWaitWhereverTheyWere() throws IOException {
        kernel.readsInCalls = true;
        call();
        assertFound(1, 1, 0);
        kernel.sleepsInCalls = true;
        call();
        assertFound(2, 2, 1);
    }

    @Test
    void readsOfCodeThatTheCallFirstRunsAreNotTheFiles() throws IOException {
        kernel.readsInCalls = true;
        kernel.sleepsInCalls = true;
        kernel.faultsInCalls = true;
        call();
        assertFound(1, 0, 0);
    }

    @Test
    void absentPagesWithoutSleepAreColdAndNoWait() throws IOException {
        kernel.cached = 0;    // a hole of a sparse file, say
        call();
        assertFound(1, 1, 0);
    }

    @Test
    void whoSleepsSoonAfterTheDiskWasAskedForTheSameFileWaitsForIt() throws IOException {
        kernel.cached = 0;
        call();
        kernel.cached = 1;
        kernel.sleepsInCalls = true;
        call();
        assertFound(2, 2, 1);
        kernel.inode = 2;
        call();
        assertFound(3, 2, 1);
        kernel.inode = 1;
        nowNanos += LATER_NANOS;
        call();
        assertFound(4, 2, 1);
    }

    @Test
    void whereTheKernelTellsNothingOfThreadsAbsentPagesAreAWait() throws IOException {
        kernel.knowsThreads = false;
        call();
        assertFound(1, 0, 0);
        kernel.cached = 0;
        call();
        assertFound(2, 1, 1);
    }

    @Test
    void aCountPastTheEndOfTheFileIsNotCold() throws IOException {
        survey.transferTo(file, 0, 100 * BYTES, pipe.sink(), SITE);
        assertFound(1, 0, 0);
    }

    @Test
    void blockingTargetsAndFilesAreNotLookedAt() throws IOException {
        pipe.sink().configureBlocking(true);
        call();
        try (FileChannel other = FileChannel.open(folder.resolve("other"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertEquals(BYTES, survey.transferTo(file, 0, BYTES, other, SITE));
        }
        assertFound(0, 0, 0);
    }

    @Test
    void theServersExceptionsPass() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> survey.transferTo(file, -1, BYTES, pipe.sink(), SITE));
        assertThrows(NullPointerException.class, () -> survey.transferTo(file, 0, BYTES, null, SITE));
        file.close();
        assertThrows(IOException.class, () -> survey.transferTo(file, 0, BYTES, pipe.sink(), SITE));
        assertFound(0, 0, 0);
    }

    @Test
    void whatAThreadDidIsKeptWhenItHasEnded() throws Exception {
        kernel.cached = 0;
        kernel.sleepsInCalls = true;
        Thread loop = new Thread(() -> {
            try {
                call();
            } catch (IOException e) {
                failure = e;
            }
        }, "loop-7");
        loop.start();
        loop.join();
        survey.sweep();
        assertFound(1, 1, 1);
        assertEquals("loop-7", survey.findings().loops().get(0).name());
        assertEquals(SITE, survey.findings().loops().get(0).site());
    }

    private void call() throws IOException {
        assertEquals(BYTES, survey.transferTo(file, 0, BYTES, pipe.sink(), SITE));
    }

    private void assertFound(long calls, long cold, long waits) {
        Waits sum = survey.findings().sum();
        assertEquals(new Waits(calls, cold, waits, sum.nanos(), sum.longestNanos()), sum);
    }
}
