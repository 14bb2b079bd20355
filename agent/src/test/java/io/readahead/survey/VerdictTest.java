package io.readahead.survey;

import io.readahead.observe.PassedThrough;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerdictTest {

    private static final int COLUMNS = 80;
    private static final int LINES = 24;
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final String SITE = "com.example.http.files.SendfileResponse.transferTo";

    @Test
    void withoutCallsNothingWasSeen() {
        assertTrue(verdict(HOUR_NANOS).sentence().startsWith("nothing seen"));
    }

    @Test
    void callsThatNeverWaitedHaveNothingToGainHoweverColdTheirData() {
        assertEquals("nothing to gain here: no event loop waited for the disk",
                verdict(HOUR_NANOS, loop("loop-1", new Waits(1000, 900, 0, 0, 0, 0), 0, 0)).sentence());
    }

    @Test
    void aHundredthOfAMinuteIsWorthHelp() {
        assertEquals("event loop loop-1 spent 1.0 % of the last minute waiting for the disk in " + SITE + ": the agent would help",
                verdict(HOUR_NANOS, waiting("loop-1", millis(600), millis(600), millis(5))).sentence());
        assertEquals("event loop loop-1 spent 0.9 % of the last minute waiting for the disk in " + SITE + ": little to gain here",
                verdict(HOUR_NANOS, waiting("loop-1", millis(550), millis(550), millis(5))).sentence());
    }

    @Test
    void oneLongWaitIsWorthHelp() {
        assertTrue(verdict(HOUR_NANOS, waiting("loop-1", 0, millis(100), millis(100))).sentence().endsWith("the agent would help"));
        assertTrue(verdict(HOUR_NANOS, waiting("loop-1", 0, millis(99), millis(99))).sentence().endsWith("little to gain here"));
    }

    @Test
    void aServerThatIsIdleAtLastIsJudgedByItsWorstMinute() {
        assertEquals("event loop busy spent 41.0 % of its worst minute waiting for the disk in " + SITE + ": the agent would help",
                verdict(HOUR_NANOS, waiting("busy", 0, millis(24_600), millis(50)), waiting("idle", 0, millis(60), millis(50))).sentence());
    }

    @Test
    void inTheFirstMinuteTheShareIsOfTheTimeObserved() {
        assertTrue(verdict(TimeUnit.SECONDS.toNanos(10), waiting("loop-1", millis(5000), millis(5000), millis(50))).sentence()
                .contains("50.0 % of the last 10.0 s"));
    }

    @Test
    void itFitsAScreen() {
        Findings.Loop[] loops = new Findings.Loop[50];
        for (int i = 0; i < loops.length; i++) {
            loops[i] = waiting("a-thread-with-quite-a-long-name-as-some-servers-have-" + i, HOUR_NANOS, HOUR_NANOS, 100 * HOUR_NANOS);
        }
        List<String> screen = verdict(HOUR_NANOS, loops).screen();
        assertTrue(screen.size() <= LINES, screen::toString);
        assertAll(screen.stream().map(line -> () -> assertTrue(line.length() <= COLUMNS, line)));
    }

    @Test
    void whereTheEvidenceIsThinItSaysSo() {
        Findings.Loop thin = loop("loop-1", new Waits(100, 50, 50, millis(6000), millis(200), millis(4000)), millis(6000), millis(6000));
        assertEquals("event loop loop-1 spent 10.0 % of the last minute waiting for the disk in " + SITE
                + ": the agent would probably help (thin evidence: it slept in the calls, and nobody can tell whether for the disk)",
                verdict(HOUR_NANOS, thin).sentence());
        Findings.Loop proven = loop("loop-1", new Waits(100, 50, 50, millis(6000), millis(200), millis(2000)), millis(6000), millis(6000));
        assertTrue(verdict(HOUR_NANOS, proven).sentence().endsWith(": the agent would help"));
    }

    @Test
    void aThreadOfAPoolIsNotCalledAnEventLoop() {
        Findings.Loop worker = pool("default task-3", millis(30_000));
        assertEquals("pool thread default task-3 spent 50.0 % of the last minute waiting for the disk in " + SITE
                + ": the agent would free it, and no event loop waited like that", verdict(HOUR_NANOS, worker).sentence());
        assertTrue(verdict(HOUR_NANOS, worker).screen().stream().anyMatch(line -> line.startsWith("(default task-3) ")));
        assertTrue(verdict(HOUR_NANOS, worker, waiting("I/O-1", millis(700), millis(700), millis(5))).sentence()
                .startsWith("event loop I/O-1 spent 1.2 % "), "an event loop that waits matters more");
        assertTrue(verdict(HOUR_NANOS, worker, waiting("I/O-1", millis(7), millis(7), millis(5))).sentence()
                .startsWith("pool thread default task-3 "), "but not one that hardly does");
        assertTrue(verdict(HOUR_NANOS, pool("default task-3", millis(30))).sentence().endsWith(": little to gain here"));
    }

    @Test
    void whereEveryCallPassesThroughTheAgentWouldNotHelp() {
        PassedThrough passed = new PassedThrough();
        passed.called(SITE, PassedThrough.Reason.TARGET, "");
        Verdict quiet = new Verdict(findings(HOUR_NANOS), findings(HOUR_NANOS), passed.rows(), List.of());
        assertEquals("the agent would not help: every call passes through; " + SITE + " writes to java.lang.String, which the agent doesn't"
                + " know, and no wait for the disk was seen", quiet.sentence());
        Verdict waiting = new Verdict(findings(HOUR_NANOS), findings(HOUR_NANOS, waiting("tls-1", millis(600), millis(600), millis(5))),
                passed.rows(), List.of());
        assertTrue(waiting.sentence().endsWith("; thread tls-1 spent 1.0 % of the last minute waiting for the disk in " + SITE));
        Verdict both = new Verdict(findings(HOUR_NANOS, waiting("loop-1", millis(600), millis(600), millis(5))), findings(HOUR_NANOS),
                passed.rows(), List.of());
        assertTrue(both.sentence().endsWith(": the agent would help"), both.sentence());
        assertTrue(both.screen().stream().anyMatch(line -> line.startsWith("and 1 calls passed through, 0 waited")),
                both.screen()::toString);
    }

    @Test
    void whoReadsInOtherWaysIsNamed() {
        Verdict verdict = new Verdict(findings(HOUR_NANOS), findings(HOUR_NANOS), List.of(),
                List.of(new ReadsElsewhere.Row("qtp1234567890-*", 3L << 29), new ReadsElsewhere.Row("b", 2 << 20),
                        new ReadsElsewhere.Row("c", 1)));
        assertTrue(verdict.screen().containsAll(List.of("  qtp1234567890-*                         1,536.0 MB", "and 1 more threads")),
                verdict.screen()::toString);
        assertAll(verdict.screen().stream().map(line -> () -> assertTrue(line.length() <= COLUMNS, line)));
    }

    private static Findings.Loop pool(String name, long minuteNanos) {
        return new Findings.Loop(name, new Waits(100, 50, 50, minuteNanos, millis(90), 0), minuteNanos, minuteNanos, SITE, true);
    }

    private static Verdict verdict(long observedNanos, Findings.Loop... loops) {
        return new Verdict(findings(observedNanos, loops), findings(observedNanos), List.of(), List.of());
    }

    private static Findings findings(long observedNanos, Findings.Loop... loops) {
        Waits sum = List.of(loops).stream().map(Findings.Loop::waits).reduce(Waits.NONE, Waits::plus);
        return new Findings(observedNanos, List.of(loops), loops.length == 0 ? Map.of() : Map.of(SITE, sum));
    }

    private static Findings.Loop waiting(String name, long lastMinuteNanos, long worstMinuteNanos, long longestNanos) {
        return loop(name, new Waits(1_000_000_000, 900_000_000, 50, worstMinuteNanos, longestNanos, 0), lastMinuteNanos,
                worstMinuteNanos);
    }

    private static Findings.Loop loop(String name, Waits waits, long lastMinuteNanos, long worstMinuteNanos) {
        return new Findings.Loop(name, waits, lastMinuteNanos, worstMinuteNanos, SITE, false);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
