package io.readahead.server.jetty.fake.org.eclipse.jetty.server;

/** As far as the agent looks into it. */
public interface Request {

    Components getComponents();
}
