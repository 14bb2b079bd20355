package io.readahead.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page of kernels has what a guest said, and whoever boots them is told what it did not show. */
class KernelPageTest {

    private static final KernelLine GUEST = KernelLine.of(KernelGuest.GUEST, KernelLine.NONE, "kernel", "6.1.1-1",
            "release", "6.1.0-1-cloud-amd64", "jdk", "17.0.1", "fs", "ext4", "cpus", 1, "memory", 700_000);
    private static final KernelLine WITHOUT = reads(KernelGuest.WITHOUT, 4 << 20, 90, "none");
    private static final KernelLine COLD = reads(KernelGuest.COLD, 0, 0, "16");
    private static final KernelLine HOT = KernelLine.of(KernelGuest.HOT, "s", "parks", 0, "downloads", 8);
    private static final KernelLine BEGUN = reads(KernelGuest.BEGUN, 0, 0, "12");
    private static final KernelLine OBSERVE = KernelLine.of(KernelGuest.OBSERVE, "s", "verdict", "waited 3 s: the agent would help");
    private static final KernelLine END = KernelLine.of(KernelGuest.END, KernelLine.NONE);

    private static KernelLine reads(String cell, long loopBytes, int asleep, String parks) {
        return KernelLine.of(cell, "s", "loopBytes", loopBytes, "fileBytes", 4 << 20, "looks", 100, "asleep", asleep,
                "asleepInSendfile", asleep, "readTwice", 0, "parks", parks);
    }

    private static KernelLine started(String probe) {
        return KernelLine.of(KernelGuest.AGENT, "s", "started", "readahead: 0.1.0 ACTIVE natives=jna probe=" + probe + " gate=selector",
                "failures", 0);
    }

    private static KernelPage page(KernelLine... lines) {
        List<String> console = new ArrayList<>(List.of("SeaBIOS", "[    1.0] booted"));
        Stream.of(lines).map(line -> "[   2.0] " + line + "\r").forEach(console::add);
        KernelPage page = new KernelPage();
        page.add("bookworm", console);
        return page;
    }

    @Test
    void aRowHasWhatTheGuestSaid() {
        KernelPage page = page(GUEST, WITHOUT, COLD, HOT, BEGUN, started("nowait"), OBSERVE, END);
        assertTrue(page.text().contains("| 6.1.1-1 | bookworm | ext4 | nowait | 4.0 of 4 MB, asleep 90 of 100 "
                + "| 0 of 4 MB, asleep 0 of 100 | 16 | 0 of 8 | 0 of 4 MB, asleep 0 of 100 | the agent would help |\n"), page::text);
        assertEquals(List.of(), page.missed());
    }

    @Test
    void whatIsPromisedIsMissed() {
        KernelLine reads = reads(KernelGuest.COLD, 4096, 0, "16");
        KernelLine parks = KernelLine.of(KernelGuest.HOT, "s", "parks", 1, "downloads", 8);
        KernelLine goesOn = reads(KernelGuest.BEGUN, 131_072, 0, "12");
        KernelLine innocent = reads(KernelGuest.WITHOUT, 0, 0, "none");
        assertAll(
                () -> assertMissed("cold files", page(GUEST, WITHOUT, BEGUN, HOT, reads, started("nowait"), OBSERVE, END)),
                () -> assertMissed("park nowhere", page(GUEST, WITHOUT, COLD, parks, BEGUN, started("nowait"), OBSERVE, END)),
                () -> assertMissed("another program", page(GUEST, WITHOUT, COLD, HOT, goesOn, started("nowait"), OBSERVE, END)),
                () -> assertMissed("observe", page(GUEST, WITHOUT, COLD, HOT, BEGUN, started("nowait"), END)),
                () -> assertMissed("control", page(GUEST, innocent, COLD, HOT, BEGUN, started("nowait"), OBSERVE, END)),
                () -> assertMissed("its end", page(GUEST, WITHOUT, COLD, HOT, BEGUN, started("nowait"), OBSERVE)));
    }

    private static void assertMissed(String claim, KernelPage page) {
        List<String> missed = page.missed();
        assertTrue(missed.size() == 1 && missed.get(0).contains(claim), missed::toString);
    }
}
