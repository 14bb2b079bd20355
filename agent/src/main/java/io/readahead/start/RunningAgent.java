package io.readahead.start;

import io.readahead.jdk.ProcessStderr;
import io.readahead.observe.Counters;
import io.readahead.weave.CallSiteTransformer;
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

    private final Instrumentation instrumentation;
    private final Log log;
    private final Counters counters;
    private final Duty duty;
    private final CallSiteTransformer transformer;
    private final LoadedClasses loadedClasses;
    private final Watchdog watchdog;
    private final FlightRecording recording;
    private final Thread atExit;
    private boolean statsAtExit;
    private boolean hooked;
    private boolean sending;
    private volatile boolean closed;
    private volatile boolean failed;

    /** @param transformerOf makes the transformer, from what is to run before the first woven class is handed to the JVM */
    RunningAgent(Instrumentation instrumentation, Log log, Counters counters, Duty duty,
                 Function<Runnable, CallSiteTransformer> transformerOf, Consumer<String> report) {
        this.instrumentation = instrumentation;
        this.log = log;
        this.counters = counters;
        this.duty = duty;
        this.transformer = transformerOf.apply(this::hook);
        this.loadedClasses = new LoadedClasses(instrumentation, report);
        this.watchdog = new Watchdog(this::lookAround, this::keepHouse,
                failure -> log.atMostOncePerMinute(Log.Level.ERROR, "watchdog", "the watchdog failed: " + failure));
        this.recording = new FlightRecording(counters, report);
        this.atExit = new Thread(this::lastWords, "readahead-exit");
    }

    private void keepHouse() {
        log.tick();
        recording.connect();
        duty.keepHouse();
        if (!sending && counters.transfers.sum() > 0) {
            sending = true;
            duty.filesAreSent();
        }
        StatusBoard.publish(duty.figures());
    }

    /** Has the JVM load what close() and the watchdog need of our classes: by then another version may have been written over the jar. */
    private void lookAround() {
        step(log::flush);
        step(duty::keepHouse);
        StatusBoard.publish(duty.figures());
    }

    /** Weaves what is loaded and what will be. */
    void weave() {
        watchdog.start();
        duty.start();
        instrumentation.addTransformer(transformer, true);
        loadedClasses.retransform(type -> transformer.mayConcern(type, () -> LoadedClasses.fileOf(type)));
    }

    /** Has something said at the end of the JVM: what the duty has to say, and the counters where they are asked for. */
    void speakAtExit(boolean stats) {
        statsAtExit = stats;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Sets the hooks, once, with what they need. */
    private synchronized void hook() {
        if (hooked || closed) {
            return;
        }
        Thread installer = new Thread(this::installHooks, "readahead-installer");
        installer.setDaemon(true);
        installer.start();
        hooked = true;    // where no thread could be started the class stays as it is, and the next one tries again
        try {
            installer.join(HOOK_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void inactive(Throwable failure) {
        failed = true;
        String text = "INACTIVE, every call passes through: " + failure;
        log.line(Log.Level.ERROR, text);
        StatusBoard.state(StatusBoard.INACTIVE);
        StatusBoard.answer(text);
    }

    private void installHooks() {
        try {
            recording.connectIfRunning();
            duty.begin();
            BridgeInstaller.install(duty.hooks());
            if (closed) {
                takeHooksOff();    // it took longer than anybody waits for it, and the agent was taken off meanwhile
            }
        } catch (Throwable failure) {
            inactive(failure);
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
        step(duty::stop);
        if (hooked) {
            takeHooksOff();
        }
        step(watchdog::stop);
        step(recording::close);
        step(duty::release);
        step(this::sayNothingAtExit);
        duty.lastWords().forEach(line -> log.line(Log.Level.INFO, line));
        String text = "DETACHED, the server runs as without the agent: " + counters.line();
        log.flush();
        log.line(Log.Level.INFO, text);
        StatusBoard.clear();
        StatusBoard.state(StatusBoard.DETACHED);
        StatusBoard.answer(text);
    }

    private void sayNothingAtExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The JVM ends already, and its hooks run or have run: nothing is left that could be taken off.
        }
    }

    private void takeHooksOff() {
        step(() -> BridgeInstaller.install(null));
        step(duty::undo);
    }

    /** Version and options, by which a later attach knows what runs; empty where the start failed, which may be tried again. */
    @Override
    public String toString() {
        return failed ? "" : duty.identity();
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

    private void lastWords() {
        duty.lastWords().forEach(line -> log.line(Log.Level.INFO, line));
        if (statsAtExit) {
            printStats();
        }
    }

    /** Does first what the watchdog would do within a second, so that what is left in the line was really left behind. */
    private void printStats() {
        try {
            for (int i = 0; i < STATS_TRIES && (i == 0 || counters.openDescriptors.get() > 0); i++) {
                duty.keepHouse();
                TimeUnit.MILLISECONDS.sleep(STATS_MILLIS);
            }
        } catch (InterruptedException ignored) {
            // the line is printed as things are
        }
        log.flush();
        ProcessStderr.line("readahead-stats: " + counters.line());
    }
}
