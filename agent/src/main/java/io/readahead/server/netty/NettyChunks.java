package io.readahead.server.netty;

import io.readahead.adapter.CalleeAdapter;
import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Reflection;
import io.readahead.adapter.Retry;
import io.readahead.adapter.Shapes;
import io.readahead.weave.AskForCallee;
import io.readahead.weave.Weaving;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Netty's files in chunks, which is how all that is built on it sends them over TLS, compressed, and over HTTP/2.
 *
 * <p>Where the next chunk is cold the {@code ChunkedWriteHandler} asks, in the place of its input, one that has no chunk and is not at
 * its end: it suspends, and goes on at {@code resumeTransfer()}. The input itself, and whatever it is wrapped in, is not asked at all, so
 * that it may do with a null what it likes; and whoever else asks it gets what he always got.
 *
 * <p>Source: {@code ChunkedWriteHandler.doFlush}, {@code ChunkedInput}, Netty 4.1.0, 4.1.136, 4.2.0 and 4.2.18.
 * <p>Errors: a handler of another shape is reported once, and its inputs pass through.
 */
public final class NettyChunks implements CalleeAdapter, Retry {

    public static final List<Weaving> WEAVINGS = List.of(new AskForCallee("io/netty/handler/stream/ChunkedWriteHandler",
            "io/netty/handler/stream/ChunkedInput",
            new AskForCallee.Called("readChunk", "io/netty/buffer/ByteBufAllocator;)Ljava/lang/Object;"),
            new AskForCallee.Called("isEndOfInput", "()Z"),
            "calls of ChunkedInput.readChunk(ByteBufAllocator) and ChunkedInput.isEndOfInput()"));

    private static final String SITE = "io.netty.handler.stream.ChunkedWriteHandler.doFlush";

    private static final String HANDLER = "io.netty.handler.stream.ChunkedWriteHandler";

    private final Shapes<HandlerShape> handlers;
    private final NettyInputs inputs;

    /** @param report is told, in a line, of a class that has another shape */
    public NettyChunks(Reflection reflection, Consumer<String> report) {
        handlers = new Shapes<>(type -> HandlerShape.of(reflection, type), report);
        inputs = new NettyInputs(reflection, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    /** {@inheritDoc} It is the handler: it says when it goes on. */
    @Override
    public Object channelOf(Object handler) {
        return handlers.of(handler) == null ? null : handler;
    }

    @Override
    public FileChunks open(Object input) throws IOException {
        return inputs.open(input);
    }

    @Override
    public Object readerOf(Object input) {
        return inputs.innermost(input);
    }

    @Override
    public Object later(Object handler) {
        return handlers.of(handler).later;
    }

    @Override
    public Retry retry() {
        return this;
    }

    @Override
    public void forget() {
        handlers.forget();
        inputs.forget();
    }

    /** {@inheritDoc} It suspends by itself. */
    @Override
    public void park(Object handler, BooleanSupplier stillParked) {
        // Nothing to do: it was told "later", and comes back when it is told to, or when its connection has something else for it.
    }

    /**
     * {@inheritDoc} Never within this call, even on the event loop: that may be in the middle of asking an input.
     *
     * <p>A loop that was shut down or a channel that was deregistered has nobody to wake.
     */
    @Override
    public void reenter(Object handler) {
        HandlerShape shape = handlers.of(handler);
        try {
            Object context = shape.context.get(handler);
            if (context != null) {
                ((Executor) shape.executor.invokeExact(context)).execute(() -> shape.resume(handler));
            }
        } catch (RejectedExecutionException | IllegalStateException ignored) {
            // The loop was shut down, or the channel isn't registered with one.
        } catch (Throwable thrown) {
            throw Reflection.unchecked(thrown);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A scheduled task that is due runs behind the next look at the selector; one that is merely executed would run before it, with all
     * others of its kind ({@code SingleThreadEventExecutor.runAllTasks}).
     */
    @Override
    public boolean askAgain(Object handler, Runnable first) {
        HandlerShape shape = handlers.of(handler);
        try {
            Object context = shape.context.get(handler);
            if (context == null || !((Executor) shape.executor.invokeExact(context) instanceof ScheduledExecutorService loop)) {
                return false;
            }
            loop.schedule(() -> {
                first.run();
                shape.resume(handler);
            }, 0, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException | IllegalStateException ignored) {
            return false;
        } catch (Throwable thrown) {
            throw Reflection.unchecked(thrown);
        }
    }

    @Override
    public boolean isOpen(Object handler) {
        HandlerShape shape = handlers.of(handler);
        try {
            Object context = shape.context.get(handler);
            return context == null || (boolean) shape.isOpen.invokeExact((Object) shape.channel.invokeExact(context));
        } catch (Throwable thrown) {
            throw Reflection.unchecked(thrown);
        }
    }

    /** Accessors of ChunkedWriteHandler and what belongs to it, and the input that says "later" to it. */
    private record HandlerShape(VarHandle context, MethodHandle executor, MethodHandle channel, MethodHandle isOpen,
                                MethodHandle resumeTransfer, Object later) {

        static HandlerShape of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> handler = Reflection.ancestor(type, HANDLER);
            ClassLoader loader = handler.getClassLoader();
            String root = handler.getName().substring(0, handler.getName().length() - HANDLER.length());
            Class<?> context = Class.forName(root + "io.netty.channel.ChannelHandlerContext", false, loader);
            Class<?> channel = Class.forName(root + "io.netty.channel.Channel", false, loader);
            Class<?> executor = Class.forName(root + "io.netty.util.concurrent.EventExecutor", false, loader);
            Class<?> input = Class.forName(root + "io.netty.handler.stream.ChunkedInput", false, loader);
            MethodHandles.Lookup inHandler = reflection.in(handler);
            MethodHandles.Lookup inContext = reflection.in(context);
            return new HandlerShape(
                    reflection.field(handler, "ctx", context),
                    inContext.findVirtual(context, "executor", MethodType.methodType(executor))
                            .asType(MethodType.methodType(Executor.class, Object.class)),
                    inContext.findVirtual(context, "channel", MethodType.methodType(channel))
                            .asType(MethodType.methodType(Object.class, Object.class)),
                    inContext.findVirtual(channel, "isOpen", MethodType.methodType(boolean.class))
                            .asType(MethodType.methodType(boolean.class, Object.class)),
                    inHandler.findVirtual(handler, "resumeTransfer", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)),
                    Proxy.newProxyInstance(input.getClassLoader(), new Class<?>[] {input}, (proxy, method, arguments) -> answer(method)));
        }

        void resume(Object handler) {
            try {
                resumeTransfer.invokeExact(handler);
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }
    }

    /** No chunk, no end, no bytes. */
    private static Object answer(Method method) {
        Class<?> type = method.getReturnType();
        return type == boolean.class ? (Object) false : type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null;
    }
}
