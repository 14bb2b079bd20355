package io.readahead.examples.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.stream.ChunkedNioFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Answers GET and HEAD with files of a folder.
 *
 * <p>Threads: the connection's event loop, which sends the file too, and sleeps where it is not in the page cache.
 */
final class FileHandler extends SimpleChannelInboundHandler<HttpRequest> {

    private static final String FILES = "/files/";
    private static final String FRAMED = "/framed/";
    private static final int CHUNK_BYTES = 8192;

    private final Path root;
    private final boolean chunked;

    FileHandler(Path root, boolean chunked) {
        this.root = root;
        this.chunked = chunked;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpRequest request) throws IOException {
        String path = new QueryStringDecoder(request.uri()).path();
        boolean framed = path.startsWith(FRAMED) && !chunked;
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            refuse(context, request, HttpResponseStatus.METHOD_NOT_ALLOWED);
            return;
        }
        Path file = framed || path.startsWith(FILES) ? find(path.substring(path.indexOf('/', 1) + 1)) : null;
        if (file == null) {
            refuse(context, request, HttpResponseStatus.NOT_FOUND);
            return;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        ByteRange range = ByteRange.of(request.headers().get(HttpHeaderNames.RANGE), channel.size());
        HttpResponse head = head(request, range, channel.size());
        if (range.length() == 0 || request.method().equals(HttpMethod.HEAD)) {
            channel.close();
            context.write(head);
            end(context, request, context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        } else if (framed) {
            // Past the encoder: the region holds the encoded head.
            ChannelHandlerContext encoder = context.pipeline().context(HttpResponseEncoder.class);
            end(context, request, encoder.writeAndFlush(new FramedRegion(encoded(head),
                    new DefaultFileRegion(channel, range.first(), range.length()))));
        } else if (chunked) {
            context.write(head);
            end(context, request, context.writeAndFlush(
                    new HttpChunkedInput(new ChunkedNioFile(channel, range.first(), range.length(), CHUNK_BYTES))));
        } else {
            context.write(head);
            context.write(new DefaultFileRegion(channel, range.first(), range.length()));
            end(context, request, context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        }
    }

    /** The file of that name below the root; null where there is none. */
    private Path find(String name) throws IOException {
        try {
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    private static HttpResponse head(HttpRequest request, ByteRange range, long size) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(range.status()));
        head.headers().set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        if (range.status() == HttpResponseStatus.PARTIAL_CONTENT.code()) {
            head.headers().set(HttpHeaderNames.CONTENT_RANGE,
                    "bytes " + range.first() + "-" + (range.first() + range.length() - 1) + "/" + size);
        } else if (range.status() == HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE.code()) {
            head.headers().set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + size);
        }
        HttpUtil.setContentLength(head, range.length());
        HttpUtil.setKeepAlive(head, HttpUtil.isKeepAlive(request));
        return head;
    }

    private static byte[] encoded(HttpResponse head) {
        StringBuilder text = new StringBuilder(head.protocolVersion() + " " + head.status() + "\r\n");
        head.headers().forEach(header -> text.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void refuse(ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        HttpUtil.setContentLength(head, 0);
        HttpUtil.setKeepAlive(head, HttpUtil.isKeepAlive(request));
        context.write(head);
        end(context, request, context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private static void end(ChannelHandlerContext context, HttpRequest request, ChannelFuture sent) {
        if (!HttpUtil.isKeepAlive(request)) {
            sent.addListener(ChannelFutureListener.CLOSE);
        } else {
            sent.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();    // the client is gone, or sent what is no HTTP
    }
}
