package io.readahead.start;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.Reflection;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.jdk.JdkInternals;
import io.readahead.jdk.ModuleOpener;
import io.readahead.jmx.AgentBean;
import io.readahead.jmx.JmxRegistration;
import io.readahead.observe.Counters;
import io.readahead.os.FoundAnswers;
import io.readahead.os.FreshAnswers;
import io.readahead.os.Natives;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.PosixLibrary;
import io.readahead.os.StandingAnswers;
import io.readahead.os.ThreadUsage;
import io.readahead.survey.Survey;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.Budget;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.Implementers;
import io.readahead.weave.PackageFilter;
import io.readahead.weave.Recipe;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.instrument.Instrumentation;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the rooms together, in the order in which it reads.
 *
 * <p>Loaded after the bridge was defined, for it links classes that refer to the bridge.
 * <p>Threads: the one that runs premain or agentmain. The hooks are set when the first call site is met, before its class is
 * handed to the JVM: a server without one never has its selection keys woven.
 */
final class Assembly {

    private final Instrumentation instrumentation;
    private final AgentOptions options;
    private final Log log;
    private final String version;
    private Counters counters;
    private Adapters adapters;

    Assembly(Instrumentation instrumentation, AgentOptions options, Log log, String version) {
        this.instrumentation = instrumentation;
        this.options = options;
        this.log = log;
        this.version = version;
    }

    /** @return what runs; null where every call passes through */
    RunningAgent start() {
        Natives natives = ModuleOpener.withNativeAccess(() -> Natives.load(this::prepare));
        if (!natives.available()) {
            String text = version + " PASSIVE, every call passes through: natives " + natives.description();
            log.line(Log.Level.WARN, text);
            StatusBoard.state(StatusBoard.PASSIVE);
            StatusBoard.answer(text);
            return null;
        }
        if (options.mode() == AgentOptions.Mode.OBSERVE) {
            return observe(natives);
        }
        PosixLibrary posix = natives.posix();
        PageCacheProbe probe = new PageCacheProbe(posix);
        String abilities = new SelfTest(posix, probe).words();
        Gate gate = new Gate(new JdkKeyQueue());
        Budget budget = new Budget(options.budgetBytes());
        WarmupPool pool = new WarmupPool(posix, counters, options.threads(), budget.unclaimedLimit(), options.debugColdMillis());
        pool.reportTo(this::leftAlone);
        probe.askWhetherSomethingIsRead(pool::isReading);
        StandingAnswers answers = new StandingAnswers(new FoundAnswers(new FreshAnswers(probe)));
        Transfers transfers = new Transfers(new Transfers.Rooms(posix, answers, pool, budget, counters, gate, adapters),
                options.windowBytes(), options.debugColdMillis() > 0, this::failed);
        counters.failuresGoTo(this::failed);
        NothingHelped nothingHelped = new NothingHelped(counters, String.join(":", options.packages()),
                text -> log.line(Log.Level.WARN, text), System::nanoTime);
        Figures figures = new Figures(version, options, counters, pool, budget, nothingHelped);
        RunningAgent agent = running(new Helping(instrumentation, log, figures, nothingHelped, natives, pool, transfers, probe, answers,
                new JmxRegistration(() -> new AgentBean(version, String.join(":", options.packages()), counters, pool, budget),
                this::leftAlone)));
        if (options.debugStats()) {
            agent.speakAtExit(true);
        }
        String text = version + " ACTIVE" + names() + " threads=" + options.threads()
                + " window=" + AgentOptions.text(options.windowBytes()) + " budget=" + AgentOptions.text(options.budgetBytes())
                + " natives=" + natives.description() + " " + abilities + " gate=selector";
        return weave(agent, StatusBoard.ACTIVE, text);
    }

    /** What needs no libc: some 150 classes, beside those of JNA. */
    private void prepare() {
        counters = new Counters();
        adapters = Servers.adapters(new Reflection(instrumentation), this::leftAlone);
    }

    private RunningAgent observe(Natives natives) {
        Survey survey = new Survey(natives.posix(), counters, adapters, this::failed);
        RunningAgent agent = running(new Observing(version, options, counters, natives, survey, instrumentation, this::leftAlone));
        agent.speakAtExit(options.debugStats());
        return weave(agent, StatusBoard.OBSERVING, version + " OBSERVING" + names() + " natives=" + natives.description()
                + " evidence=" + evidence(natives.posix()) + "; nothing changes for the server");
    }

    private String names() {
        return " packages=" + String.join(":", options.packages())
                + (options.mapped().isEmpty() ? "" : " mapped=" + String.join(":", options.mapped()));
    }

    private static String evidence(PosixLibrary posix) {
        int fd = posix.open("/proc/self/exe");
        long cached = fd < 0 ? fd : posix.cachedPages(fd, 0, 1);
        posix.close(fd);
        return (cached < 0 ? "" : "cachestat+") + (posix.getrusage(new ThreadUsage()) < 0 ? "clock" : "getrusage");
    }

    private RunningAgent running(Duty duty) {
        PackageFilter packages = new PackageFilter(Stream.concat(options.packages().stream(), options.mapped().stream()).toList());
        List<Recipe> recipes = Servers.recipes(new PackageFilter(options.mapped()));
        return new RunningAgent(instrumentation, log, counters, duty,
                beforeFirst -> new CallSiteTransformer(packages, options.hasDefaultPackages() ? Servers.IN_ANY_PACKAGE : Implementers.NONE,
                        recipes, beforeFirst, this::leftAlone,
                        woven -> log.line(Log.Level.DEBUG, woven), counters.passedThrough::notWoven), this::leftAlone);
    }

    private RunningAgent weave(RunningAgent agent, String state, String text) {
        log.line(Log.Level.INFO, text);
        StatusBoard.state(state);
        StatusBoard.answer(text);
        agent.weave();
        return agent;
    }

    /** A line for each class that stays as it is. */
    private void leftAlone(String text) {
        log.atMostOncePerMinute(Log.Level.WARN, text, text);
    }

    /** Maybe on an event loop, which must not wait for the log's disk. */
    private void failed(Throwable failure) {
        log.soon(Log.Level.ERROR, "failure", "a call passed through because the agent failed: " + failure
                + (log.writes(Log.Level.DEBUG) ? stack(failure) : ""));
    }

    private static String stack(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return System.lineSeparator() + text.toString().stripTrailing();
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
