package io.readahead.server.jetty.fake.org.eclipse.jetty.server;

import java.util.concurrent.Executor;

/** As far as the agent looks into it. */
public interface Components {

    Executor getExecutor();
}
