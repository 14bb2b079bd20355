package io.readahead.start;

import io.readahead.jdk.ModuleOpener;
import java.lang.instrument.Instrumentation;
import java.util.Properties;

/**
 * The first class of the isolated loader: reads the options, opens the JDK, defines the bridge, and only then lets
 * {@link Assembly} and with it everything that refers to the bridge be loaded.
 *
 * <p>Threads: the one that runs premain or agentmain.
 */
public final class Startup {

    private Startup() {
    }

    /** Starts it with the JVM; as {@link #start}. */
    public static Object[] withJvm(String arguments, Instrumentation instrumentation, AutoCloseable before) {
        return start(arguments, instrumentation, before, true);
    }

    /** Starts it in a JVM that runs; as {@link #start}. */
    public static Object[] attached(String arguments, Instrumentation instrumentation, AutoCloseable before) {
        return start(arguments, instrumentation, before, false);
    }

    /**
     * Starts the agent.
     *
     * <p>Errors: what is wrong is one line in the log, and the server runs as it did before.
     *
     * @param before the agent that runs already, from an earlier attach, or null; it is taken off when the options are right
     * @param withJvm whether the JVM starts too; false where the agent is attached
     * @return {@code {AutoCloseable running or null, Boolean whether the JVM shall stop}}: an option is wrong and strict=true was
     *         asked for; only JDK types cross to the application's loader
     */
    private static Object[] start(String arguments, Instrumentation instrumentation, AutoCloseable before, boolean withJvm) {
        Properties properties = System.getProperties();
        AutoCloseable running = before;
        boolean stopJvm = false;
        try {
            ModuleOpener.open(instrumentation);
            AgentOptions options = AgentOptions.parse(arguments, properties);
            Log log = new Log(options.log(), options.logLevel());
            boolean off = options.mode() == AgentOptions.Mode.OFF;
            if (before != null && !off && before.toString().equals(options.identity(AgentVersion.text())) && isOfThisBuild(before)) {
                say(log, Log.Level.INFO, null, AgentVersion.text() + (options.mode() == AgentOptions.Mode.OBSERVE
                        ? " OBSERVING already, with these options; nothing was changed"
                        : " ACTIVE already, with these options; nothing was changed"));
                return new Object[] {before, false};
            }
            if (!off) {
                BridgeInstaller.define();    // first: where it can't, the one that runs goes on
            }
            if (before != null) {
                running = null;
                before.close();
            }
            if (!off) {
                running = new Assembly(instrumentation, options, log, AgentVersion.text()).start();
            } else {
                say(log, Log.Level.INFO, StatusBoard.OFF, AgentVersion.text() + " OFF by mode=off; nothing is woven");
            }
        } catch (OptionException wrong) {
            stopJvm = withJvm && before == null && AgentOptions.isStrict(arguments, properties);
            say(new Log("stderr", Log.Level.ERROR), Log.Level.ERROR, before == null ? StatusBoard.INACTIVE : null,
                    AgentVersion.text() + " INACTIVE: " + wrong.getMessage() + consequence(stopJvm, before != null));
        } catch (Throwable failure) {
            say(new Log("stderr", Log.Level.ERROR), Log.Level.ERROR, running == null ? StatusBoard.INACTIVE : null,
                    AgentVersion.text() + " INACTIVE: " + failure + consequence(false, running != null));
        }
        return new Object[] {running, stopJvm};
    }

    /** Whether it came from a jar with the same content: one of the same version may be another build. */
    private static boolean isOfThisBuild(AutoCloseable agent) {
        return agent.getClass().getClassLoader().toString().equals(Startup.class.getClassLoader().toString());
    }

    private static String consequence(boolean stopJvm, boolean runsAlready) {
        if (stopJvm) {
            return "; strict=true: the JVM stops";
        }
        return runsAlready ? "; the agent runs on with the options it had" : "; the server runs without the agent";
    }

    private static void say(Log log, Log.Level level, String state, String text) {
        log.line(level, text);
        StatusBoard.answer(text);
        if (state != null) {
            StatusBoard.state(state);
        }
    }
}
