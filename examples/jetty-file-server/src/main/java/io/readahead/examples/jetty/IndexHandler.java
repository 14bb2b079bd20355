package io.readahead.examples.jetty;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The page that says which paths there are; everything that no handler before it took is not found. */
final class IndexHandler extends Handler.Abstract.NonBlocking {
    private final String page;

    /** @param page text */
    IndexHandler(String page) {
        this.page = page;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!"/".equals(Request.getPathInContext(request))) {
            PlainText.status(response, HttpStatus.NOT_FOUND_404, callback);
        } else if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            PlainText.page(response, page, callback);
        } else {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            PlainText.status(response, HttpStatus.METHOD_NOT_ALLOWED_405, callback);
        }
        return true;
    }
}
