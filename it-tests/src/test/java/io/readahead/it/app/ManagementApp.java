package io.readahead.it.app;

import java.lang.management.ManagementFactory;
import java.util.logging.LogManager;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectName;

/** Chooses its MBean server and its log manager in main, after a while, as an application server does. */
public final class ManagementApp {

    private static final long AGENTS_LOOK_MILLIS = 2_500;
    private static final int BEAN_SECONDS = 30;

    private ManagementApp() {
    }

    /** The application's own builder. */
    public static final class Builder extends MBeanServerBuilder {

        @Override
        public MBeanServer newMBeanServer(String domain, MBeanServer outer, MBeanServerDelegate delegate) {
            System.out.println("builder=own");
            return super.newMBeanServer(domain, outer, delegate);
        }
    }

    /** The application's own log manager. */
    public static final class Logs extends LogManager {
    }

    /** Prints whose builder made the platform MBean server, whose log manager is there, and whether the agent's bean comes. */
    public static void main(String[] arguments) throws Exception {
        Thread.sleep(AGENTS_LOOK_MILLIS);
        System.setProperty("javax.management.builder.initial", Builder.class.getName());
        System.setProperty("java.util.logging.manager", Logs.class.getName());
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        System.out.println("logs=" + LogManager.getLogManager().getClass().getSimpleName());
        ObjectName name = new ObjectName("io.readahead:type=Agent");
        for (int i = 0; i < BEAN_SECONDS * 10 && arguments.length > 0 && !server.isRegistered(name); i++) {
            Thread.sleep(100);
        }
        System.out.println("bean=" + server.isRegistered(name));
    }
}
