package io.readahead.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassedThroughTest {

    private static final String SITE = "com.example.Server.send";
    private static final int CALLS = 20_000;
    private static final long A_FEW_OBJECTS_BYTES = 4_000;

    private final PassedThrough passed = new PassedThrough();

    @Test
    void callsAreKeptBySiteReasonAndClass() {
        passed.called(SITE, PassedThrough.Reason.TARGET, "");
        passed.called(SITE, PassedThrough.Reason.TARGET, "");
        passed.called(SITE, PassedThrough.Reason.TARGET, 1);
        passed.called(SITE, PassedThrough.Reason.FILE, "");
        passed.called("com.example.Other.send", PassedThrough.Reason.TARGET, "");
        assertEquals(5, passed.sum());
        assertEquals(List.of("2 TARGET java.lang.String com.example.Server.send", "1 TARGET java.lang.String com.example.Other.send",
                "1 FILE java.lang.String com.example.Server.send", "1 TARGET java.lang.Integer com.example.Server.send"),
                passed.rows().stream().map(PassedThrough.Row::toString).toList());
    }

    @Test
    void thereAreNoMoreRowsThanTheLimitAndNoCallIsLost() {
        for (int site = 0; site < 3 * PassedThrough.MOST_ROWS; site++) {
            passed.called("site" + site, PassedThrough.Reason.TARGET, "");
        }
        assertEquals(PassedThrough.MOST_ROWS + 1, passed.rows().size());
        assertEquals(2 * PassedThrough.MOST_ROWS + " FURTHER - -", passed.rows().get(0).toString());
        passed.called("site0", PassedThrough.Reason.TARGET, "");
        assertEquals(2, passed.rows().stream().filter(row -> row.site().equals("site0")).findFirst().orElseThrow().calls());
        assertEquals(passed.sum(), passed.rows().stream().mapToLong(PassedThrough.Row::calls).sum());
    }

    @Test
    void countingAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int round = 0; round < 2; round++) {
            before = threads.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < CALLS; call++) {
                passed.called(SITE, PassedThrough.Reason.TARGET, SITE);
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < A_FEW_OBJECTS_BYTES, allocated + " bytes in " + CALLS + " calls");
    }

    @Test
    void namesWithBlanksStayOneWord() {
        passed.notWoven("com.example.a name", "com.example.a name");
        assertEquals("1 NOT_WOVEN com.example.a_name com.example.a_name", passed.rows().get(0).toString());
    }
}
