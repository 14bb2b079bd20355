package io.readahead.server.netty.fake.io.netty.channel.epoll;

import io.readahead.server.netty.fake.io.netty.channel.Channel;
import io.readahead.server.netty.fake.io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A channel of the shape that the agent knows from Netty's native epoll transport, with an event loop that the test runs.
 *
 * <p>Threads: any may queue; one runs the loop.
 */
public class AbstractEpollChannel implements Channel {

    /** sys/epoll.h */
    private static final int EPOLLOUT = 4;
    private static final int EPOLLET = 1 << 31;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger retries = new AtomicInteger();
    private final AbstractEpollUnsafe unsafe = new AbstractEpollUnsafe();
    private final EventLoop loop = tasks::add;
    private volatile boolean open = true;
    private int flags;

    public AbstractEpollChannel(boolean edgeTriggered) {
        flags = edgeTriggered ? EPOLLET : 0;
    }

    /** What its unsafe does with an EPOLLOUT. */
    protected class AbstractEpollUnsafe implements Channel.Unsafe {
        final void epollOutReady() {
            retries.incrementAndGet();
        }
    }

    public EventLoop eventLoop() {
        return loop;
    }

    public Channel.Unsafe unsafe() {
        return unsafe;
    }

    final boolean isFlagSet(int flag) {
        return (flags & flag) != 0;
    }

    final void clearFlag(int flag) {
        flags &= ~flag;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** What Netty does when a write returned 0. */
    public void asksForWritability() {
        flags |= EPOLLOUT;
    }

    public boolean isAskingForWritability() {
        return isFlagSet(EPOLLOUT);
    }

    /** Runs what was given to the event loop. */
    public void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** How often it was made to try again. */
    public int retries() {
        return retries.get();
    }

    public void close() {
        open = false;
    }
}
