package io.readahead.start;

import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.jdk.JdkInternals;
import io.readahead.jdk.ModuleOpener;
import io.readahead.observe.Counters;
import io.readahead.os.Natives;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.PosixLibrary;
import io.readahead.transfer.Stream;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.Budget;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.PackageFilter;
import io.readahead.weave.SelectionKeyWeaver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Puts the agent together, in the order in which it reads.
 *
 * <p>Threads: the one that runs premain. The hooks are set when the first call site is met, before its class is handed to the
 * JVM: a server without one never has its selection keys woven.
 */
public final class Startup {

    private static final long HOOK_TIMEOUT_MILLIS = 10_000;

    private final Instrumentation instrumentation;
    private final AgentOptions options;
    private final Log log;
    private final Counters counters = new Counters();
    private boolean hooked;

    private Startup(Instrumentation instrumentation, AgentOptions options, Log log) {
        this.instrumentation = instrumentation;
        this.options = options;
        this.log = log;
    }

    /**
     * Starts the agent.
     *
     * <p>Errors: what is wrong is one line in the log, and the server runs as without the agent.
     *
     * @return false where the JVM shall stop: an option is wrong and strict=true was asked for
     */
    public static boolean start(String arguments, Instrumentation instrumentation) {
        Properties properties = System.getProperties();
        try {
            AgentOptions options = AgentOptions.parse(arguments, properties);
            Startup startup = new Startup(instrumentation, options, new Log(options.log()));
            if (!options.on()) {
                startup.log.line(version() + " OFF by mode=off; nothing is woven");
                return true;
            }
            startup.run();
            return true;
        } catch (OptionException wrong) {
            boolean strict = AgentOptions.isStrict(arguments, properties);
            new Log("stderr").line(version() + " INACTIVE: " + wrong.getMessage()
                    + (strict ? "; strict=true: the JVM stops" : "; the server starts without the agent"));
            return !strict;
        } catch (Throwable failure) {
            new Log("stderr").line(version() + " INACTIVE: " + failure + "; the server starts without the agent");
            return true;
        }
    }

    private void run() throws Throwable {
        ModuleOpener.open(instrumentation);
        allowNativeAccess();
        Natives natives = Natives.load();
        if (!natives.available()) {
            log.line(version() + " PASSIVE, every call passes through: natives " + natives.description());
            return;
        }
        PosixLibrary posix = natives.posix();
        PageCacheProbe probe = new PageCacheProbe(posix);
        String probeWord = selfTest(posix, probe);
        Gate gate = new Gate(new JdkKeyQueue());
        counters.parkedNowFrom(gate::parkedNow);
        WarmupPool pool = new WarmupPool(posix, counters, options.threads(), options.debugColdMillis());
        Transfers transfers = new Transfers(new Stream.Shared(posix, probe, pool, new Budget(options.budgetBytes()), counters,
                options.windowBytes(), options.debugColdMillis() > 0), gate, this::failed);
        BridgeInstaller.define();
        CallSiteTransformer transformer = new CallSiteTransformer(new PackageFilter(options.packages()),
                () -> hook(transfers), text -> log.atMostOncePerMinute("weave", text));
        instrumentation.addTransformer(transformer, true);
        weaveLoaded(new PackageFilter(options.packages()));
        if (options.debugStats()) {
            Runtime.getRuntime().addShutdownHook(new Thread(
                    () -> System.err.println("readahead-stats: " + counters.line()), "readahead-stats"));
        }
        log.line(version() + " ACTIVE packages=" + String.join(":", options.packages()) + " threads=" + options.threads()
                + " window=" + AgentOptions.text(options.windowBytes()) + " budget=" + AgentOptions.text(options.budgetBytes())
                + " natives=" + natives.description() + " probe=" + probeWord + " gate=selector");
    }

    private static void allowNativeAccess() {
        try {
            ModuleOpener.enableNativeAccess();
        } catch (ReflectiveOperationException | RuntimeException ignored) {
            // Up to JDK 23 nobody asks; from 24 on the JVM prints its own warning and goes on.
        }
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
                log.atMostOncePerMinute("weave", candidate.getName() + " could not be woven and stays as it is: " + failure);
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

    private void failed(Throwable failure) {
        log.atMostOncePerMinute("failure", "a call passed through because the agent failed: " + failure);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Startup.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException ignored) {
            // the line is worth more than its number
        }
        return properties.getProperty("version", "unknown");
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
