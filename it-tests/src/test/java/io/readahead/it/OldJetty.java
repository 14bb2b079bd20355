package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/**
 * How the tests start {@code io.readahead.it.app.OldJettyServer} on a release that versions.sh has fetched: files are copied.
 */
record OldJetty(String version) implements FileServer {

    private static final long NO_IDLE_TIMEOUT_MILLIS = 600_000;

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        return ServerProcess.on(jdk).jvm("-Xmx256m")
                .main(Artifacts.release("jetty-server", version) + ":" + Artifacts.testClasses(), "io.readahead.it.app.OldJettyServer")
                .arguments(root, NO_IDLE_TIMEOUT_MILLIS);
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    @Override
    public String[] loopThreads() {
        return StockJetty.MAPPED.loopThreads();
    }

    /** Without a logger SLF4J says that it has none. */
    @Override
    public boolean printsOnStderr(String line) {
        return line.startsWith("SLF4J");
    }
}
