package io.readahead.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;

/**
 * Premain-Class and Agent-Class: hands over to {@code io.readahead.start.Startup} in a class loader of its own.
 *
 * <p>Errors: never throws, for an exception out of premain would abort the JVM; one line on stderr says what failed, and the
 * server runs without the agent. With {@code strict=true} a wrong option ends a JVM that starts with it; one that runs goes on, whatever
 * is attached.
 * <p>Threads: the JVM's, one for premain, one for each attach.
 */
public final class ReadaheadAgent {

    /** Instead of options, when attaching: takes the agent off. */
    private static final String DETACH = "detach";
    private static final int EXIT_STRICT = 1;

    private static AutoCloseable running;
    /** Stays when the agent is taken off, for the next one. */
    private static IsolatedClassLoader jna;

    private ReadaheadAgent() {
    }

    /** Called by the JVM before the server's main; before a tool's it does nothing. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        if (!HostProgram.isToolHere()) {
            start(NamedJar.own(arguments), instrumentation, true);
        }
    }

    /**
     * Called by the JVM when somebody attaches: with options, which start the agent or change what it does, or with "detach".
     *
     * <p>It is the first jar's class that is called, whichever jar is attached later: {@link NamedJar}.
     */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        if (DETACH.equals(arguments)) {
            detach();
        } else {
            start(NamedJar.of(arguments), instrumentation, false);
        }
    }

    private static synchronized void start(NamedJar named, Instrumentation instrumentation, boolean withJvm) {
        boolean stopJvm = false;
        try {
            Path jar = named.path();
            IsolatedClassLoader itsJna = IsolatedClassLoader.jna(jar);
            if (jna == null || !jna.standsFor(itsJna)) {
                jna = itsJna;
            }
            ClassLoader isolated = new IsolatedClassLoader(jar, jna);
            Class<?> startup = Class.forName("io.readahead.start.Startup", true, isolated);
            // Three references: for more, or for a boolean, JDK 18 and later make some 40 classes before they call it.
            Object[] started = (Object[]) startup
                    .getMethod(withJvm ? "withJvm" : "attached", String.class, Instrumentation.class, AutoCloseable.class)
                    .invoke(null, named.options(), instrumentation, running);
            running = (AutoCloseable) started[0];
            stopJvm = (Boolean) started[1];
        } catch (Throwable failure) {
            Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
            System.err.println("readahead: INACTIVE, the agent could not start: " + cause
                    + (running == null ? "; the server runs without it" : "; the one that runs goes on as it was"));
        }
        if (stopJvm) {
            System.exit(EXIT_STRICT);
        }
    }

    private static synchronized void detach() {
        try {
            if (running != null) {
                running.close();
            }
        } catch (Throwable failure) {
            System.err.println("readahead: detaching failed: " + failure);
        } finally {
            running = null;
        }
    }
}
