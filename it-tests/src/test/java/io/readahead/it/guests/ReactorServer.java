package io.readahead.it.guests;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** Reactor Netty's {@code sendFile} over TLS, as Spring WebFlux sends files. */
public final class ReactorServer {

    private ReactorServer() {
    }

    /** Serves a folder until the process is ended. Arguments: the folder, a PKCS#12 key store and its password. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        SslContext tls = tls(Path.of(arguments[1]), arguments[2].toCharArray());
        DisposableServer server = HttpServer.create().host("127.0.0.1").port(0)
                .runOn(LoopResources.create("reactor-loop", 1, true))
                .secure(spec -> spec.sslContext(tls))
                .handle((request, response) -> {
                    Path file = root.resolve(request.uri().substring(1));
                    Part part = Part.of(request.requestHeaders().get("Range"), file.toFile().length());
                    return response.status(part.status()).header("Content-Length", Long.toString(part.length()))
                            .sendFile(file, part.offset(), part.length());
                })
                .bindNow();
        System.out.println("listening on https://127.0.0.1:" + server.port() + "/");
        server.onDispose().block();
    }

    private static SslContext tls(Path keystore, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keystore)) {
            store.load(file, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).build();
    }
}
