package io.readahead.server.jetty.fake.org.eclipse.jetty.server;

import io.readahead.server.jetty.fake.org.eclipse.jetty.io.Content;

/** As far as the agent looks into it. */
public interface Response extends Content.Sink {

    Request getRequest();
}
