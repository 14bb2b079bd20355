package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

import java.util.concurrent.Executor;

/** As far as the agent looks into it. */
public abstract class AbstractConnection {

    private final Executor executor;

    protected AbstractConnection(Executor executor) {
        this.executor = executor;
    }

    protected Executor getExecutor() {
        return executor;
    }
}
