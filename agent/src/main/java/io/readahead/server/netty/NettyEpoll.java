package io.readahead.server.netty;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.Retry;
import io.readahead.adapter.ServerAdapter;
import io.readahead.adapter.Shapes;
import io.readahead.weave.AskBeforeCall;
import io.readahead.weave.Weaving;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Netty's native epoll channels: which file a region stands for, and how a channel is made to try again.
 *
 * <p>After {@code sendFile} returned 0 the channel asks for EPOLLOUT. Edge-triggered, the kernel reports a socket that has room
 * once, and then no more, so {@link #reenter} does on the event loop what an EPOLLOUT does: {@code epollOutReady()}.
 * Level-triggered (an option of 4.1) the kernel would report it without end, so {@link #park} has the flag cleared.
 *
 * <p>Source: {@code AbstractEpollStreamChannel.doWrite}, {@code AbstractEpollChannel.AbstractEpollUnsafe.epollOutReady}, Netty
 * 4.1.136 and 4.2.18.
 * <p>Errors: a class of another shape is reported once, and its channels are passed through.
 */
public final class NettyEpoll implements ServerAdapter, Retry {

    /** A length of 0 is sendfile(2) with a count of 0, which touches no file. */
    public static final List<Weaving> WEAVINGS = List.of(new AskBeforeCall("io/netty/channel/epoll/AbstractEpollStreamChannel",
            "io/netty/channel/epoll/LinuxSocket", "sendFile", "io/netty/channel/DefaultFileRegion;JJJ)J",
            new AskBeforeCall.Operands(0, List.of(1, 2), 3), "a call of LinuxSocket.sendFile(DefaultFileRegion, long, long, long)"));

    private static final String SITE = "io.netty.channel.epoll.AbstractEpollStreamChannel.writeDefaultFileRegion";

    private static final String CHANNEL = "io.netty.channel.epoll.AbstractEpollChannel";
    private static final String WRITABLE = "io.netty.channel.epoll.AbstractEpollStreamChannel$EpollSocketWritableByteChannel";
    private static final String REGION = "io.netty.channel.DefaultFileRegion";
    /** sys/epoll.h */
    private static final int EPOLLOUT = 4;
    private static final int EPOLLET = 1 << 31;

    private final Shapes<ChannelShape> channels;
    private final Shapes<RegionShape> regions;
    private final Shapes<Outer> writables;

    /** @param report is told, in a line, of a class that has another shape */
    public NettyEpoll(Reflection reflection, Consumer<String> report) {
        channels = new Shapes<>(type -> ChannelShape.of(reflection, type), report);
        regions = new Shapes<>(type -> RegionShape.of(reflection, type), report);
        writables = new Shapes<>(type -> type.getName().endsWith(WRITABLE) ? Outer.of(reflection, type) : null, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    @Override
    public Retry retry() {
        return this;
    }

    @Override
    public void forget() {
        channels.forget();
        regions.forget();
        writables.forget();
    }

    @Override
    public Object channelOf(Object channel) {
        return channels.of(channel) == null ? null : channel;
    }

    /** {@inheritDoc} Opened as {@code sendFile} itself would, by {@code DefaultFileRegion.open()}. */
    @Override
    public FileChannel fileOf(Object region) throws IOException {
        RegionShape shape = regions.of(region);
        return shape == null ? null : shape.fileOf(region);
    }

    /** {@inheritDoc} That is what a FileRegion of the server's own writes to. */
    @Override
    public Object channelBehind(WritableByteChannel target) {
        Outer outer = writables.of(target);
        return outer == null ? null : channelOf(outer.field.get(target));
    }

    /** {@inheritDoc} The flag is set only after this returns, so it is cleared by a task of the loop. */
    @Override
    public void park(Object channel, BooleanSupplier stillParked) {
        ChannelShape shape = channels.of(channel);
        if (!shape.isFlagSet(channel, EPOLLET)) {
            shape.execute(channel, () -> {
                if (stillParked.getAsBoolean()) {
                    shape.clearFlag(channel, EPOLLOUT);
                }
            });
        }
    }

    /** {@inheritDoc} A loop that was shut down or a channel that was deregistered has nobody to wake. */
    @Override
    public void reenter(Object channel) {
        ChannelShape shape = channels.of(channel);
        shape.execute(channel, () -> shape.epollOutReady(channel));
    }

    @Override
    public boolean isOpen(Object channel) {
        return channels.of(channel).isOpen(channel);
    }

    /** Accessors of AbstractEpollChannel and what belongs to it. */
    private record ChannelShape(MethodHandle eventLoop, MethodHandle unsafe, MethodHandle epollOutReady, MethodHandle isFlagSet,
                                MethodHandle clearFlag, MethodHandle isOpen) {

        static ChannelShape of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> channel = Reflection.ancestor(type, CHANNEL);
            MethodHandles.Lookup inChannel = reflection.in(channel);
            ClassLoader loader = channel.getClassLoader();
            String root = channel.getName().substring(0, channel.getName().length() - CHANNEL.length());
            Class<?> loop = Class.forName(root + "io.netty.channel.EventLoop", false, loader);
            Class<?> anyUnsafe = Class.forName(root + "io.netty.channel.Channel$Unsafe", false, loader);
            Class<?> epollUnsafe = Class.forName(channel.getName() + "$AbstractEpollUnsafe", false, loader);
            return new ChannelShape(
                    inChannel.findVirtual(channel, "eventLoop", MethodType.methodType(loop))
                            .asType(MethodType.methodType(Executor.class, Object.class)),
                    reflection.in(channel).findVirtual(channel, "unsafe", MethodType.methodType(anyUnsafe))
                            .asType(MethodType.methodType(Object.class, Object.class)),
                    reflection.in(epollUnsafe).findVirtual(epollUnsafe, "epollOutReady", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)),
                    inChannel.findVirtual(channel, "isFlagSet", MethodType.methodType(boolean.class, int.class))
                            .asType(MethodType.methodType(boolean.class, Object.class, int.class)),
                    inChannel.findVirtual(channel, "clearFlag", MethodType.methodType(void.class, int.class))
                            .asType(MethodType.methodType(void.class, Object.class, int.class)),
                    inChannel.findVirtual(channel, "isOpen", MethodType.methodType(boolean.class))
                            .asType(MethodType.methodType(boolean.class, Object.class)));
        }

        void execute(Object channel, Runnable task) {
            try {
                Executor loop = (Executor) eventLoop.invokeExact(channel);
                loop.execute(task);
            } catch (RejectedExecutionException | IllegalStateException ignored) {
                // The loop was shut down, or the channel isn't registered with one.
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }

        void epollOutReady(Object channel) {
            try {
                epollOutReady.invokeExact((Object) unsafe.invokeExact(channel));
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }

        boolean isFlagSet(Object channel, int flag) {
            try {
                return (boolean) isFlagSet.invokeExact(channel, flag);
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }

        void clearFlag(Object channel, int flag) {
            try {
                if (isOpen(channel)) {
                    clearFlag.invokeExact(channel, flag);
                }
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }

        boolean isOpen(Object channel) {
            try {
                return (boolean) isOpen.invokeExact(channel);
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }
    }

    /** Accessors of DefaultFileRegion. */
    private record RegionShape(VarHandle file, MethodHandle open) {

        static RegionShape of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> region = Reflection.ancestor(type, REGION);
            MethodHandles.Lookup lookup = reflection.in(region);
            return new RegionShape(reflection.field(region, "file", FileChannel.class),
                    lookup.findVirtual(region, "open", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)));
        }

        FileChannel fileOf(Object region) throws IOException {
            FileChannel open = (FileChannel) file.get(region);
            if (open != null) {
                return open;
            }
            try {
                this.open.invokeExact(region);
            } catch (IOException e) {
                throw e;
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
            return (FileChannel) file.get(region);
        }
    }

    /** The outer instance of the channel's own WritableByteChannel. */
    private record Outer(VarHandle field) {

        static Outer of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> channel = Class.forName(type.getName().substring(0, type.getName().lastIndexOf('$')), false,
                    type.getClassLoader());
            return new Outer(reflection.field(type, "this$0", channel));
        }
    }
}
