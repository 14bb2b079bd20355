package io.readahead.kit;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Watches threads of this very process. */
class DiskSleepSamplerTest {

    private static final long PID = ProcessHandle.current().pid();
    private static final long BYTES = 8 << 20;
    private static final String NAME = "watched-reader";

    @BeforeAll
    static void onLinux() {
        Requirement.linux().orSkip();
    }

    @Test
    void chargesTheThreadThatReads() throws Exception {
        TestFile file = TestFile.write(Path.of("target", "sampler-test", "cold.bin"), BYTES).evict();
        ThreadDiskAccount first = accountOf(file);
        assertTrue(first.readBytes() >= BYTES, () -> "a cold file: " + first);
        ThreadDiskAccount second = accountOf(file);
        assertEquals(0, second.readBytes(), () -> "a hot file: " + second);
        assertEquals(0, second.sendfileDSamples(), () -> "no sendfile: " + second);
    }

    /** As a thread of a pool does that an event loop has started: for a moment it has the loop's name. */
    @Test
    void doesNotChargeAThreadThatHadTheNameOfTheOneThatStartedIt() throws Exception {
        TestFile file = TestFile.write(Path.of("target", "sampler-test", "other.bin"), BYTES).evict();
        ThreadDiskAccount account = accountOf(file, "of-another");
        assertEquals(0, account.readBytes(), account::toString);
        assertEquals(0, account.sleepMillis(), account::toString);
    }

    @Test
    void saysWhichNamesThereAre() {
        String message = assertThrows(IllegalStateException.class,
                () -> DiskSleepSampler.start(PID, "nobody-is-named")).getMessage();
        assertTrue(message.contains("java"), message);
    }

    private static ThreadDiskAccount accountOf(TestFile file) throws Exception {
        return accountOf(file, NAME);
    }

    /** @param laterName what the reader is called when it reads */
    private static ThreadDiskAccount accountOf(TestFile file, String laterName) throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread reader = new Thread(() -> read(file, laterName, begin, done, leave), NAME);
        reader.start();
        Await.until("the thread has its name", () -> ProcessCounts.threads(PID).containsKey(NAME));
        try (DiskSleepSampler sampler = DiskSleepSampler.start(PID, NAME)) {
            begin.countDown();
            done.await();
            return sampler.stop();
        } finally {
            leave.countDown();
            reader.join();
        }
    }

    /** Stays after the reading, for the account of a thread goes with it. */
    private static void read(TestFile file, String laterName, CountDownLatch begin, CountDownLatch done, CountDownLatch leave) {
        try {
            begin.await();
            Thread.currentThread().setName(laterName);
            file.warm();
            done.countDown();
            leave.await();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
