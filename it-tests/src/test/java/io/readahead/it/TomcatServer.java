package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Tomcat as released, started by {@code examples/tomcat/run.sh}, with its NIO connector.
 *
 * @param folder below examples/tomcat/target
 * @param tls who encrypts, see the example's README; empty for plain HTTP
 */
public record TomcatServer(String folder, String tls) implements FileServer {

    private static final Pattern LISTENING = Pattern.compile(
            "Starting ProtocolHandler \\[\"https?(?:-jsse|-openssl\\w*)?-nio-([0-9.]+)-auto-\\d+-(\\d+)\"]");

    /**
     * Its log, as far as nothing went wrong, or was only slow: it warns where its random numbers took 100 ms. And what the JVM says of the
     * variable that the start script itself sets.
     */
    private static final Pattern OWN_LINE = Pattern.compile("[0-9A-Za-z-]+ [0-9:.]+ INFO \\[.*"
            + "|[0-9A-Za-z-]+ [0-9:.]+ WARNING \\[.*createSecureRandom Creation of .*"
            + "|NOTE: Picked up JDK_JAVA_OPTIONS: .*");

    /** {@code sendfileSize} of its DefaultServlet, 10.1 and 11: what is smaller is sent from a cache, without a look at the file. */
    private static final long KEPT_BYTES = 48 << 10;

    public static final TomcatServer TOMCAT_11 = new TomcatServer("tomcat-11", "");
    public static final TomcatServer TOMCAT_10_1 = new TomcatServer("tomcat-10.1", "");

    /** The JDK encrypts. */
    public TomcatServer secured() {
        return new TomcatServer(folder, "jsse");
    }

    /** The system's libssl encrypts, on a JDK 22 or later: JEP 454. */
    TomcatServer securedByOpenSsl() {
        return new TomcatServer(folder, "openssl");
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        Path tomcat = Artifacts.ofExample("tomcat", folder);
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m")
                .script(tomcat.resolve("../../run.sh").normalize(), "CATALINA_OPTS")
                .environment("JRE_HOME", jdk.home().toString())
                .arguments("--tomcat", tomcat, "--root", root, "--port", 0)
                .listensWhenStderrSays(LISTENING);
        return tls.isEmpty() ? builder : builder.arguments("--tls", tls, "--keystore", ServerKeys.shared().keystore(),
                "--password", ServerKeys.PASSWORD).certificate(ServerKeys.sharedCertificate());
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    /**
     * Poller and acceptor, and with them the workers: what the kernel keeps of {@code http-nio-127.0.0.1-8080-Poller}, and of
     * {@code https-jsse-nio-127.0.0.1-8080-Poller}, is no more.
     */
    @Override
    public String[] loopThreads() {
        return new String[] {tls.isEmpty() ? "http-ni" : "https-" + tls};
    }

    @Override
    public long keptBytes() {
        return KEPT_BYTES;
    }

    @Override
    public boolean beginsOnWorker() {
        return true;
    }

    @Override
    public boolean printsOnStderr(String line) {
        return OWN_LINE.matcher(line).matches();
    }

    @Override
    public String toString() {
        return folder + (tls.isEmpty() ? "" : "-tls-" + tls);
    }
}
