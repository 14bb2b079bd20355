package io.readahead.examples.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.concurrent.ThreadFactory;

/**
 * By which of the kernel's interfaces Netty waits for its sockets.
 *
 * <p>Errors: a LinkageError where the class path has no such transport, or the kernel refuses it.
 */
@SuppressWarnings("deprecation")    // of 4.2; 4.1 has nothing newer
enum Transport {

    /** The JDK's. */
    NIO {
        @Override
        EventLoopGroup loops(int threads, ThreadFactory factory) {
            return new NioEventLoopGroup(threads, factory);
        }

        @Override
        Class<? extends ServerChannel> listener() {
            return NioServerSocketChannel.class;
        }
    },

    /** Netty's native one. */
    EPOLL {
        @Override
        EventLoopGroup loops(int threads, ThreadFactory factory) {
            return new EpollEventLoopGroup(threads, factory);
        }

        @Override
        Class<? extends ServerChannel> listener() {
            return EpollServerSocketChannel.class;
        }
    },

    /** Netty 4.2's. */
    IO_URING {
        @Override
        EventLoopGroup loops(int threads, ThreadFactory factory) {
            return new MultiThreadIoEventLoopGroup(threads, factory, IoUringIoHandler.newFactory());
        }

        @Override
        Class<? extends ServerChannel> listener() {
            return IoUringServerSocketChannel.class;
        }
    };

    abstract EventLoopGroup loops(int threads, ThreadFactory factory);

    abstract Class<? extends ServerChannel> listener();
}
