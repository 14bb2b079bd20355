package io.readahead.start;

import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.jdk.JdkInternals;
import io.readahead.jdk.ModuleOpener;
import io.readahead.observe.Counters;
import io.readahead.os.Natives;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.PosixLibrary;
import io.readahead.server.KafkaTls;
import io.readahead.server.NettyEpoll;
import io.readahead.server.Reflection;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.Budget;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.PackageFilter;
import io.readahead.weave.SelectionKeyWeaver;
import java.lang.instrument.Instrumentation;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Puts the rooms together, in the order in which it reads.
 *
 * <p>Loaded after the bridge was defined, for it links classes that refer to the bridge.
 * <p>Threads: the one that runs premain. The hooks are set when the first call site is met, before its class is handed to the
 * JVM: a server without one never has its selection keys woven.
 */
final class Assembly {

    private static final int STATS_TRIES = 50;
    private static final long STATS_MILLIS = 20;
    private static final long HOOK_TIMEOUT_MILLIS = 10_000;

    private final Instrumentation instrumentation;
    private final AgentOptions options;
    private final Log log;
    private final String version;
    private final Counters counters = new Counters();
    private boolean hooked;

    Assembly(Instrumentation instrumentation, AgentOptions options, Log log, String version) {
        this.instrumentation = instrumentation;
        this.options = options;
        this.log = log;
        this.version = version;
    }

    void run() {
        Natives natives = ModuleOpener.withNativeAccess(Natives::load);
        if (!natives.available()) {
            log.line(version + " PASSIVE, every call passes through: natives " + natives.description());
            return;
        }
        PosixLibrary posix = natives.posix();
        PageCacheProbe probe = new PageCacheProbe(posix);
        String probeWord = selfTest(posix, probe);
        Gate gate = new Gate(new JdkKeyQueue());
        WarmupPool pool = new WarmupPool(posix, counters, options.threads(), options.debugColdMillis());
        Reflection reflection = new Reflection(instrumentation);
        Transfers transfers = new Transfers(new Transfers.Rooms(posix, probe, pool, new Budget(options.budgetBytes()), counters, gate,
                new NettyEpoll(reflection, this::leftAlone), new KafkaTls(reflection, this::leftAlone)),
                options.windowBytes(), options.debugColdMillis() > 0, this::failed);
        PackageFilter packages = new PackageFilter(options.packages());
        CallSiteTransformer transformer = new CallSiteTransformer(packages,
                () -> hook(transfers), this::leftAlone);
        instrumentation.addTransformer(transformer, true);
        weaveLoaded(packages);
        if (options.debugStats()) {
            Runtime.getRuntime().addShutdownHook(new Thread(
                    () -> printStats(transfers), "readahead-stats"));
        }
        log.line(version + " ACTIVE packages=" + String.join(":", options.packages()) + " threads=" + options.threads()
                + " window=" + AgentOptions.text(options.windowBytes()) + " budget=" + AgentOptions.text(options.budgetBytes())
                + " natives=" + natives.description() + " probe=" + probeWord + " gate=selector");
    }

    private static String selfTest(PosixLibrary posix, PageCacheProbe probe) {
        int fd = posix.open("/proc/self/exe");
        if (fd < 0) {
            return "untested (/proc/self/exe: errno " + -fd + ")";
        }
        try {
            return probe.selfTest(fd);
        } finally {
            posix.close(fd);
        }
    }

    private void weaveLoaded(PackageFilter packages) {
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> candidate : instrumentation.getAllLoadedClasses()) {
            if (!candidate.isArray() && packages.matches(candidate.getName().replace('.', '/'))
                    && instrumentation.isModifiableClass(candidate)) {
                loaded.add(candidate);
            }
        }
        for (Class<?> candidate : loaded) {
            try {
                instrumentation.retransformClasses(candidate);
            } catch (Throwable failure) {
                leftAlone(candidate.getName() + " could not be woven and stays as it is: " + failure);
            }
        }
    }

    /** Weaves the selection key and sets the hooks, once. Threads: whichever loads the first class with a call site. */
    private synchronized void hook(Transfers transfers) {
        if (hooked) {
            return;
        }
        hooked = true;
        Thread installer = new Thread(() -> installHooks(transfers), "readahead-installer");
        installer.setDaemon(true);
        installer.start();
        try {
            installer.join(HOOK_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void installHooks(Transfers transfers) {
        try {
            SelectionKeyWeaver.weave(instrumentation);
            BridgeInstaller.install(transfers);
            startWatchdog(transfers);
        } catch (Throwable failure) {
            log.line("INACTIVE, every call passes through: " + failure);
        }
    }

    /** Does first what the watchdog would do within a second, so that what is left in the line was really left behind. */
    private void printStats(Transfers transfers) {
        try {
            for (int i = 0; i < STATS_TRIES && (i == 0 || counters.openDescriptors.get() > 0); i++) {
                transfers.sweep();
                TimeUnit.MILLISECONDS.sleep(STATS_MILLIS);
            }
        } catch (InterruptedException ignored) {
            // the line is printed as things are
        }
        System.err.println("readahead-stats: " + counters.line());
    }

    private void startWatchdog(Transfers transfers) {
        Thread watchdog = new Thread(() -> {
            while (true) {
                try {
                    TimeUnit.SECONDS.sleep(1);
                    transfers.sweep();
                } catch (Throwable failure) {
                    failed(failure);
                }
            }
        }, "readahead-watchdog");
        watchdog.setDaemon(true);
        watchdog.setContextClassLoader(null);
        watchdog.start();
    }

    /** A line for each class that stays as it is. */
    private void leftAlone(String text) {
        log.atMostOncePerMinute(text, text);
    }

    private void failed(Throwable failure) {
        log.atMostOncePerMinute("failure", "a call passed through because the agent failed: " + failure);
    }

    /** The gate's view of the JDK's selectors. */
    private static final class JdkKeyQueue implements KeyQueue {

        @Override
        public SelectionKey[] keysOf(SelectableChannel channel) {
            return JdkInternals.keysOf(channel);
        }

        @Override
        public void queue(SelectionKey key) {
            JdkInternals.queueForTranslation(key);
        }
    }
}
