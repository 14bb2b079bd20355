package io.readahead.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallSitesTest {

    private final CallSites sites = new CallSites();

    @Test
    void callsAndColdCallsAreCountedBySite() {
        sites.called("b.B.send", true);
        sites.called("a.A.send", false);
        sites.called("b.B.send", false);
        assertEquals(Map.of("a.A.send", new CallSites.Figures(1, 0), "b.B.send", new CallSites.Figures(2, 1)), sites.figures());
        assertEquals(List.of("a.A.send", "b.B.send"), List.copyOf(sites.figures().keySet()), "in their order");
    }

    @Test
    void noCallOfManyThreadsIsLost() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int call = 0; call < 10_000; call++) {
                    sites.called("site " + call % 10, call % 2 == 0);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(10, sites.figures().size());
        assertEquals(new CallSites.Figures(4000, 4000), sites.figures().get("site 0"));
        assertEquals(new CallSites.Figures(4000, 0), sites.figures().get("site 1"));
    }
}
