package io.readahead.examples.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Serves a folder until the process is ended. */
public final class NettyFileServer {

    private NettyFileServer() {
    }

    /** Starts the server, and says on stdout where it listens. */
    public static void main(String[] arguments) throws InterruptedException {
        Options options;
        SslContext tls;
        try {
            options = Options.parse(arguments);
            tls = options.keystore() == null ? null : Tls.of(options);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        EventLoopGroup loops = options.transport().loops(options.ioThreads(), new DefaultThreadFactory("netty-loop", true));
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(options.transport().listener())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls == null) {
                            addHttp(channel, options);
                        } else {
                            SslHandler handler = tls.newHandler(channel.alloc());
                            handler.setHandshakeTimeout(options.handshakeSeconds(), TimeUnit.SECONDS);
                            channel.pipeline().addLast(handler, new Negotiated(options));
                        }
                    }
                })
                .bind(options.host(), options.port()).sync().channel();
        InetSocketAddress address = (InetSocketAddress) listening.localAddress();
        String scheme = tls == null ? "http" : "https";
        System.out.println("listening on " + scheme + "://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/");
        listening.closeFuture().sync();
    }

    /** HTTP/1.1. */
    static void addHttp(Channel channel, Options options) {
        channel.pipeline().addLast(new HttpResponseEncoder(), new HttpRequestDecoder());
        if (options.chunked()) {
            channel.pipeline().addLast(new ChunkedWriteHandler());
        }
        channel.pipeline().addLast(new FileHandler(options.root(), options.chunked()));
    }
}
