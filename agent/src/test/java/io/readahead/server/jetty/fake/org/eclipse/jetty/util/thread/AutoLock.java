package io.readahead.server.jetty.fake.org.eclipse.jetty.util.thread;

/** As far as the agent looks into it. */
public class AutoLock implements AutoCloseable {

    private int held;

    public AutoLock lock() {
        held++;
        return this;
    }

    @Override
    public void close() {
        held--;
    }

    public boolean isHeld() {
        return held != 0;
    }
}
