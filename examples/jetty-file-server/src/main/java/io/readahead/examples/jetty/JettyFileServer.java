package io.readahead.examples.jetty;

import java.io.IOException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty that serves a folder: puts the parts together, and is the command line's entry. */
public final class JettyFileServer {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private final Server server;
    private final SendfileConnector connector;

    /** Builds the server that the options ask for; it listens once it is {@linkplain #start started}. */
    JettyFileServer(Options options) throws IOException {
        QueuedThreadPool workers = new QueuedThreadPool();
        workers.setName("jetty-worker");
        if (options.virtualThreads()) {
            workers.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("jetty-virtual-"));
        }
        server = new Server(workers);
        connector = new SendfileConnector(server, options.selectors(), httpConfiguration());
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idleTimeoutSeconds() * 1000L);
        server.addConnector(connector);
        FileTree tree = new FileTree(options.root());
        server.setHandler(new Handler.Sequence(
                new FileHandler(InvocationType.NON_BLOCKING, "/files/", tree, SendfileBody::send),
                new WorkerDispatch("/blocking/", new FileHandler(InvocationType.BLOCKING, "/blocking/", tree, BlockingBody::send)),
                new IndexHandler()));
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
