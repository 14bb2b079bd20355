package io.readahead.examples.undertow;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.server.handlers.resource.ResourceManager;
import java.net.InetSocketAddress;

/** An Undertow that serves a folder: puts the parts together, and is the command line's entry. */
public final class UndertowFileServer {

    /** Undertow copies files that are smaller through a buffer. */
    private static final long TRANSFER_MIN_SIZE_BYTES = 1024;
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private UndertowFileServer() {
    }

    /** Starts the server and prints where it listens; its threads keep the JVM alive until it is ended. */
    public static void main(String[] arguments) {
        try {
            Options options = Options.parse(arguments);
            if (options.help()) {
                System.out.print(Options.USAGE);
                return;
            }
            Undertow server = server(options);
            server.start();
            InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
            String scheme = options.keystore() == null ? "http" : "https";
            System.out.println("listening on " + scheme + "://" + options.host() + ":" + address.getPort() + "/");
        } catch (IllegalArgumentException refused) {
            exit(EXIT_USAGE, refused.getMessage());
        } catch (RuntimeException failure) {
            exit(EXIT_FAILED, failure.getMessage());
        }
    }

    private static Undertow server(Options options) {
        ResourceManager files = new PathResourceManager(options.root(), TRANSFER_MIN_SIZE_BYTES);
        HttpHandler paths = Handlers.path()
                .addPrefixPath("/files", new ResourceHandler(files))
                .addPrefixPath("/blocking", new BlockingHandler(new BlockingFileHandler(files)));
        Undertow.Builder server = Undertow.builder()
                .setIoThreads(options.ioThreads())
                .setWorkerThreads(options.workerThreads())
                .setServerOption(UndertowOptions.ENABLE_HTTP2, options.http2())
                .setHandler(paths);
        if (options.keystore() == null) {
            server.addHttpListener(options.port(), options.host());
        } else {
            server.addHttpsListener(options.port(), options.host(), Tls.of(options.keystore(), options.password()));
        }
        return server.build();
    }

    private static void exit(int code, String message) {
        System.err.println("undertow-file-server: " + message);
        System.exit(code);
    }
}
