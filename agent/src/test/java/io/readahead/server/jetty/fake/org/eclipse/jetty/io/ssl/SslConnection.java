package io.readahead.server.jetty.fake.org.eclipse.jetty.io.ssl;

import io.readahead.server.jetty.fake.org.eclipse.jetty.io.AbstractConnection;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.AbstractEndPoint;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.RetainableByteBuffer;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.WriteFlusher;
import io.readahead.server.jetty.fake.org.eclipse.jetty.util.thread.AutoLock;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/** As far as the agent looks into it. */
public class SslConnection extends AbstractConnection {

    private final AutoLock _lock = new AutoLock();
    private FlushState _flushState = FlushState.IDLE;
    private RetainableByteBuffer _encryptedOutput;

    private enum FlushState {
        IDLE, WRITING
    }

    public SslConnection(Executor executor) {
        super(executor);
    }

    public void writes(boolean writing, RetainableByteBuffer output) {
        _flushState = writing ? FlushState.WRITING : FlushState.IDLE;
        _encryptedOutput = output;
    }

    public boolean isLocked() {
        return _lock.isHeld();
    }

    public boolean hasOutput() {
        return _encryptedOutput != null && _flushState != null;
    }

    /** What is woven. */
    public class SslEndPoint extends AbstractEndPoint {

        private int incomplete;

        public SslConnection getSslConnection() {
            return SslConnection.this;
        }

        public boolean flush(ByteBuffer... buffers) {
            return buffers.length == incomplete;
        }

        protected void onIncompleteFlush() {
            incomplete++;
        }

        public WriteFlusher flusher() {
            return getWriteFlusher();
        }
    }
}
