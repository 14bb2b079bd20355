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
    private static final KernelLine USED = used(0, 3 << 20);
    private static final KernelLine OBSERVE = KernelLine.of(KernelGuest.OBSERVE, "s", "verdict", "waited 3 s: the agent would help",
            "waitMillis", 3210, "loopMillis", 2900);
    private static final KernelLine HANG = hang(4, 0, true);
    private static final KernelLine END = KernelLine.of(KernelGuest.END, KernelLine.NONE);

    private static KernelLine reads(String cell, long loopBytes, int asleep, String parks) {
        return KernelLine.of(cell, "s", "loopBytes", loopBytes, "fileBytes", 4 << 20, "looks", 100, "asleep", asleep,
                "asleepInSendfile", asleep, "asleepInRead", 0, "readTwice", 0, "parks", parks);
    }

    private static KernelLine used(long once, long twice) {
        return KernelLine.of(KernelGuest.USED, "s", "fileBytes", 4 << 20, "once", once, "twice", twice);
    }

    private static KernelLine hang(int parked, int asleep, boolean unfinished) {
        return KernelLine.of(KernelGuest.HANG, "s", "parkedMeanwhile", parked, "hotRequests", 20, "answered", true, "looks", 50,
                "asleep", asleep, "unfinished", unfinished, "whole", 4);
    }

    private static KernelLine limited(boolean agent, long reclaimedBytes) {
        return KernelLine.of(KernelGuest.LIMITED, "s", "version", "cgroup v2", "agent", agent, "memoryMax", 90 << 20,
                "reclaimedBytes", reclaimedBytes, "hitMax", 7, "killed", 0);
    }

    private static KernelLine started(String probe) {
        return KernelLine.of(KernelGuest.AGENT, "s", "started", "readahead: 0.1.0 ACTIVE natives=jna probe=" + probe + " gate=selector",
                "failures", 0);
    }

    private static List<String> console(KernelLine... lines) {
        List<String> console = new ArrayList<>(List.of("SeaBIOS", "[    1.0] booted"));
        Stream.of(lines).map(line -> "[   2.0] " + line + "\r").forEach(console::add);
        return console;
    }

    private static KernelPage page(KernelLine... lines) {
        return page("bookworm", lines);
    }

    private static KernelPage page(String row, KernelLine... lines) {
        KernelPage page = new KernelPage();
        page.add(row, "s", console(lines));
        return page;
    }

    @Test
    void aRowHasWhatTheGuestSaid() {
        KernelPage page = page(GUEST, WITHOUT, COLD, HOT, BEGUN, USED, started("nowait"), OBSERVE, END);
        assertTrue(page.text().contains("| 6.1.1-1 | bookworm | ext4 | nowait | 4.0 of 4 MB, asleep 90 of 100 "
                + "| 0 of 4 MB, asleep 0 of 100 | 16 | 0 of 8 | 0 of 4 MB, asleep 0 of 100 | 0.0, then 3.0 of 4 MB "
                + "| the agent would help; 3.2 s, 2.9 s |\n"), page::text);
        assertEquals(List.of(), page.missed());
    }

    @Test
    void aRowIsCalledByReleaseReadaheadAndKind() {
        KernelPage page = page("bookworm-8192-cgroup", GUEST, END);
        page.add("sid-xfs", "s", null);
        page.add("sid", "s", console(GUEST, KernelLine.of(KernelGuest.COLD, "s", "loopBytes", 0, "fileBytes", 16_034_206, "looks", 9,
                "asleep", 0, "asleepInSendfile", 0, "asleepInRead", 0, "parks", 4), END));
        assertAll(
                () -> assertTrue(page.text().contains("| 0 of 15.3 MB, asleep 0 of 9 | 4 |"), page::text),
                () -> assertTrue(page.text().contains("| 6.1.1-1 | bookworm, read_ahead_kb 8192 | cgroup | not run |"), page::text),
                () -> assertTrue(page.text().contains("| - | sid | xfs | not run |"), page::text),
                () -> assertTrue(page.missed().stream().anyMatch(missed -> missed.startsWith("sid-xfs, s: ")), page.missed()::toString));
    }

    @Test
    void guestsOfARowAreOneRowForEachServer() {
        KernelPage page = page(GUEST, WITHOUT, END);
        KernelLine other = KernelLine.of(KernelGuest.COLD, "t", KernelLine.FAILED, "java.lang.AssertionError: a | b");
        page.add("bookworm", "t", console(GUEST, other, END));
        assertAll(
                () -> assertTrue(page.text().contains("## s\n\n"), page::text),
                () -> assertTrue(page.text().contains("## t\n\n"), page::text),
                () -> assertTrue(page.text().contains("| failed: AssertionError: a / b |"), page::text));
    }

    @Test
    void whoEncryptsSleepsInReads() {
        KernelLine asleep = KernelLine.of(KernelGuest.COLD, "s", "loopBytes", 0, "fileBytes", 4 << 20, "looks", 100, "asleep", 5,
                "asleepInSendfile", 0, "asleepInRead", 5, "readTwice", 0, "parks", 4);
        KernelPage page = page(GUEST, WITHOUT, asleep, HOT, BEGUN, started("nowait"), OBSERVE, END);
        assertMissed("cold files", page);
        assertTrue(page.text().contains("0 of 4 MB, asleep 5 of 100"), page::text);
    }

    @Test
    void observeMayHaveSeenItOnAPool() {
        KernelLine pool = KernelLine.of(KernelGuest.OBSERVE, "s", "verdict",
                "pool thread exec-9 spent 11 % of the last 34 s: the agent would free it, and no event loop waited like that",
                "waitMillis", 1000, "loopMillis", 900);
        KernelPage page = page(GUEST, WITHOUT, COLD, HOT, BEGUN, started("nowait"), pool, END);
        assertEquals(List.of(), page.missed());
        assertTrue(page.text().contains("| the agent would free it; 1.0 s, 0.9 s |"), page::text);
    }

    @Test
    void oneDownloadIsOneUseWhereCachestatIsThere() {
        KernelLine twice = used(4 << 20, 4 << 20);
        assertMissed("one use", page(GUEST, WITHOUT, COLD, HOT, BEGUN, twice, started("cachestat+nowait"), OBSERVE, END));
        assertEquals(List.of(), page(GUEST, WITHOUT, COLD, HOT, BEGUN, twice, started("nowait"), OBSERVE, END).missed());
    }

    @Test
    void limitsAreFelt() {
        KernelPage felt = page("trixie-cgroup", GUEST, WITHOUT, limited(false, 1 << 20), COLD, limited(true, 5 << 19), END);
        assertEquals(List.of(), felt.missed());
        assertTrue(felt.text().contains("| ext4, cgroup v2 |"), felt::text);
        assertTrue(felt.text().contains("trixie-cgroup, cgroup v2, with the agent: memory.max 90 MB; the kernel took back 2.5 MB while "
                + "files were sent, met the limit 7 times, and killed 0 processes.\n"), felt::text);
        assertMissed("limits are felt", page("trixie-cgroup", GUEST, WITHOUT, limited(false, 1 << 20), COLD, limited(true, 0), END));
    }

    @Test
    void othersGoOnBesideAMountThatHangs() {
        KernelLine notOfADisk = reads(KernelGuest.WITHOUT, 0, 80, "none");
        KernelPage goesOn = page("trixie-nfs", GUEST, notOfADisk, COLD, HOT, BEGUN, started("nowait"), OBSERVE, HANG, END);
        assertEquals(List.of(), goesOn.missed());
        assertTrue(goesOn.text().contains("trixie-nfs: with the NFS server stopped in the middle of downloads, 4 of them parked, the loop "
                + "answered 20 requests"), goesOn::text);
        assertTrue(goesOn.text().contains("without the agent in 80 of 100 looks, with it in 0 of 100.\n"), goesOn::text);
        assertAll(
                () -> assertMissed("hangs", page("trixie-nfs", GUEST, notOfADisk, COLD, HOT, BEGUN, started("nowait"), OBSERVE,
                        hang(4, 3, true), END)),
                () -> assertMissed("hangs", page("trixie-nfs", GUEST, notOfADisk, COLD, HOT, BEGUN, started("nowait"), OBSERVE,
                        hang(4, 0, false), END)));
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
