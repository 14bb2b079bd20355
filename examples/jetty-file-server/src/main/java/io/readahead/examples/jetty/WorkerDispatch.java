package io.readahead.examples.jetty;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Runs a handler that may block on a thread of the pool, or on a virtual thread where the pool is configured for them.
 *
 * <p>Jetty decides once for the whole server, by its handlers' invocation type, whether requests leave the selector thread. A blocking
 * handler beside non-blocking ones therefore has to be sent away by one that doesn't block.
 */
final class WorkerDispatch extends Handler.Wrapper {
    private final String prefix;

    /** @param prefix of the request paths that the handler takes */
    WorkerDispatch(String prefix, Handler blocking) {
        super(blocking);
        this.prefix = prefix;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).startsWith(prefix)) {
            return false;
        }
        try {
            request.getComponents().getExecutor().execute(() -> handleBlocking(request, response, callback));
        } catch (RejectedExecutionException e) {
            Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        return true;
    }

    private void handleBlocking(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Throwable t) {
            callback.failed(t);
        }
    }
}
