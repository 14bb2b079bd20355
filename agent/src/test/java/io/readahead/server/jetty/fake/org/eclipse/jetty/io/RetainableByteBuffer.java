package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

/** As far as the agent looks into it. */
public interface RetainableByteBuffer {

    boolean hasRemaining();
}
