package io.readahead.it.guests;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A server on one of Netty's event loops, whoever sends the files. */
final class NettyGuest {

    private NettyGuest() {
    }

    /** How the body of an answer is sent; closes the file. */
    interface Sender {
        void send(Channel channel, FileChannel file) throws IOException;
    }

    /** Serves a folder until the process is ended. Arguments: the folder, and NIO or EPOLL. */
    static void serve(String[] arguments, Sender sender) throws InterruptedException {
        Path root = Path.of(arguments[0]);
        listen(arguments[1], "http", channel -> channel.pipeline().addLast(new Answering(root, sender)));
    }

    /**
     * Listens on one loop until the process is ended.
     *
     * @param transport NIO or EPOLL
     * @param connected gives a connection its handlers
     */
    @SuppressWarnings("deprecation")    // of 4.2; 4.1 has nothing newer
    static void listen(String transport, String scheme, Consumer<Channel> connected) throws InterruptedException {
        boolean epoll = transport.equals("EPOLL");
        DefaultThreadFactory threads = new DefaultThreadFactory("guest-loop");
        EventLoopGroup loops = epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connected.accept(channel);
                    }
                })
                .bind("127.0.0.1", 0).sync().channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        System.out.println("listening on " + scheme + "://127.0.0.1:" + port + "/");
        listening.closeFuture().sync();
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {

        private final Path root;
        private final Sender sender;

        Answering(Path root, Sender sender) {
            this.root = root;
            this.sender = sender;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            ByteBuf received = (ByteBuf) message;
            Request request = Request.of(root, received.toString(StandardCharsets.US_ASCII));
            received.release();
            context.writeAndFlush(Unpooled.wrappedBuffer(request.head()));
            sender.send(context.channel(), FileChannel.open(request.file()));
        }
    }
}
