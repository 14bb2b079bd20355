package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;

/** How the tests start examples/jetty-file-server, and what all of them do with it. */
public enum JettyExample implements FileServer {

    /** Files sent by the selector thread. */
    EVENT_LOOP("/files/"),
    /** Files sent by a thread of the pool, through the response's output stream. */
    BLOCKING("/blocking/");

    /** How the kernel knows the selector threads, which serve /files. */
    static final String LOOP_THREADS = "jetty-sel";

    private static final long WARM_UP_BYTES = 3 << 20;
    private static final int WARM_UP_REQUESTS = 20;
    private static final int NO_IDLE_TIMEOUT_SECONDS = 600;

    private final String prefix;

    JettyExample(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        return withoutAgent(jdk, root).arguments("--idle-timeout", NO_IDLE_TIMEOUT_SECONDS);
    }

    @Override
    public String pathOf(TestFile file) {
        return prefix + file.path().getFileName();
    }

    @Override
    public String[] loopThreads() {
        return new String[] {LOOP_THREADS};
    }

    /** The server as it is, one selector. */
    static ServerProcess.Builder withoutAgent(Jdk jdk, Path root) {
        return ServerProcess.on(jdk).jvm("-Xmx256m").jar(Artifacts.jettyJar())
                .arguments("--root", root, "--host", "127.0.0.1", "--port", 0);
    }

    /** The same server with the agent, its options and its line of counters at the end. */
    static ServerProcess.Builder withAgent(Jdk jdk, Path root, String agentOptions) {
        return withoutAgent(jdk, root).agent(Artifacts.agentJar(), agentOptions).property("readahead.debug.stats", true);
    }

    /** With the agent at its defaults, or without. */
    static ServerProcess.Builder of(Jdk jdk, Path root, boolean agent) {
        return agent ? withAgent(jdk, root, "") : withoutAgent(jdk, root);
    }

    /** Has the server load all classes that hot and cold files need, so that the loop thread isn't charged with reading its jars. */
    static void warmUp(ServerProcess server, Path root) throws IOException {
        TestFile file = TestFile.write(root.resolve("warm-up.bin"), WARM_UP_BYTES);
        try (RawHttp client = RawHttp.connect(server)) {
            for (int request = 0; request < WARM_UP_REQUESTS; request++) {
                if (request % 2 == 0) {
                    file.evict();
                }
                Downloads.assertWhole(file, client.get("/files/warm-up.bin"), server);
            }
        }
    }
}
