package io.readahead.it.app;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs a server's jar by a loader that sees nothing but that jar and what {@link HidingLoader} lets through. */
public final class HiddenServerApp {

    private HiddenServerApp() {
    }

    /** Arguments: the jar, its main class, and what that gets. */
    public static void main(String[] arguments) throws Exception {
        URL jar = Path.of(arguments[0]).toUri().toURL();
        URLClassLoader server = new URLClassLoader("server", new URL[] {jar}, new HidingLoader());
        Thread.currentThread().setContextClassLoader(server);
        server.loadClass(arguments[1]).getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
    }
}
