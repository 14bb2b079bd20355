package io.readahead.start;

import io.readahead.jdk.ModuleOpener;
import io.readahead.jmx.JmxRegistration;
import io.readahead.observe.Counters;
import io.readahead.os.Natives;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.SelectionKeyWeaver;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An agent that was started, until it is taken off again.
 *
 * <p>Threads: {@link #weave} and {@link #close} are called by the thread that starts or detaches; the first class with a call
 * site sets the hooks, on whichever thread loads it.
 */
final class RunningAgent implements AutoCloseable {

    private static final int STATS_TRIES = 50;
    private static final long STATS_MILLIS = 20;
    private static final long HOOK_TIMEOUT_MILLIS = 10_000;
    private static final long STOP_MILLIS = 5_000;

    private final Instrumentation instrumentation;
    private final Log log;
    private final Counters counters;
    private final Figures figures;
    private final Natives natives;
    private final WarmupPool pool;
    private final Transfers transfers;
    private final CallSiteTransformer transformer;
    private final LoadedClasses loadedClasses;
    private final Watchdog watchdog;
    private final JmxRegistration jmx;
    private final Thread statsAtExit;
    private volatile SelectionKeyWeaver selectionKeyWeaver;
    private boolean hooked;
    private volatile boolean closed;
    private volatile boolean failed;

    /** @param transformerOf makes the transformer, from what is to run before the first woven class is handed to the JVM */
    RunningAgent(Instrumentation instrumentation, Log log, Counters counters, Figures figures, Natives natives, WarmupPool pool,
                 Transfers transfers,
                 Function<Runnable, CallSiteTransformer> transformerOf, Consumer<String> report, JmxRegistration jmx) {
        this.instrumentation = instrumentation;
        this.log = log;
        this.counters = counters;
        this.figures = figures;
        this.natives = natives;
        this.pool = pool;
        this.transfers = transfers;
        this.transformer = transformerOf.apply(this::hook);
        this.loadedClasses = new LoadedClasses(instrumentation, report);
        this.watchdog = new Watchdog(this::keepHouse,
                failure -> log.atMostOncePerMinute(Log.Level.ERROR, "watchdog", "the watchdog failed: " + failure));
        this.jmx = jmx;
        this.statsAtExit = new Thread(this::printStats, "readahead-stats");
    }

    private void keepHouse() {
        log.tick();
        transfers.sweep();
        StatusBoard.publish(figures.now());
    }

    /** Weaves what is loaded and what will be. */
    void weave() {
        StatusBoard.publish(figures.now());
        watchdog.start();
        jmx.start();
        instrumentation.addTransformer(transformer, true);
        loadedClasses.retransform(type -> transformer.mayConcern(type.getName(), () -> LoadedClasses.fileOf(type)));
    }

    /** Has the counters printed at the end of the JVM. */
    void printStatsAtExit() {
        Runtime.getRuntime().addShutdownHook(statsAtExit);
    }

    /** Weaves the selection key and sets the hooks, once. */
    private synchronized void hook() {
        if (hooked || closed) {
            return;
        }
        hooked = true;
        Thread installer = new Thread(this::installHooks, "readahead-installer");
        installer.setDaemon(true);
        installer.start();
        try {
            installer.join(HOOK_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void installHooks() {
        try {
            selectionKeyWeaver = SelectionKeyWeaver.weave(instrumentation);
            BridgeInstaller.install(transfers);
            if (closed) {
                takeHooksOff();    // it took longer than anybody waits for it, and the agent was taken off meanwhile
            }
        } catch (Throwable failure) {
            failed = true;
            String text = "INACTIVE, every call passes through: " + failure;
            log.line(Log.Level.ERROR, text);
            StatusBoard.state(StatusBoard.INACTIVE);
            StatusBoard.answer(text);
        }
    }

    /**
     * Takes the agent off: the original bytecode is back, everything parked goes on, our threads end.
     *
     * <p>Errors: what fails is a line in the log, and the rest is done all the same. A readahead that waits for a dead disk can't be
     * ended; its thread ends when the disk answers, and until then the agent's classes stay in memory.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        step(() -> instrumentation.removeTransformer(transformer));
        step(() -> loadedClasses.retransform(type -> transformer.wove(type.getName())));
        step(() -> BridgeInstaller.install(null));
        step(transfers::stop);
        if (hooked) {
            takeHooksOff();
        }
        step(watchdog::stop);
        step(jmx::stop);
        step(this::stopPool);
        step(() -> Runtime.getRuntime().removeShutdownHook(statsAtExit));
        String text = "DETACHED, the server runs as without the agent: " + counters.line();
        log.flush();
        log.line(Log.Level.INFO, text);
        StatusBoard.clear();
        StatusBoard.state(StatusBoard.DETACHED);
        StatusBoard.answer(text);
    }

    private void takeHooksOff() {
        step(() -> BridgeInstaller.install(null));
        step(() -> {
            if (selectionKeyWeaver != null) {    // null where it could not be woven
                selectionKeyWeaver.undo();
            }
        });
    }

    private void stopPool() throws InterruptedException {
        int left = pool.stop(STOP_MILLIS);
        if (left > 0) {
            log.line(Log.Level.WARN, left + " readahead threads still wait for a disk; they end when it answers");
        } else {
            // Unbinding is a native method of its own, bound at its first call.
            ModuleOpener.withNativeAccess(natives::release);
        }
    }

    /** Version and options, by which a later attach knows what runs; empty where the start failed, which may be tried again. */
    @Override
    public String toString() {
        return failed ? "" : figures.identity();
    }

    /** Something that may fail and must not keep the rest from being done. */
    private interface Step {
        void run() throws Throwable;
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            log.line(Log.Level.ERROR, "detaching: " + failure);
        }
    }

    /** Does first what the watchdog would do within a second, so that what is left in the line was really left behind. */
    private void printStats() {
        try {
            for (int i = 0; i < STATS_TRIES && (i == 0 || counters.openDescriptors.get() > 0); i++) {
                transfers.sweep();
                TimeUnit.MILLISECONDS.sleep(STATS_MILLIS);
            }
        } catch (InterruptedException ignored) {
            // the line is printed as things are
        }
        log.flush();
        System.err.println("readahead-stats: " + counters.line());
    }
}
