package io.readahead.examples.jetty;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Short text responses. */
final class PlainText {
    private PlainText() {
    }

    /** Answers with a status and its name as the page. */
    static void status(Response response, int status, Callback callback) {
        response.setStatus(status);
        page(response, status + " " + HttpStatus.getMessage(status) + "\n", callback);
    }

    static void page(Response response, String text, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, text.getBytes(StandardCharsets.UTF_8).length);
        Content.Sink.write(response, true, text, callback);
    }
}
