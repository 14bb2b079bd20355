package io.readahead.examples.jetty;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * The body of one response, written slice by slice from the selector thread; the file is closed when the last slice is sent or one fails.
 *
 * <p>A client that is gone and an idle timeout fail the pending write, so they arrive here too.
 */
final class SendfileBody extends IteratingCallback {
    private final SendfileEndPoint endPoint;
    private final Response response;
    private final Callback callback;
    private final FileChannel file;
    private final long end;
    private long position;

    private SendfileBody(SendfileEndPoint endPoint, Response response, Callback callback, FileChannel file, long first, long length) {
        this.endPoint = endPoint;
        this.response = response;
        this.callback = callback;
        this.file = file;
        this.position = first;
        this.end = first + length;
    }

    /** A {@link BodySender} that never blocks on the socket; its request must have come in over a {@link SendfileEndPoint}. */
    static void send(Request request, Response response, Callback callback, FileChannel file, long first, long length) {
        SendfileEndPoint endPoint = (SendfileEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
        new SendfileBody(endPoint, response, callback, file, first, length).iterate();
    }

    @Override
    protected Action process() throws IOException {
        if (position == end) {
            return Action.SUCCEEDED;
        }
        FileSlice slice = FileSlice.map(file, position, Math.min(end - position, FileSlice.MAX_BYTES));
        position += slice.buffer().remaining();
        endPoint.expect(slice);
        response.write(position == end, slice.buffer(), this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        release();
        callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        callback.failed(cause);
    }

    private void release() {
        endPoint.expect(null);
        IO.close(file);
    }

    /** What keeps Jetty from handing the next slice to its thread pool. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
