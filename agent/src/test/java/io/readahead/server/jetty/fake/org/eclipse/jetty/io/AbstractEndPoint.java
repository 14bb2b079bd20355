package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

/** As far as the agent looks into it. */
public abstract class AbstractEndPoint {

    private final WriteFlusher flusher = new WriteFlusher();

    protected WriteFlusher getWriteFlusher() {
        return flusher;
    }

    public boolean isOpen() {
        return true;
    }
}
