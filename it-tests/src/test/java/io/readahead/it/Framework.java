package io.readahead.it;

import io.readahead.it.guests.ReactorServer;
import io.readahead.it.guests.VertxServer;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/**
 * A server on a framework that is built on Netty, as released, which sends files over TLS by a method of the framework's own.
 *
 * @param name what a test is called
 * @param main its program
 * @param netty the version of Netty that it runs with
 * @param ahead the property with the folder of jars that go before the others; empty for none
 * @param loop how its loops' names begin
 */
record Framework(String name, Class<?> main, String netty, String ahead, String loop) implements FileServer {

    static final Framework VERTX_5 = new Framework("Vert.x 5", VertxServer.class, "4.2", "", "vert.x-eventloo");
    static final Framework VERTX_4 = new Framework("Vert.x 4", VertxServer.class, "4.1", "readahead.vertx-4.dir", "vert.x-eventloo");
    static final Framework REACTOR = new Framework("Reactor Netty", ReactorServer.class, "4.2", "", "reactor-loop");

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        String classPath = Guest.classPath(netty);
        return Guest.program(jdk, ahead.isEmpty() ? classPath : Artifacts.property(ahead) + "/*:" + classPath, main)
                .arguments(root, ServerKeys.shared().keystore(), ServerKeys.PASSWORD)
                .certificate(ServerKeys.sharedCertificate());
    }

    /** As Netty itself: {@link NettyServer#noticesTruncation}. */
    @Override
    public boolean noticesTruncation() {
        return false;
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    @Override
    public String[] loopThreads() {
        return new String[] {loop};
    }

    @Override
    public boolean printsOnStderr(String line) {
        return Guest.isLogLine(line);
    }

    @Override
    public String toString() {
        return name;
    }
}
