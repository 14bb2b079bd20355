package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

/** As far as the agent looks into it. */
public final class Content {

    private Content() {
    }

    /** Where a copier writes to. */
    public interface Sink {
    }
}
