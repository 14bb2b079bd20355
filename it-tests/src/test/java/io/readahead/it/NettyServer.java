package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/**
 * How the tests start examples/netty.
 *
 * @param version 4.1 or 4.2
 * @param transport nio or epoll
 * @param prefix {@code /files/}, or {@code /framed/} for a region that wraps the file's
 * @param wrapper a class of the tests that runs the server's main in its turn; empty for none
 */
public record NettyServer(String version, String transport, String prefix, String wrapper) implements FileServer {

    private static final String MAIN = "io.readahead.examples.netty.NettyFileServer";
    /** JEP 472 and JEP 498 warn of what Netty itself does. */
    private static final int JDK_THAT_WARNS = 24;

    public NettyServer(String version, String transport, String prefix) {
        this(version, transport, prefix, "");
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m");
        if (jdk.feature() >= JDK_THAT_WARNS) {
            builder.jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        }
        String classPath = Artifacts.ofExample("netty", "netty-file-server.jar") + ":"
                + Artifacts.ofExample("netty", "lib-" + version) + "/*";
        builder = wrapper.isEmpty() ? builder.main(classPath, MAIN)
                : builder.main(classPath + ":" + Artifacts.testClasses(), wrapper).arguments(MAIN);
        return builder.arguments("--root", root, "--port", 0, "--transport", transport);
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
