package io.readahead.it.guests;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketChunkedInput;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataChunkedInput;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;

/**
 * Sends files in chunks in every way that Netty has: HTTP/1.1, compressed for who asks for it, HTTP/2 on child channels, and WebSocket,
 * all over TLS on one port. The path is {@code /INPUT/NAME}, {@link Input}; a WebSocket's message is the same.
 */
public final class ChunkedServer {

    private static final int MOST_BYTES_OF_A_REQUEST = 65536;

    private ChunkedServer() {
    }

    /**
     * Serves a folder until the process is ended.
     *
     * @param arguments the folder, NIO or EPOLL, who speaks TLS (an {@link SslProvider}), a PKCS#12 key store and its password
     */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        SslContext tls = tls(SslProvider.valueOf(arguments[2]), Path.of(arguments[3]), arguments[4].toCharArray());
        NettyGuest.listen(arguments[1], "https",
                channel -> channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Negotiated(root)));
    }

    private static SslContext tls(SslProvider provider, Path keystore, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keystore)) {
            store.load(file, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return SslContextBuilder.forServer(keys).sslProvider(provider)
                .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    private static final class Negotiated extends ApplicationProtocolNegotiationHandler {

        private final Path root;

        Negotiated(Path root) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.root = root;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            ChannelPipeline pipeline = context.pipeline();
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipeline.addLast(Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new ChunkedWriteHandler(), new OverHttp2(root));
                    }
                }));
            } else {
                pipeline.addLast(new HttpServerCodec(), new HttpContentCompressor(), new HttpObjectAggregator(MOST_BYTES_OF_A_REQUEST),
                        new ChunkedWriteHandler(), new WebSocketServerProtocolHandler("/websocket"), new OverWebSocket(root),
                        new OverHttp(root));
            }
        }
    }

    private static final class OverHttp extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final Path root;

        OverHttp(Path root) {
            this.root = root;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws Exception {
            Input input = Input.of(request.uri());
            Path file = input.file(root, request.uri());
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            HttpUtil.setContentLength(head, Files.size(file));
            context.write(head);
            if (input == Input.BY_HAND) {
                readByHand(context, input.open(file));
            } else if (input == Input.BARE) {
                context.write(input.open(file));
                context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            } else {
                context.writeAndFlush(new HttpChunkedInput(input.open(file)));
            }
        }

        /** As one does who knows of no "later": a null where there is more is an error to him. */
        private static void readByHand(ChannelHandlerContext context, ChunkedInput<ByteBuf> input) throws Exception {
            while (!input.isEndOfInput()) {
                context.write(new DefaultHttpContent(input.readChunk(context.alloc())));
            }
            input.close();
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private static final class OverWebSocket extends SimpleChannelInboundHandler<TextWebSocketFrame> {

        private final Path root;

        OverWebSocket(Path root) {
            this.root = root;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame message) throws Exception {
            Input input = Input.of(message.text());
            context.write(new BinaryWebSocketFrame(false, 0, context.alloc().buffer(0)));
            context.writeAndFlush(new WebSocketChunkedInput(input.open(input.file(root, message.text()))));
        }
    }

    private static final class OverHttp2 extends SimpleChannelInboundHandler<Http2HeadersFrame> {

        private final Path root;

        OverHttp2(Path root) {
            this.root = root;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2HeadersFrame request) throws IOException {
            String path = request.headers().path().toString();
            Input input = Input.of(path);
            context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
            context.writeAndFlush(new Http2DataChunkedInput(input.open(input.file(root, path)), request.stream()));
        }
    }
}
