package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The Undertow of {@code examples/undertow}.
 *
 * @param path what answers, see the example's README
 * @param workers worker threads, beside one I/O thread
 * @param hidden whether it is loaded by a loader that hides everything but the JDK from it
 * @param version 2.2, 2.3, or 2.4 for the example's own; or one that versions.sh has fetched
 * @param protocol what it speaks
 */
public record UndertowServer(String path, int workers, boolean hidden, String version, Protocol protocol) implements FileServer {

    /** As long as nothing goes wrong, JBoss Logging prints pairs of lines through java.util.logging. */
    private static final Pattern OWN_LINE = Pattern.compile("[A-Z][a-z]{2} \\d{2}, \\d{4} .* [\\w.]+ [\\w<>]+|INFO: .*");

    /** JEP 498 warns of how Undertow gives back its buffers. */
    private static final int JDK_THAT_WARNS = 24;
    private static final String NEWEST = "2.4";
    private static final String MAIN = "io.readahead.examples.undertow.UndertowFileServer";

    /** HTTP/1.1, that over TLS, or TLS with a choice of HTTP/2 by ALPN. */
    public enum Protocol {
        PLAIN, TLS, TLS_AND_HTTP2
    }

    /** Files sent as the client takes them; fewer workers than the contract has downloads. */
    public static final UndertowServer NON_BLOCKING = new UndertowServer("/files/", 8, false, NEWEST, Protocol.PLAIN);
    /** One worker for each file until all of it is sent. */
    static final UndertowServer BLOCKING = new UndertowServer("/blocking/", 16, false, NEWEST, Protocol.PLAIN);
    /** As in WildFly. */
    static final UndertowServer HIDDEN = new UndertowServer("/files/", 8, true, NEWEST, Protocol.PLAIN);

    public UndertowServer workers(int number) {
        return new UndertowServer(path, number, hidden, version, protocol);
    }

    public UndertowServer speaking(Protocol other) {
        return new UndertowServer(path, workers, hidden, version, other);
    }

    UndertowServer ofVersion(String other) {
        return new UndertowServer(path, workers, hidden, other, protocol);
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        ServerProcess.Builder server = ServerProcess.on(jdk).jvm("-Xmx256m", "-Duser.language=en");
        if (protocol != Protocol.PLAIN && jdk.feature() >= JDK_THAT_WARNS) {
            server.jvm("--sun-misc-unsafe-memory-access=allow");
        }
        Path jar = Artifacts.ofExample("undertow", "undertow-file-server.jar");
        if (!version.equals(NEWEST)) {
            String undertow = version.endsWith(".Final") ? Artifacts.release("undertow-core", version)
                    : Artifacts.ofExample("undertow", "lib-" + version) + "/*";
            server.main(Artifacts.ofExample("undertow", "original-undertow-file-server.jar") + ":" + undertow, MAIN);
        } else if (hidden) {
            server.main(Artifacts.testClasses().toString(), "io.readahead.it.app.HiddenServerApp")
                    .arguments(jar, MAIN);
        } else {
            server.jar(jar);
        }
        server.arguments("--root", root, "--port", 0, "--worker-threads", workers);
        return protocol == Protocol.PLAIN ? server : server.arguments("--keystore", ServerKeys.shared().keystore(),
                "--password", ServerKeys.PASSWORD, "--http2", protocol == Protocol.TLS_AND_HTTP2)
                .certificate(ServerKeys.sharedCertificate());
    }

    @Override
    public boolean helped() {
        return protocol != Protocol.TLS_AND_HTTP2;
    }

    @Override
    public String pathOf(TestFile file) {
        return path + file.path().getFileName();
    }

    /** {@code XNIO-1 I/O-1} and the workers, {@code XNIO-1 task-1} and so on: for it is those that send. */
    @Override
    public String[] loopThreads() {
        return new String[] {"XNIO-1"};
    }

    @Override
    public boolean sendsHeadWithFile() {
        return true;
    }

    @Override
    public boolean printsOnStderr(String line) {
        return OWN_LINE.matcher(line).matches();
    }

    @Override
    public String toString() {
        return "Undertow" + (version.equals(NEWEST) ? "" : version) + path + (hidden ? "hidden/" : "") + workers
                + (protocol == Protocol.PLAIN ? "" : " " + protocol);
    }
}
