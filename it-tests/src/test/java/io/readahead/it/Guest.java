package io.readahead.it;

import io.readahead.it.guests.AkkaServer;
import io.readahead.it.guests.CassandraServer;
import io.readahead.it.guests.GrizzlyServer;
import io.readahead.it.guests.MinaServer;
import io.readahead.it.guests.OwnRegionServer;
import io.readahead.it.guests.PekkoServer;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A small server of the tests on a library as released.
 *
 * @param name what a test is called
 * @param main its program
 * @param netty the version of Netty that it runs with; empty where it has none
 * @param arguments behind the folder
 */
record Guest(String name, Class<?> main, String netty, List<String> arguments) implements FileServer {

    private static final String NIO = "NIO";
    private static final String EPOLL = "EPOLL";
    /** JEP 472 and JEP 498 warn of what Netty and Scala do. */
    private static final int JDK_THAT_WARNS = 24;

    static final Guest GRIZZLY = new Guest("Grizzly", GrizzlyServer.class, "", List.of());
    static final Guest MINA = new Guest("MINA", MinaServer.class, "", List.of());
    static final Guest PEKKO = new Guest("Pekko", PekkoServer.class, "", List.of());
    static final Guest AKKA = new Guest("Akka", AkkaServer.class, "", List.of());
    static final Guest OWN_REGION_NIO = ofNetty("a region of its own", OwnRegionServer.class, "4.2", NIO);
    static final Guest OWN_REGION_EPOLL = ofNetty("a region of its own", OwnRegionServer.class, "4.2", EPOLL);
    static final Guest CASSANDRA = ofNetty("Cassandra", CassandraServer.class, "4.1", EPOLL);

    private static Guest ofNetty(String name, Class<?> main, String netty, String transport) {
        return new Guest(name + ", " + transport, main, netty, List.of(transport));
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        return program(jdk, classPath(netty), main).arguments(root).arguments(arguments.toArray());
    }

    /** A program of {@code io.readahead.it.guests}. */
    static ServerProcess.Builder program(Jdk jdk, String classPath, Class<?> main) {
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m");
        if (jdk.feature() >= JDK_THAT_WARNS) {
            builder.jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        }
        return builder.main(classPath, main.getName());
    }

    /** What the tests have, behind Netty in the version that the example's servers have; its native half is with them alone. */
    static String classPath(String netty) {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return netty.isEmpty() ? all : Artifacts.ofExample("netty", "lib-" + netty) + "/*:" + all;
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    /** {@inheritDoc} Any: Grizzly's workers send, and Pekko's threads for what blocks. */
    @Override
    public String[] loopThreads() {
        return new String[] {""};
    }

    @Override
    public boolean printsOnStderr(String line) {
        return isLogLine(line);
    }

    /** Of java.util.logging, which Grizzly has on stderr, and of Log4j, whose implementation is left out. */
    static boolean isLogLine(String line) {
        return line.contains("org.glassfish.grizzly.") || line.startsWith("INFO: ") || line.contains("Log4j API could not find");
    }

    @Override
    public String toString() {
        return name;
    }
}
