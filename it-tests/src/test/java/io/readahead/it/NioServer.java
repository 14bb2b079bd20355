package io.readahead.it;

import io.readahead.it.app.Habit;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/** How the tests start {@code io.readahead.it.app.SelectorServer}, the one that is written with java.nio by hand. */
enum NioServer implements FileServer {

    /** Its connections go to two selectors by turns. */
    TWO_SELECTORS,

    /** As that, from mappings. */
    MAPPED;

    /** The option that names it to the agent. */
    static final String PACKAGES = "packages=io.readahead.it.app";

    private static final String WRITER = ",mapped=io.readahead.it.app.Connection";
    private static final int LOOPS = 2;

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        return from(Artifacts.testClasses(), jdk, root);
    }

    /** The server without the agent, from a folder of classes. */
    static ServerProcess.Builder from(Path classes, Jdk jdk, Path root) {
        return ServerProcess.on(jdk).jvm("-Xmx256m").main(classes.toString(), "io.readahead.it.app.SelectorServer").arguments(root, LOOPS);
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root, boolean agent, String agentOptions) {
        String options = this == MAPPED ? PACKAGES + WRITER : PACKAGES;
        return FileServer.super.builder(jdk, root, agent, agentOptions.isEmpty() ? options : options + "," + agentOptions);
    }

    @Override
    public String pathOf(TestFile file) {
        String path = "/" + file.path().getFileName();
        return this == MAPPED ? path + "?" + Habit.MAPS : path;
    }

    @Override
    public boolean keepsFilesMapped() {
        return this == MAPPED;
    }

    @Override
    public boolean noticesTruncation() {
        return this != MAPPED;
    }

    /** The file, sent with a habit. */
    String pathOf(TestFile file, Habit habit) {
        return "/" + file.path().getFileName() + "?" + habit;
    }

    /** The file, followed as it grows up to so many bytes. */
    String pathOfGrowing(TestFile file, long bytes) {
        return pathOf(file, Habit.FOLLOWS_A_GROWING_FILE) + "&to=" + bytes;
    }

    @Override
    public String[] loopThreads() {
        return new String[] {"selector-"};
    }
}
