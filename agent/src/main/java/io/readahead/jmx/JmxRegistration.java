package io.readahead.jmx;

import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Keeps the agent's bean in the platform MBean server, from the moment that somebody else has made that server.
 *
 * <p>Problem: {@code ManagementFactory.getPlatformMBeanServer()} makes the server with the builder that
 * {@code javax.management.builder.initial} names at that moment, and starts the log manager that {@code java.util.logging.manager} names.
 * An application sets both in its main, so an agent that asks in premain takes the choice away.
 * <p>Choice: never make it. A thread looks once a second among the servers that were made, which creates and initialises nothing, registers
 * when it finds the one that holds the platform's own beans, and ends. Who wants to see a bean has that server made: JConsole and jcmd by
 * starting the management agent, {@code com.sun.management.jmxremote} at the JVM's start, exporters and servers by asking for it.
 * <p>Cost: the bean appears up to a second late; a sleeping thread where nobody ever makes the server. Alternatives: a delay (a guess);
 * waiting for the application's builder class to be loaded (breaks where it sets none); the watchdog (registering calls the application's
 * listeners, which may take their time).
 *
 * <p>Errors: a JVM without {@code java.management} has no bean and says nothing; any other failure is reported once and not tried again.
 * <p>Threads: a daemon of its own, from {@link #start} until the bean is registered or {@link #stop}.
 * <p>Source: {@code java.lang.management.ManagementFactory}, {@code javax.management.MBeanServerFactory}, JDK 17 to 25.
 */
public final class JmxRegistration {

    /** The name of the bean. */
    public static final String NAME = "io.readahead:type=Agent";

    private static final long LOOK_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final Supplier<AgentMXBean> bean;
    private final Consumer<String> report;
    private final Thread thread = new Thread(this::run, "readahead-jmx");
    private volatile boolean closed;
    /** Set by the thread; read by whoever closes after it has ended. */
    private volatile Registered registered;

    /** The part that needs {@code java.management}; linked only where it is there. */
    private static final class Registered {

        private final MBeanServer server;
        private final ObjectName name;

        private Registered(MBeanServer server, ObjectName name) {
            this.server = server;
            this.name = name;
        }

        /** @return null as long as there is no platform MBean server */
        static Registered in(Supplier<AgentMXBean> bean) throws Exception {
            for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                if (server.isRegistered(new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME))) {
                    ObjectName name = new ObjectName(NAME);
                    server.registerMBean(new DescribedBean(bean.get()), name);
                    return new Registered(server, name);
                }
            }
            return null;
        }

        void undo() throws Exception {
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException ignored) {
                // Somebody else took it out, which JMX allows.
            }
        }
    }

    /**
     * @param bean made when there is somewhere to register it
     * @param report is told, in a line, why there is no bean
     */
    public JmxRegistration(Supplier<AgentMXBean> bean, Consumer<String> report) {
        this.bean = bean;
        this.report = report;
    }

    /** Starts looking. */
    public void start() {
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void run() {
        try {
            while (!closed && registered == null) {
                Thread.sleep(LOOK_MILLIS);
                registered = Registered.in(bean);
            }
            if (closed && registered != null) {
                registered.undo();    // it was closed meanwhile, and did not wait any longer
            }
        } catch (InterruptedException | NoClassDefFoundError ignored) {
            // Closed; or a JVM without java.management.
        } catch (Exception | LinkageError failure) {    // no class of java.management may be named here: the verifier would load it
            report.accept("no MBean " + NAME + ": " + failure);
        }
    }

    /** Takes the bean away, and with it the platform's last reference to the agent's classes. */
    public void stop() throws Exception {
        closed = true;
        thread.interrupt();
        thread.join(CLOSE_MILLIS);
        if (registered != null && !thread.isAlive()) {
            registered.undo();
        }
    }
}
