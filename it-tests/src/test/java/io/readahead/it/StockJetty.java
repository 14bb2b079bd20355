package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/** How the tests start {@code io.readahead.it.app.StockJettyServer}: Jetty's own handler of files. */
enum StockJetty implements FileServer {

    /** Files are mapped from 64 KB on, and written to the socket from there: as by default from 1 MB on, but that those are kept. */
    MAPPED(64 * 1024),
    /** Files are read into buffers, by a copier that the threads which select run. */
    COPIED(0);

    private static final long NO_IDLE_TIMEOUT_MILLIS = 600_000;

    private final int mappedFrom;

    StockJetty(int mappedFrom) {
        this.mappedFrom = mappedFrom;
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        return ServerProcess.on(jdk).jvm("-Xmx256m")
                .main(Artifacts.jettyJar() + ":" + Artifacts.testClasses(), "io.readahead.it.app.StockJettyServer")
                .arguments(root, mappedFrom, NO_IDLE_TIMEOUT_MILLIS);
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    @Override
    public boolean keepsFilesMapped() {
        return mappedFrom > 0;
    }

    /** All threads of the server: one that selects becomes one that serves, and the other way round. */
    @Override
    public String[] loopThreads() {
        return new String[] {"qtp"};
    }
}
