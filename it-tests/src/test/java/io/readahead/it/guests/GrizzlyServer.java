package io.readahead.it.guests;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.StaticHttpHandler;

/** Grizzly's own handler of files, with sendfile, which is off by default, and without the cache, which maps the files that it knows. */
public final class GrizzlyServer {

    private GrizzlyServer() {
    }

    /** Serves a folder until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        NetworkListener listener = new NetworkListener("files", "127.0.0.1", 0);
        listener.setSendFileEnabled(true);
        listener.getFileCache().setEnabled(false);
        HttpServer server = new HttpServer();
        server.addListener(listener);
        server.getServerConfiguration().addHttpHandler(new StaticHttpHandler(arguments[0]), "/");
        server.start();
        System.out.println("listening on http://127.0.0.1:" + listener.getPort() + "/");
        Thread.currentThread().join();
    }
}
