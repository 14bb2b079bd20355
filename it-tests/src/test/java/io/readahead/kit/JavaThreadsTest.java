package io.readahead.kit;

import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class JavaThreadsTest {

    @Test
    void idsAreReadAsJdk17AndAsLaterOnesPrintThem() {
        String printed = """
                "loop-1-of-many-threads" #33 daemon prio=5 os_prio=0 cpu=4.59ms elapsed=1.29s tid=0x00007f0ae8f4cea0 nid=0x5688 waiting on
                   java.lang.Thread.State: WAITING (parking)

                "loop-2-of-many-threads" #43 [22554] daemon prio=5 os_prio=0 cpu=7ms elapsed=1.05s tid=0x00007fdb5cc6ea20 nid=22554 runnable
                "other" #44 prio=5 os_prio=0 cpu=7ms elapsed=1.05s tid=0x00007fdb5cc6ea21 nid=7 runnable
                """;
        assertEquals(Set.of(0x5688L, 22554L), JavaThreads.idsIn(printed, Pattern.compile("loop-.*")));
    }

    @Test
    void aLivingThreadIsFoundWhereTheKernelHasIt() throws Exception {
        Object never = new Object();
        Thread waiting = new Thread(() -> {
            synchronized (never) {
                try {
                    never.wait();
                } catch (InterruptedException ignored) {
                    // the test is over
                }
            }
        }, "a-thread-with-a-long-name");
        waiting.start();
        try {
            long pid = ProcessHandle.current().pid();
            Set<Long> ids = JavaThreads.ids(Jdk.current(), pid, Pattern.compile("a-thread-with-a-long-name"));
            assertEquals(1, ids.size());
            assertEquals("a-thread-with-a", ProcessCounts.threadNames(pid).get(ids.iterator().next()));
        } finally {
            waiting.interrupt();
        }
    }
}
