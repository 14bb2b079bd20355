package io.readahead.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;

/**
 * Premain-Class: hands over to {@code io.readahead.start.Startup} in a class loader of its own.
 *
 * <p>Errors: never throws, for an exception out of premain would abort the JVM; one line on stderr says what failed, and the
 * server starts without the agent. With {@code strict=true} a start that failed ends the JVM instead.
 */
public final class ReadaheadAgent {

    private static final int EXIT_STRICT = 1;

    private ReadaheadAgent() {
    }

    /** Called by the JVM before the server's main. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    /** Called by the JVM when the agent is attached to a server that runs. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    private static void start(String arguments, Instrumentation instrumentation) {
        boolean stopJvm = false;
        try {
            Path jar = Path.of(ReadaheadAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            ClassLoader isolated = new IsolatedClassLoader(jar);
            Class<?> startup = Class.forName("io.readahead.start.Startup", true, isolated);
            stopJvm = !(boolean) startup.getMethod("start", String.class, Instrumentation.class)
                    .invoke(null, arguments, instrumentation);
        } catch (Throwable failure) {
            Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
            System.err.println("readahead: INACTIVE, the agent could not start: " + cause
                    + "; the server starts without it");
        }
        if (stopJvm) {
            System.exit(EXIT_STRICT);
        }
    }
}
