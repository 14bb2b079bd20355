package io.readahead.examples.jetty;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty that serves a folder: puts the parts together, and is the command line's entry. */
public final class JettyFileServer {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private static final String OWN_PAGE = """
            GET /files/PATH     a file, with sendfile from the selector thread
            GET /blocking/PATH  the same file, from a thread that may block
            """;
    private static final String STOCK_PAGE = """
            GET /files/PATH     a file or a folder, by Jetty's ResourceHandler
            """;
    private static final int JETTYS_OWN_CHOICE = -1;

    private final Server server;
    private final ServerConnector connector;

    /** Builds the server that the options ask for; it listens once it is {@linkplain #start started}. */
    JettyFileServer(Options options) throws IOException {
        boolean stock = options.handler() == FilesBy.RESOURCE_HANDLER;
        QueuedThreadPool workers = new QueuedThreadPool();
        if (!stock) {
            workers.setName("jetty-worker");
        }
        if (options.virtualThreads()) {
            workers.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("jetty-virtual-"));
        }
        server = new Server(workers);
        connector = stock
                ? new ServerConnector(server, JETTYS_OWN_CHOICE, options.selectors())
                : new SendfileConnector(server, options.selectors(), httpConfiguration());
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idleTimeoutSeconds() * 1000L);
        server.addConnector(connector);
        server.setHandler(stock ? stockHandlers(options.root()) : ownHandlers(options.root()));
    }

    private static Handler ownHandlers(Path root) throws IOException {
        FileTree tree = new FileTree(root);
        return new Handler.Sequence(
                new FileHandler(InvocationType.NON_BLOCKING, "/files/", tree, SendfileBody::send),
                new WorkerDispatch("/blocking/", new FileHandler(InvocationType.BLOCKING, "/blocking/", tree, BlockingBody::send)),
                new IndexHandler(OWN_PAGE));
    }

    /** Nothing is set but the folder. None of these handlers says that it blocks, so requests stay on the thread that selects. */
    private static Handler stockHandlers(Path root) throws IOException {
        ContextHandler files = new ContextHandler(new ResourceHandler(), "/files");
        files.setBaseResourceAsPath(root.toRealPath());
        return new Handler.Sequence(files, new IndexHandler(STOCK_PAGE));
    }

    private static HttpConfiguration httpConfiguration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // Encoded %, / and dots: a file's name may have the first, and FileTree refuses the others.
        configuration.setUriCompliance(UriCompliance.DEFAULT.with("files", Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_SEGMENT, Violation.AMBIGUOUS_EMPTY_SEGMENT));
        return configuration;
    }

    /** Starts the server, prints where it listens, and returns when it is stopped. */
    public static void main(String[] arguments) {
        try {
            Options options = Options.parse(arguments);
            if (options.help()) {
                System.out.print(Options.USAGE);
                return;
            }
            JettyFileServer fileServer = new JettyFileServer(options);
            fileServer.server.setStopAtShutdown(true);
            fileServer.start();
            System.out.println("listening on " + fileServer.url());
            fileServer.server.join();
        } catch (UsageException e) {
            exit(EXIT_USAGE, e.getMessage());
        } catch (Exception e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            exit(EXIT_FAILED, e.getMessage() + (reason == e ? "" : ": " + reason.getMessage()));
        }
    }

    private static void exit(int code, String message) {
        System.err.println("jetty-file-server: " + message);
        System.exit(code);
    }

    void start() throws Exception {
        server.start();
    }

    void stop() throws Exception {
        server.stop();
    }

    Server server() {
        return server;
    }

    int port() {
        return connector.getLocalPort();
    }

    /** @return the address of the index page; a host with a colon is an IPv6 address and stands in brackets */
    String url() {
        String host = connector.getHost();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port() + "/";
    }
}
