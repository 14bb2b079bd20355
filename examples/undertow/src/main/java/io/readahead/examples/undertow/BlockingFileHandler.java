package io.readahead.examples.undertow;

import io.undertow.io.IoCallback;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.resource.Resource;
import io.undertow.server.handlers.resource.ResourceManager;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.xnio.FileAccess;

/**
 * Sends a file the servlet way: one worker for all of it, which also waits for the client.
 *
 * <p>It opens the file as an application of XNIO does, and so gets a FileChannel that wraps the JDK's.
 * <p>Threads: a worker, with the exchange in blocking mode.
 */
final class BlockingFileHandler implements HttpHandler {

    private final ResourceManager files;

    BlockingFileHandler(ResourceManager files) {
        this.files = files;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        Resource file = files.getResource(exchange.getRelativePath());
        if (file == null || file.isDirectory()) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND).endExchange();
            return;
        }
        try (FileChannel channel = exchange.getConnection().getWorker().getXnio().openFile(file.getFile(), FileAccess.READ_ONLY)) {
            exchange.setResponseContentLength(channel.size());
            exchange.getResponseSender().transferFrom(channel, IoCallback.END_EXCHANGE);
        }
    }
}
