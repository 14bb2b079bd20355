package io.readahead.it;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the build made, found by the system properties that the pom sets. */
public final class Artifacts {

    private Artifacts() {
    }

    /** The shipped agent. */
    public static Path agentJar() {
        return built("readahead.agent.jar");
    }

    /** The runnable Jetty example. */
    static Path jettyJar() {
        return built("readahead.jetty.jar");
    }

    /** The folder of jars of a Jetty version, there under -Pmatrix alone. */
    static Path stockJetty(String version) {
        return Path.of(property("readahead.stock-jetty.dir"), version, "target", "lib");
    }

    /** A file or folder that the build of an example left in its target folder. */
    static Path ofExample(String example, String name) {
        Path path = Path.of(property("readahead.examples.dir"), example, "target", name);
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " isn't built: mvn -B -DskipTests package");
        }
        return path;
    }

    /** A file or folder that the build of a product left in its target folder, there under -Pproducts alone. */
    static Path ofProduct(String product, String name) {
        return Path.of(property("readahead.products.sources"), product, "target", name);
    }

    /** A distribution that the build has unpacked, or a jar that it has copied, there under -Pproducts alone. */
    static Path distribution(String name) {
        return Path.of(property("readahead.products.dir"), name);
    }

    /** The jars of a release that versions.sh has fetched, as an entry of a class path. */
    static String release(String artifact, String version) {
        return Path.of(property("readahead.versions.dir"), artifact + "-" + version) + "/*";
    }

    /** A Byte Buddy that an application of some age would bring along. */
    static Path oldByteBuddyJar() {
        return built("readahead.old.byte-buddy.jar");
    }

    /** A JNA that an application of some age would bring along. */
    static Path oldJnaJar() {
        return built("readahead.old.jna.jar");
    }

    /** An agent of somebody else's. */
    static Path otherAgent(String fileName) {
        return Path.of(property("readahead.other-agents.dir"), fileName);
    }

    /** Prometheus' exporter of MBeans, as released. */
    static Path jmxExporterJar() {
        return built("readahead.jmx-exporter.jar");
    }

    /** A folder on a file system with a disk below it, for {@link OnDisk}. */
    public static Path workDir() {
        return Path.of(property("readahead.work.dir"));
    }

    /** The folder that holds the classes of {@code io.readahead.it.app} and its neighbors. */
    static Path testClasses() {
        return sourceOf(Artifacts.class);
    }

    /** The jar or folder that a class of this JVM is from. */
    static Path sourceOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("run by Maven, or with -D" + name + "=...: see it-tests/pom.xml");
        }
        return value;
    }

    private static Path built(String property) {
        Path path = Path.of(property(property));
        if (!Files.isRegularFile(path)) {
            throw new IllegalStateException(path + " isn't built: mvn -B -DskipTests package");
        }
        return path;
    }
}
