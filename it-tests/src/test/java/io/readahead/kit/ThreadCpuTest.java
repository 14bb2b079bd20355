package io.readahead.kit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class ThreadCpuTest {

    private static final String NAME = "spinning-test";
    private static final long SPUN_MILLIS = 300;

    /** The control of every test that claims that a thread doesn't spin. */
    @Test
    void aThreadThatSpinsIsSeen() throws Exception {
        Requirement.linux().orSkip();
        AtomicBoolean stop = new AtomicBoolean();
        Thread spinning = new Thread(() -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        }, NAME);
        spinning.setDaemon(true);
        spinning.start();
        long pid = ProcessHandle.current().pid();
        try {
            Await.until("the spinning thread has taken " + SPUN_MILLIS + " ms", () -> ThreadCpu.millis(pid, NAME) >= SPUN_MILLIS);
        } finally {
            stop.set(true);
        }
        spinning.join();
        assertTrue(ThreadCpu.millis(pid, "no thread has this name") == 0);
    }
}
