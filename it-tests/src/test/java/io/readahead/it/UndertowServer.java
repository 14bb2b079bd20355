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
 */
record UndertowServer(String path, int workers, boolean hidden) implements FileServer {

    /** As long as nothing goes wrong, JBoss Logging prints pairs of lines through java.util.logging. */
    private static final Pattern OWN_LINE = Pattern.compile("[A-Z][a-z]{2} \\d{2}, \\d{4} .* [\\w.]+ [\\w<>]+|INFO: .*");

    /** Files sent as the client takes them; fewer workers than the contract has downloads. */
    static final UndertowServer NON_BLOCKING = new UndertowServer("/files/", 8, false);
    /** One worker for each file until all of it is sent. */
    static final UndertowServer BLOCKING = new UndertowServer("/blocking/", 16, false);
    /** As in WildFly. */
    static final UndertowServer HIDDEN = new UndertowServer("/files/", 8, true);

    UndertowServer workers(int number) {
        return new UndertowServer(path, number, hidden);
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        ServerProcess.Builder server = ServerProcess.on(jdk).jvm("-Xmx256m", "-Duser.language=en");
        Path jar = Artifacts.ofExample("undertow", "undertow-file-server.jar");
        if (hidden) {
            server.main(Artifacts.testClasses().toString(), "io.readahead.it.app.HiddenServerApp")
                    .arguments(jar, "io.readahead.examples.undertow.UndertowFileServer");
        } else {
            server.jar(jar);
        }
        return server.arguments("--root", root, "--port", 0, "--worker-threads", workers);
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
        return "Undertow" + path + (hidden ? "hidden/" : "") + workers;
    }
}
