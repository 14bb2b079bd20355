package io.readahead.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TaskDelayAccountingTest {

    private static final Path SWITCH = Path.of("/proc/sys/kernel/task_delayacct");

    @Test
    void whoeverLeavesLastPutsTheSwitchBack() throws Exception {
        Requirement.root().orSkip();
        String before = Files.readString(SWITCH).strip();
        Process other = startHolder();
        assertEquals('h', other.getInputStream().read(), "the other process has it");
        TaskDelayAccounting ours = TaskDelayAccounting.switchOn();
        other.destroy();
        assertTrue(other.waitFor(10, TimeUnit.SECONDS));
        assertTrue(TaskDelayAccounting.available(), "one that still wants it keeps it on");
        ours.close();
        // Another build on this machine may hold it too.
        assertTrue(!TaskDelayAccounting.available() || before.equals("1"), "the last one puts it back");
    }

    private static Process startHolder() throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Switches it on, says so and holds it for as long as it lives. */
    static final class Holder {

        private Holder() {
        }

        public static void main(String[] arguments) throws Exception {
            try (TaskDelayAccounting held = TaskDelayAccounting.switchOn()) {
                System.out.println("h" + TaskDelayAccounting.available() + held.hashCode());
                Thread.sleep(TimeUnit.MINUTES.toMillis(1));
            }
        }
    }
}
