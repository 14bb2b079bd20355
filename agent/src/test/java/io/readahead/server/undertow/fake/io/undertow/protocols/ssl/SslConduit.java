package io.readahead.server.undertow.fake.io.undertow.protocols.ssl;

import io.readahead.server.undertow.fake.org.xnio.XnioIoThread;
import io.readahead.server.undertow.fake.org.xnio.conduits.StreamSinkConduit;

/** Has a conduit where Undertow's has it. */
public final class SslConduit implements StreamSinkConduit {

    /** Undertow's name for it. */
    final StreamSinkConduit sink;

    private final XnioIoThread thread = new XnioIoThread();
    private boolean asked;
    private boolean listened;

    public SslConduit(StreamSinkConduit sink) {
        this.sink = sink;
    }

    public XnioIoThread getWriteThread() {
        return thread;
    }

    public boolean isWriteResumed() {
        return asked;
    }

    public void resumeWrites() {
        asked = true;
        listened = true;
    }

    /** What Undertow's I/O thread does when it looked just before somebody asked. */
    public void loseInterest() {
        listened = false;
    }

    public boolean isListenedTo() {
        return listened;
    }
}
