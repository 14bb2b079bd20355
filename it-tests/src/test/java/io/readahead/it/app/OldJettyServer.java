package io.readahead.it.app;

import java.nio.file.Path;
import org.eclipse.jetty.http.content.CachingHttpContentFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** As {@link StockJettyServer}, by what Jetty 12.0 offers, and without mapped files. */
public final class OldJettyServer {

    private static final int MOST_KEPT_BYTES = 64 * 1024 - 1;

    private OldJettyServer() {
    }

    /**
     * Serves until the process is ended.
     *
     * @param arguments the folder; how many milliseconds a client may take nothing
     */
    @SuppressWarnings("removal")
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(Long.parseLong(arguments[1]));
        server.addConnector(connector);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(Path.of(arguments[0])));
        files.setUseFileMapping(false);
        server.setHandler(files);
        server.start();
        ((CachingHttpContentFactory) files.getHttpContentFactory()).setMaxCachedFileSize(MOST_KEPT_BYTES);
        System.out.println("listening on http://127.0.0.1:" + connector.getLocalPort() + "/");
        server.join();
    }
}
