package io.readahead.it.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Sends each file in a region that is one byte longer than it, and says on stdout what became of the region. */
public final class LongerRegionServer {

    /** How the line on stdout begins. */
    public static final String ENDED = "region ended: ";

    private LongerRegionServer() {
    }

    /** Serves until the process is ended; has the arguments of the example's server behind the name of its main class. */
    @SuppressWarnings("deprecation")    // of 4.2; 4.1 has nothing newer
    public static void main(String[] arguments) throws InterruptedException {
        List<String> options = List.of(arguments);
        Path root = Path.of(options.get(options.indexOf("--root") + 1));
        boolean epoll = options.get(options.indexOf("--transport") + 1).equals("epoll");
        EventLoopGroup loops = epoll ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Sender(root));
                    }
                })
                .bind("127.0.0.1", 0).sync().channel();
        System.out.println("listening on http://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort() + "/");
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
            String path = request.toString(StandardCharsets.US_ASCII).split(" ")[1];
            request.release();
            FileChannel file = FileChannel.open(root.resolve(path.substring(path.lastIndexOf('/') + 1)));
            long tooMany = file.size() + 1;
            context.write(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: " + tooMany + "\r\n\r\n", StandardCharsets.US_ASCII));
            context.writeAndFlush(new DefaultFileRegion(file, 0, tooMany))
                    .addListener(sent -> System.out.println(ENDED + sent.cause()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
