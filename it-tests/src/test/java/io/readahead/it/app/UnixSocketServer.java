package io.readahead.it.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Netty's epoll transport on a UNIX socket, one loop: is told a file's name, sends the file, and closes the connection. */
public final class UnixSocketServer {

    /** How the loop's name begins. */
    public static final String LOOP = "netty-loop";

    private UnixSocketServer() {
    }

    /** Serves until the process is ended. Arguments: the folder of the files, and the socket to be made. */
    @SuppressWarnings("deprecation")    // of 4.2; 4.1 has nothing newer
    public static void main(String[] arguments) throws InterruptedException {
        Path root = Path.of(arguments[0]);
        Channel listening = new ServerBootstrap()
                .group(new EpollEventLoopGroup(1, new DefaultThreadFactory(LOOP)))
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Sender(root));
                    }
                })
                .bind(new DomainSocketAddress(arguments[1])).sync().channel();
        System.out.println("listening on a socket");
        listening.closeFuture().sync();
    }

    private static final class Sender extends ChannelInboundHandlerAdapter {

        private final Path root;

        Sender(Path root) {
            this.root = root;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            ByteBuf request = (ByteBuf) message;
            String name = request.toString(StandardCharsets.US_ASCII);
            request.release();
            FileChannel file = FileChannel.open(root.resolve(name));
            context.writeAndFlush(new DefaultFileRegion(file, 0, file.size())).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
