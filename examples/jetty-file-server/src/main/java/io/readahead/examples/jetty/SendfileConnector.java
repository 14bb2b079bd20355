package io.readahead.examples.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connector with one fixed, named thread per selector, which does all the work of its connections.
 *
 * <p>Jetty's own choice would move that work between threads of the pool, in two ways. Its AdaptiveExecutionStrategy may let a second
 * thread take over the selecting while the first runs a task; it does so only with an executor that is a TryExecutor, and never from a
 * thread that is marked as non-blocking. And when a response completes after its handler has returned, HttpConnection asks the connector's
 * executor to go on with the connection's next request. So the executor here is no TryExecutor, and sends connections back to their
 * selector.
 */
final class SendfileConnector extends ServerConnector {
    /** The selectors' threads are this and a number from 0; short enough for the 15 characters that /proc/PID/task/TID/comm shows. */
    static final String SELECTOR_THREAD_PREFIX = "jetty-sel-";

    SendfileConnector(Server server, int selectors, HttpConfiguration configuration) {
        // 0 acceptors: the selectors accept.
        super(server, backToSelector(server.getThreadPool()), null, null, 0, selectors, new HttpConnectionFactory(configuration));
    }

    private static Executor backToSelector(Executor workers) {
        return task -> {
            if (task instanceof Connection connection && connection.getEndPoint() instanceof SendfileEndPoint endPoint) {
                endPoint.runOnSelector(task);
            } else {
                workers.execute(task);
            }
        };
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new NamedThreadSelectorManager(executor, scheduler, selectors);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SendfileEndPoint endPoint = new SendfileEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    private final class NamedThreadSelectorManager extends ServerConnectorManager {
        private int started;

        NamedThreadSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        /** While the manager starts, before it accepts anything, all that it executes is the endless loop of each selector in turn. */
        @Override
        protected void execute(Runnable task) {
            if (isStarting()) {
                Thread thread = new Thread(() -> Invocable.invokeNonBlocking(task), SELECTOR_THREAD_PREFIX + started++);
                thread.setDaemon(true);
                thread.start();
            } else {
                super.execute(task);
            }
        }
    }
}
