package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.List;

/**
 * How the tests start examples/netty.
 *
 * @param version 4.1, 4.2, or one that versions.sh has fetched
 * @param transport nio, epoll or io_uring
 * @param prefix {@code /files/}, or {@code /framed/} for a region that wraps the file's
 * @param wrapper a class of the tests that runs the server's main in its turn; empty for none
 * @param tlsEngine jdk or openssl where it speaks TLS, and so sends files by chunks; empty where it doesn't
 * @param chunked whether it sends them so in any case
 */
public record NettyServer(String version, String transport, String prefix, String wrapper, String tlsEngine, boolean chunked)
        implements FileServer {

    private static final String MAIN = "io.readahead.examples.netty.NettyFileServer";
    /** A loop that encrypts for others, or sleeps on the disk, has a client wait for its part of the handshake. */
    private static final int NO_HANDSHAKE_TIMEOUT_SECONDS = 600;
    /** JEP 472 and JEP 498 warn of what Netty itself does. */
    private static final int JDK_THAT_WARNS = 24;
    private static final String IO_URING = "io_uring";
    private static final String OPENSSL = "openssl";

    public NettyServer(String version, String transport, String prefix) {
        this(version, transport, prefix, "");
    }

    public NettyServer(String version, String transport, String prefix, String wrapper) {
        this(version, transport, prefix, wrapper, "", false);
    }

    /** One that speaks TLS, by the JDK's engine. */
    public static NettyServer secured(String version, String transport) {
        return new NettyServer(version, transport, "/files/", "", "jdk", false);
    }

    /** The same by OpenSSL's. */
    NettyServer byOpenSsl() {
        return new NettyServer(version, transport, prefix, wrapper, OPENSSL, chunked);
    }

    /** One that sends files by chunks although nothing encrypts them. */
    NettyServer inChunks() {
        return new NettyServer(version, transport, prefix, wrapper, tlsEngine, true);
    }

    @Override
    public List<Requirement> requirements() {
        return transport.equals(IO_URING) ? List.of(Requirement.ioUring()) : List.of();
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m");
        if (jdk.feature() >= JDK_THAT_WARNS) {
            builder.jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        }
        String netty = version.endsWith(".Final") ? Artifacts.release("netty-codec-http2", version)
                : Artifacts.ofExample("netty", "lib-" + version) + "/*";
        if (transport.equals(IO_URING) || tlsEngine.equals(OPENSSL)) {
            netty += ":" + Artifacts.ofExample("netty", "lib-" + version + "-native") + "/*";
        }
        String classPath = Artifacts.ofExample("netty", "netty-file-server.jar") + ":" + netty;
        builder = wrapper.isEmpty() ? builder.main(classPath, MAIN)
                : builder.main(classPath + ":" + Artifacts.testClasses(), wrapper).arguments(MAIN);
        builder.arguments("--root", root, "--port", 0, "--transport", transport, "--chunked", chunked);
        return tlsEngine.isEmpty() ? builder : builder.arguments("--keystore", ServerKeys.shared().keystore(),
                "--password", ServerKeys.PASSWORD, "--tls-engine", tlsEngine, "--handshake-timeout", NO_HANDSHAKE_TIMEOUT_SECONDS)
                .certificate(ServerKeys.sharedCertificate());
    }

    /** The oldest ones say what they miss of a JDK 9 or later. */
    @Override
    public boolean printsOnStderr(String line) {
        return version.startsWith("4.1.0.") && (line.startsWith("INFO: ") || line.contains(" io.netty.util.internal.PlatformDependent "));
    }

    /** Behind the end of a file a ChunkedNioFile of Netty 4.1 and 4.2 gives empty chunks, and its loop writes those for ever. */
    @Override
    public boolean noticesTruncation() {
        return tlsEngine.isEmpty() && !chunked;
    }

    @Override
    public String pathOf(TestFile file) {
        return prefix + file.path().getFileName();
    }

    @Override
    public String[] loopThreads() {
        return new String[] {"netty-loop"};
    }
}
