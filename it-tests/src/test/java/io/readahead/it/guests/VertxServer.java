package io.readahead.it.guests;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Vert.x' {@code sendFile} over TLS; compiled with 5, it runs with 4 too. */
public final class VertxServer {

    private VertxServer() {
    }

    /** Serves a folder until the process is ended. Arguments: the folder, a PKCS#12 key store and its password. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        // Without the agent the loop sleeps for longer than Vert.x likes, which is what the test is about.
        VertxOptions options = new VertxOptions().setEventLoopPoolSize(1).setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1))
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false));
        HttpServerOptions secured = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(arguments[1]).setPassword(arguments[2]));
        int port = Vertx.vertx(options).createHttpServer(secured).requestHandler(request -> answer(root, request)).listen()
                .toCompletionStage().toCompletableFuture().get().actualPort();
        System.out.println("listening on https://127.0.0.1:" + port + "/");
    }

    private static void answer(Path root, HttpServerRequest request) {
        Path file = root.resolve(request.path().substring(1));
        Part part = Part.of(request.getHeader("Range"), file.toFile().length());
        request.response().setStatusCode(part.status()).sendFile(file.toString(), part.offset(), part.length());
    }
}
