package io.readahead.start;

import io.readahead.bridge.ReadaheadHooks;
import io.readahead.jdk.ModuleOpener;
import io.readahead.jmx.JmxRegistration;
import io.readahead.os.Natives;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.StandingAnswers;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.SelectionKeyWeaver;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** mode=on: cold ranges are read ahead, and their targets parked. */
final class Helping implements Duty {

    private static final long STOP_MILLIS = 2_000;
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Instrumentation instrumentation;
    private final Log log;
    private final Figures figures;
    private final NothingHelped nothingHelped;
    private final Natives natives;
    private final WarmupPool pool;
    private final Transfers transfers;
    private final PageCacheProbe probe;
    private final StandingAnswers answers;
    private final JmxRegistration jmx;
    private volatile SelectionKeyWeaver selectionKeyWeaver;

    Helping(Instrumentation instrumentation, Log log, Figures figures, NothingHelped nothingHelped, Natives natives, WarmupPool pool,
            Transfers transfers, PageCacheProbe probe, StandingAnswers answers, JmxRegistration jmx) {
        this.instrumentation = instrumentation;
        this.log = log;
        this.figures = figures;
        this.nothingHelped = nothingHelped;
        this.natives = natives;
        this.pool = pool;
        this.transfers = transfers;
        this.probe = probe;
        this.answers = answers;
        this.jmx = jmx;
    }

    @Override
    public String identity() {
        return figures.identity();
    }

    @Override
    public void start() {
        jmx.start();
    }

    @Override
    public ReadaheadHooks hooks() {
        return transfers;
    }

    @Override
    public void begin() throws Throwable {
        selectionKeyWeaver = SelectionKeyWeaver.weave(instrumentation);
        answers.start();
    }

    @Override
    public void filesAreSent() {
        natives.quicken();
    }

    @Override
    public void keepHouse() {
        transfers.sweep();
        pool.keepHouse(SILENT_NANOS);
        probe.keepHouse();
        nothingHelped.look();
    }

    @Override
    public Map<String, String> figures() {
        return figures.now();
    }

    @Override
    public List<String> lastWords() {
        return List.of();
    }

    @Override
    public void stop() {
        transfers.stop();
    }

    @Override
    public void undo() throws Throwable {
        if (selectionKeyWeaver != null) {    // null where it could not be woven
            selectionKeyWeaver.undo();
        }
    }

    @Override
    public void release() throws Exception {
        try {
            jmx.stop();
            answers.stop();
        } finally {
            stopPool();
        }
    }

    private void stopPool() throws InterruptedException {
        int left = pool.stop(STOP_MILLIS);
        if (left > 0) {
            log.line(Log.Level.WARN, left + " readahead threads still wait for a disk; they end when it answers");
            Thread leaving = new Thread(this::leave, "readahead-leaving");
            leaving.setDaemon(true);
            leaving.setContextClassLoader(null);
            leaving.start();
        } else {
            // Unbinding is a native method of its own, bound at its first call.
            ModuleOpener.withNativeAccess(natives::release);
        }
    }

    /** Waits until the disk has answered, and takes the rest away. */
    private void leave() {
        try {
            while (pool.stop(0) > 0) {
                TimeUnit.SECONDS.sleep(1);
            }
            ModuleOpener.withNativeAccess(natives::release);
        } catch (InterruptedException ignored) {
            // Nobody has a reason to; what is left stays in memory.
        }
    }
}
