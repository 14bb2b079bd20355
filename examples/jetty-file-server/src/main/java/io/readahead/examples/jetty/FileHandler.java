package io.readahead.examples.jetty;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers GET and HEAD for the files of a tree; how a body is sent, and on which thread, is not decided here. */
final class FileHandler extends Handler.Abstract {
    private static final String ALLOWED_METHODS = "GET, HEAD";

    private final String prefix;
    private final FileTree tree;
    private final BodySender sender;

    /**
     * @param invocationType NON_BLOCKING if the sender never waits for the client
     * @param prefix of the request paths, with a slash at its end
     */
    FileHandler(InvocationType invocationType, String prefix, FileTree tree, BodySender sender) {
        super(invocationType);
        this.prefix = prefix;
        this.tree = tree;
        this.sender = sender;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(prefix)) {
            return false;
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, ALLOWED_METHODS);
            PlainText.status(response, HttpStatus.METHOD_NOT_ALLOWED_405, callback);
            return true;
        }
        try {
            Optional<ServedFile> file = tree.find(path.substring(prefix.length()));
            if (file.isEmpty()) {
                PlainText.status(response, HttpStatus.NOT_FOUND_404, callback);
            } else {
                serve(file.get(), request, response, callback);
            }
        } catch (AccessDeniedException e) {
            PlainText.status(response, HttpStatus.FORBIDDEN_403, callback);
        } catch (NoSuchFileException e) {
            PlainText.status(response, HttpStatus.NOT_FOUND_404, callback);
        }
        return true;
    }

    private void serve(ServedFile file, Request request, Response response, Callback callback) throws IOException {
        Preconditions preconditions = Preconditions.check(request.getHeaders(), file);
        if (preconditions == Preconditions.FAILED) {
            PlainText.status(response, HttpStatus.PRECONDITION_FAILED_412, callback);
            return;
        }
        boolean wantsBody = preconditions == Preconditions.PASSED && HttpMethod.GET.is(request.getMethod());
        boolean rangeCounts = wantsBody && Preconditions.rangeCounts(request.getHeaders(), file);
        RangeHeader range = RangeHeader.parse(rangeCounts ? request.getHeaders().get(HttpHeader.RANGE) : null, file.size());
        if (range.outcome() == RangeHeader.Outcome.UNSATISFIABLE) {
            response.getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + file.size());
            PlainText.status(response, HttpStatus.RANGE_NOT_SATISFIABLE_416, callback);
        } else if (wantsBody && range.length() > 0) {
            // Opened before the first header is set: a file that can't be opened is answered without them.
            FileChannel channel = file.open();
            setHead(response, preconditions, file, range);
            sender.send(request, response, callback, channel, range.first(), range.length());
        } else {
            setHead(response, preconditions, file, range);
            response.write(true, null, callback);
        }
    }

    private static void setHead(Response response, Preconditions preconditions, ServedFile file, RangeHeader range) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.ETAG, file.etag());
        headers.put(HttpHeader.LAST_MODIFIED, DateGenerator.formatDate(file.lastModifiedSeconds() * 1000));
        headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
        headers.put(HttpHeader.CONTENT_LENGTH, range.length());
        if (preconditions == Preconditions.NOT_MODIFIED) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            return;
        }
        headers.put(HttpHeader.CONTENT_TYPE, file.contentType());
        response.setStatus(HttpStatus.OK_200);
        if (range.outcome() == RangeHeader.Outcome.PARTIAL) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
            long last = range.first() + range.length() - 1;
            headers.put(HttpHeader.CONTENT_RANGE, "bytes " + range.first() + "-" + last + "/" + file.size());
        }
    }
}
