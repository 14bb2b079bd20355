package io.readahead.it.app;

import java.nio.file.Path;
import org.eclipse.jetty.http.content.CachingHttpContentFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Jetty as it comes: its own handler of files, behind its own connector with one selector. */
public final class StockJettyServer {

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;

    private static final int MOST_KEPT_BYTES = 64 * 1024 - 1;

    private StockJettyServer() {
    }

    /**
     * Serves until the process is ended.
     *
     * @param arguments the folder; from how many bytes on files are mapped, 0 for none; how many milliseconds a client may take nothing
     */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(Long.parseLong(arguments[2]));
        server.addConnector(connector);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(Path.of(arguments[0])));
        files.setMinMappedFileSize(Integer.parseInt(arguments[1]));
        server.setHandler(files);
        server.start();
        // What is not larger is read whole by the thread of its first request, and kept: 128 MB by default.
        ((CachingHttpContentFactory) files.getHttpContentFactory()).setMaxCachedFileSize(MOST_KEPT_BYTES);
        System.out.println("listening on http://127.0.0.1:" + connector.getLocalPort() + "/");
        server.join();
    }
}
