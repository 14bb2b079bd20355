package io.readahead.it.guests;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What becomes of a transfer that waits for its disk when something else happens; says so on stdout, a line each. */
public final class SuspendedApp {

    private static final int EMPTY_CHUNKS = 1000;
    private static final int TIMEOUT_SECONDS = 60;
    private static final int QUIET_MILLIS = 50;

    private final AtomicLong empty = new AtomicLong();
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final EventLoopGroup loops = group();
    private final EventLoopGroup clients = group();
    private final FileChannel file;
    private Channel channel;

    private SuspendedApp(Path path) throws IOException, InterruptedException {
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Channel listening = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(new EndsAfterEmptyChunks(), new ChunkedWriteHandler());
                        channel = child;
                        accepted.countDown();
                    }
                }).bind("127.0.0.1", 0).sync().channel();
        new Bootstrap().group(clients).channel(NioSocketChannel.class).handler(new Sink()).connect(listening.localAddress()).sync();
        accepted.await();
    }

    @SuppressWarnings("deprecation")    // of 4.2; 4.1 has nothing newer
    private static EventLoopGroup group() {
        return new NioEventLoopGroup(1);
    }

    private static final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
        }
    }

    /** Behind the end of a file Netty gives empty chunks for ever: closes it after some. */
    private final class EndsAfterEmptyChunks extends ChannelDuplexHandler {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws IOException {
            if (message instanceof ByteBuf buffer && !buffer.isReadable() && empty.incrementAndGet() == EMPTY_CHUNKS) {
                file.close();
            }
            context.write(message, promise);
        }
    }

    /** Says whether each report of progress went on from the last, and how far they came. */
    private static final class Progress implements ChannelProgressiveFutureListener {

        private long last;
        private boolean right = true;

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            right &= progress >= last && progress <= total;
            last = progress;
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            // Who waits for the future says so.
        }
    }

    /** What happens while the transfer waits. */
    private interface Event {
        void happen(SuspendedApp app) throws Exception;
    }

    /** @param arguments a file, and whether it counts as cold: only then the transfer waits, and something may happen meanwhile */
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        run("nothing", path, app -> { });
        if (Boolean.parseBoolean(arguments[1])) {
            run("handler removed", path, app -> app.channel.pipeline().remove(ChunkedWriteHandler.class));
            run("flushed", path, app -> app.channel.flush());
            run("channel closed", path, app -> app.channel.close());
            run("client gone", path, app -> app.clients.shutdownGracefully(0, 0, TimeUnit.SECONDS));
            // Without a quiet period Netty 4.2 may end a loop without closing its channels.
            run("loop shut down", path, app -> app.loops.shutdownGracefully(QUIET_MILLIS, TIMEOUT_SECONDS * 1000L, TimeUnit.MILLISECONDS));
            run("file closed", path, app -> app.file.close());
        }
        run("file truncated", path, true, app -> { });
    }

    private static void run(String name, Path path, Event event) throws Exception {
        run(name, path, false, event);
    }

    private static void run(String name, Path path, boolean truncated, Event event) throws Exception {
        SuspendedApp app = new SuspendedApp(path);
        try {
            long size = app.file.size();
            ChannelProgressivePromise promise = app.channel.newProgressivePromise();
            Progress progress = new Progress();
            promise.addListener(progress);
            ChunkedNioFile input = new ChunkedNioFile(app.file);
            if (truncated) {
                app.file.truncate(size / 2);
            }
            app.channel.eventLoop().submit(() -> app.channel.writeAndFlush(input, promise)).sync();
            event.happen(app);
            ChannelFuture done = promise;
            if (!done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + ": neither sent nor failed");
            }
            System.out.println(name + ": " + (done.isSuccess() ? "sent " + size : done.cause().getClass().getSimpleName())
                    + ", progress " + (progress.right ? "right" : "wrong")
                    + (done.isSuccess() ? " to " + progress.last : "") + ", file " + (app.file.isOpen() ? "open" : "closed")
                    + ", " + app.empty + " empty chunks");
        } finally {
            app.loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            app.clients.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }
}
