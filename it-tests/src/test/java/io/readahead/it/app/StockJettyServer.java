package io.readahead.it.app;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.content.CachingHttpContentFactory;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty as it comes, 12.0 or 12.1: its own handler of files, behind its own connector with one selector.
 *
 * <p>What is not in jetty-server, and what 12.0 hasn't got, is called by its name.
 */
public final class StockJettyServer {

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;
    private static final String RESOURCE_HANDLER = "resource";

    private final Server server = new Server();
    private final Map<String, String> options = new HashMap<>();

    private StockJettyServer(List<String> arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    /**
     * Serves until the process is ended.
     *
     * @param arguments {@code root=FOLDER}; {@code mapped=BYTES}, from how many on files are mapped, 0 for none; {@code cached=BYTES}, up
     *     to how many they are read whole by the thread of their first request and kept; {@code idle=MILLIS}, how long a client may take
     *     nothing; {@code handler=resource|ee10|ee11}; {@code http2=true}; {@code keystore=FILE} and {@code password=} for TLS;
     *     {@code virtual=true} for virtual threads
     */
    public static void main(String[] arguments) throws Exception {
        new StockJettyServer(List.of(arguments)).run();
    }

    private void run() throws Exception {
        if (is("virtual")) {
            QueuedThreadPool pool = (QueuedThreadPool) server.getThreadPool();
            pool.setVirtualThreadsExecutor((Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        }
        HttpConfiguration http = new HttpConfiguration();
        List<ConnectionFactory> protocols = new ArrayList<>(List.of(new HttpConnectionFactory(http)));
        boolean secured = options.containsKey("keystore");
        if (is("http2")) {
            protocols.add((ConnectionFactory) Class.forName("org.eclipse.jetty.http2.server.HTTP2" + (secured ? "" : "C")
                    + "ServerConnectionFactory").getConstructor(HttpConfiguration.class).newInstance(http));
        }
        if (is("http2") && secured) {
            protocols.add(0, (ConnectionFactory) Class.forName("org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory")
                    .getConstructor(String[].class).newInstance((Object) new String[] {"h2", "http/1.1"}));
        }
        ConnectionFactory[] factories = protocols.toArray(new ConnectionFactory[0]);
        ServerConnector connector = secured
                ? new ServerConnector(server, ACCEPTORS, SELECTORS, AbstractConnectionFactory.getFactories(keys(), factories))
                : new ServerConnector(server, ACCEPTORS, SELECTORS, factories);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(Long.parseLong(options.get("idle")));
        server.addConnector(connector);
        String handler = options.getOrDefault("handler", RESOURCE_HANDLER);
        if (handler.equals(RESOURCE_HANDLER)) {
            ResourceHandler files = resourceHandler();
            server.setHandler(files);
            server.start();
            ((CachingHttpContentFactory) files.getHttpContentFactory()).setMaxCachedFileSize(Integer.parseInt(options.get("cached")));
        } else {
            server.setHandler(defaultServlet("org.eclipse.jetty." + handler + ".servlet."));
            server.start();
        }
        System.out.println("listening on http://127.0.0.1:" + connector.getLocalPort() + "/");
        server.join();
    }

    private boolean is(String option) {
        return Boolean.parseBoolean(options.get(option));
    }

    private SslContextFactory.Server keys() {
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setKeyStorePath(options.get("keystore"));
        keys.setKeyStorePassword(options.get("password"));
        keys.setSniRequired(false);
        return keys;
    }

    private ResourceHandler resourceHandler() throws ReflectiveOperationException {
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(Path.of(options.get("root"))));
        int mappedFrom = Integer.parseInt(options.get("mapped"));
        for (Method method : ResourceHandler.class.getMethods()) {
            if (method.getName().equals("setUseFileMapping")) {
                method.invoke(files, mappedFrom > 0);
            } else if (method.getName().equals("setMinMappedFileSize") && mappedFrom > 0) {
                method.invoke(files, mappedFrom);    // in 12.0 it is 16 KB
            }
        }
        return files;
    }

    private Handler defaultServlet(String servletPackage) throws ReflectiveOperationException {
        Class<?> type = Class.forName(servletPackage + "ServletContextHandler");
        Handler context = (Handler) type.getConstructor().newInstance();
        type.getMethod("setContextPath", String.class).invoke(context, "/");
        type.getMethod("setBaseResourceAsPath", Path.class).invoke(context, Path.of(options.get("root")));
        Object holder = type.getMethod("addServlet", String.class, String.class).invoke(context, servletPackage + "DefaultServlet", "/");
        Method parameter = holder.getClass().getMethod("setInitParameter", String.class, String.class);
        parameter.invoke(holder, "useFileMappedBuffer", Boolean.toString(!options.get("mapped").equals("0")));
        parameter.invoke(holder, "maxCachedFileSize", options.get("cached"));
        return context;
    }
}
