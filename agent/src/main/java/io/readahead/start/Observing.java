package io.readahead.start;

import io.readahead.bridge.ReadaheadHooks;
import io.readahead.jdk.ModuleOpener;
import io.readahead.observe.Counters;
import io.readahead.os.Natives;
import io.readahead.survey.Findings;
import io.readahead.survey.ReadsElsewhere;
import io.readahead.survey.Survey;
import io.readahead.survey.Verdict;
import io.readahead.survey.Waits;
import io.readahead.weave.SelectionKeyWeaver;
import java.lang.instrument.Instrumentation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** mode=observe: says whether event loops wait for the disk, and changes nothing. */
final class Observing implements Duty {

    private static final double PER_MILLE = 1000;

    private final String version;
    private final AgentOptions options;
    private final Counters counters;
    private final Natives natives;
    private final Survey survey;
    private final Instrumentation instrumentation;
    private final Consumer<String> report;
    private volatile SelectionKeyWeaver selectionKeyWeaver;

    /** @param report is told, in a line, what can't be looked at */
    Observing(String version, AgentOptions options, Counters counters, Natives natives, Survey survey, Instrumentation instrumentation,
            Consumer<String> report) {
        this.instrumentation = instrumentation;
        this.report = report;
        this.version = version;
        this.options = options;
        this.counters = counters;
        this.natives = natives;
        this.survey = survey;
    }

    @Override
    public String identity() {
        return options.identity(version);
    }

    @Override
    public void start() {
        // No bean: its attributes are those of an agent that helps.
    }

    @Override
    public ReadaheadHooks hooks() {
        return survey;
    }

    /** Sees which threads select; nothing is ever withheld. Where that can't be woven, every thread is taken for an event loop. */
    @Override
    public void begin() {
        try {
            selectionKeyWeaver = SelectionKeyWeaver.weave(instrumentation);
        } catch (Throwable failure) {
            report.accept("threads of pools are taken for event loops, for selectors can't be looked at: " + failure);
        }
    }

    @Override
    public void filesAreSent() {
        natives.quicken();
    }

    @Override
    public void keepHouse() {
        survey.sweep();
    }

    /**
     * Units are in the names; a site's and a loop's figures are calls, cold ones, waits, microseconds waited in sum and at worst; a
     * loop's go on with per mille of its last and worst minute, microseconds of the sum that are not proven, and its kind; of what is read
     * elsewhere it is bytes.
     */
    @Override
    public Map<String, String> figures() {
        Findings findings = survey.findings();
        Waits sum = findings.sum();
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("version", version);
        figures.put("jar", AgentVersion.jar());
        figures.put("packages", String.join(":", options.packages()));
        figures.put("upSeconds", Long.toString(TimeUnit.NANOSECONDS.toSeconds(findings.observedNanos())));
        figures.put("uptimeMillis", Long.toString(TimeUnit.NANOSECONDS.toMillis(findings.observedNanos())));
        figures.put("transfers", Long.toString(counters.transfers.sum()));
        figures.put("resident", Long.toString(counters.resident.sum()));
        figures.put("failures", Long.toString(counters.failures.sum()));
        figures.put("lastFailure", counters.lastFailure());
        figures.put("coldCalls", Long.toString(sum.cold()));
        figures.put("diskWaits", Long.toString(sum.waits()));
        figures.put("diskWaitMicros", micros(sum.nanos()));
        figures.put("diskWaitMicrosMax", micros(sum.longestNanos()));
        figures.put("unprovenWaitMicros", micros(sum.unprovenNanos()));
        figures.put("passedThrough", Long.toString(counters.passedThrough.sum()));
        figures.put("passedThroughWaitMicros", micros(survey.passingFindings().sum().nanos()));
        for (Findings.Loop loop : findings.loops()) {
            figures.put("loop." + loop.name(), line(loop.waits()) + " " + perMille(findings, loop.lastMinuteNanos()) + " "
                    + perMille(findings, loop.worstMinuteNanos()) + " " + micros(loop.waits().unprovenNanos()) + " "
                    + (loop.pool() ? "pool" : "loop"));
        }
        findings.sites().forEach((site, waits) -> figures.put("site." + site, line(waits)));
        Figures.putPassed(figures, counters);
        List<ReadsElsewhere.Row> elsewhere = survey.readsElsewhere(false);
        elsewhere.forEach(row -> figures.put("elsewhere." + row.name(), Long.toString(row.bytes())));
        Verdict verdict = verdict(findings, elsewhere);
        figures.put("verdict", verdict.sentence());
        figures.put("report", String.join("\n", verdict.screen()));
        return figures;
    }

    @Override
    public List<String> lastWords() {
        return verdict(survey.findings(), survey.readsElsewhere(true)).screen();
    }

    private Verdict verdict(Findings findings, List<ReadsElsewhere.Row> elsewhere) {
        return new Verdict(findings, survey.passingFindings(), counters.passedThrough.rows(), elsewhere);
    }

    @Override
    public void stop() {
        survey.stop();
    }

    @Override
    public void undo() throws Throwable {
        if (selectionKeyWeaver != null) {
            selectionKeyWeaver.undo();
        }
    }

    @Override
    public void release() throws InterruptedException {
        // Unbinding is a native method of its own, bound at its first call.
        ModuleOpener.withNativeAccess(natives::release);
    }

    private static String line(Waits waits) {
        return waits.calls() + " " + waits.cold() + " " + waits.waits() + " " + micros(waits.nanos()) + " " + micros(waits.longestNanos());
    }

    private static String micros(long nanos) {
        return Long.toString(TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    private static String perMille(Findings findings, long nanos) {
        return Long.toString(Math.round(PER_MILLE * Math.min(nanos, findings.windowNanos()) / findings.windowNanos()));
    }
}
