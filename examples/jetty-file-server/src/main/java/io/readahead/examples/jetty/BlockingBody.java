package io.readahead.examples.jetty;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The body of one response, written the servlet way: to a stream, by a thread that waits for the disk and for the client. */
final class BlockingBody {
    private BlockingBody() {
    }

    /** A {@link BodySender} that returns when the client has taken the bytes. */
    static void send(Request request, Response response, Callback callback, FileChannel file, long first, long length) {
        try (file; WritableByteChannel body = Channels.newChannel(Response.asBufferedOutputStream(request, response))) {
            long sent = 0;
            while (sent < length) {
                long step = file.transferTo(first + sent, length - sent, body);
                if (step <= 0) {
                    throw new EOFException("the file now ends before byte " + (first + sent));
                }
                sent += step;
            }
        } catch (IOException e) {
            callback.failed(e);
            return;
        }
        callback.succeeded();
    }
}
