package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/**
 * How the tests start examples/netty.
 *
 * @param version 4.1, 4.2, or one that versions.sh has fetched
 * @param transport nio or epoll
 * @param prefix {@code /files/}, or {@code /framed/} for a region that wraps the file's
 * @param wrapper a class of the tests that runs the server's main in its turn; empty for none
 * @param tls whether it speaks TLS, and so sends files by chunks
 */
public record NettyServer(String version, String transport, String prefix, String wrapper, boolean tls) implements FileServer {

    private static final String MAIN = "io.readahead.examples.netty.NettyFileServer";
    /** JEP 472 and JEP 498 warn of what Netty itself does. */
    private static final int JDK_THAT_WARNS = 24;

    public NettyServer(String version, String transport, String prefix) {
        this(version, transport, prefix, "");
    }

    public NettyServer(String version, String transport, String prefix, String wrapper) {
        this(version, transport, prefix, wrapper, false);
    }

    /** One that speaks TLS. */
    public static NettyServer secured(String version, String transport) {
        return new NettyServer(version, transport, "/files/", "", true);
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m");
        if (jdk.feature() >= JDK_THAT_WARNS) {
            builder.jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        }
        String netty = version.endsWith(".Final") ? Artifacts.release("netty-codec-http2", version)
                : Artifacts.ofExample("netty", "lib-" + version) + "/*";
        String classPath = Artifacts.ofExample("netty", "netty-file-server.jar") + ":" + netty;
        builder = wrapper.isEmpty() ? builder.main(classPath, MAIN)
                : builder.main(classPath + ":" + Artifacts.testClasses(), wrapper).arguments(MAIN);
        builder.arguments("--root", root, "--port", 0, "--transport", transport);
        return tls ? builder.arguments("--keystore", ServerKeys.shared().keystore(), "--password", ServerKeys.PASSWORD)
                .certificate(ServerKeys.sharedCertificate()) : builder;
    }

    /** The oldest ones say what they miss of a JDK 9 or later. */
    @Override
    public boolean printsOnStderr(String line) {
        return version.startsWith("4.1.0.") && (line.startsWith("INFO: ") || line.contains(" io.netty.util.internal.PlatformDependent "));
    }

    /** Behind the end of a file a ChunkedNioFile of Netty 4.1 and 4.2 gives empty chunks, and its loop writes those for ever. */
    @Override
    public boolean noticesTruncation() {
        return !tls;
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
