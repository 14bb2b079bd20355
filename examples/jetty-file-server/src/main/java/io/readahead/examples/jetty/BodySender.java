package io.readahead.examples.jetty;

import java.nio.channels.FileChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A way to send bytes of a file as a response's content. */
@FunctionalInterface
interface BodySender {
    /**
     * Sends a part of a file, then closes the file and completes the callback; also when it fails.
     *
     * @param file open for reading; from now on the sender's
     * @param first first byte to send
     * @param length bytes to send, 1 or more, the response's Content-Length
     */
    void send(Request request, Response response, Callback callback, FileChannel file, long first, long length);
}
