package io.readahead.server.jetty;

import io.readahead.adapter.ChunkAdapter;
import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Reflection;
import io.readahead.adapter.Retry;
import io.readahead.adapter.Shapes;
import io.readahead.weave.LeaveAtEntry;
import io.readahead.weave.Weaving;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Jetty's copier of files that are not mapped, which says of itself that it never blocks, and so is run by the thread that selects.
 *
 * <p>It is an {@code IteratingCallback}: a round that returns {@code SCHEDULED} is over, and the next one begins with {@code succeeded()},
 * which may come before that. As a rule that is called where the buffer was written; of a round that is to come later, by a task that is
 * given to the executor of the server's component that the response is of.
 *
 * <p>In each round it fills a buffer from the channel, which it has opened itself: where that stands follows from what it says is left,
 * and the channel is asked once.
 *
 * <p>Source: {@code IOResources.PathToSinkCopier}, {@code IteratingCallback}, {@code Response}, {@code Components}, Jetty 12.0.8, 12.0.13
 * and 12.1.14. Jetty before 12.0.8 has no such copier.
 * <p>Errors: a class of another shape is reported once, and its calls pass through; so do those of a sink that is no response.
 */
public final class JettyCopier implements ChunkAdapter, Retry {

    public static final List<Weaving> WEAVINGS = List.of(new LeaveAtEntry("org/eclipse/jetty/io/IOResources$PathToSinkCopier",
            "process", "()", "channel", "Ljava/nio/channels/SeekableByteChannel;", "remainingLength", "SCHEDULED",
            "process() and the fields channel and remainingLength"));

    private static final String SITE = "org.eclipse.jetty.io.IOResources$PathToSinkCopier.process";

    private static final String COPIER = "org.eclipse.jetty.io.IOResources$PathToSinkCopier";
    private static final String SINK = "org.eclipse.jetty.io.Content$Sink";
    private static final String RESPONSE = "org.eclipse.jetty.server.Response";
    private static final String REQUEST = "org.eclipse.jetty.server.Request";
    private static final String COMPONENTS = "org.eclipse.jetty.server.Components";
    private static final String SIZED_POOL = "org.eclipse.jetty.io.ByteBufferPool$Sized";
    private static final String POOL = "org.eclipse.jetty.util.thread.ThreadPool";

    private final Shapes<Copier> copiers;
    private final Shapes<MethodHandle> executors;

    /** @param report is told, in a line, of a class that has another shape */
    public JettyCopier(Reflection reflection, Consumer<String> report) {
        copiers = new Shapes<>(type -> Copier.of(reflection, type), report);
        executors = new Shapes<>(type -> executorOf(reflection, type), report);
    }

    @Override
    public String site() {
        return SITE;
    }

    /** {@inheritDoc} The copier itself; none where nobody knows an executor to go on by. */
    @Override
    public Object channelOf(Object copier) {
        Copier shape = copiers.of(copier);
        return shape == null || executors.of(shape.sink.get(copier)) == null ? null : copier;
    }

    @Override
    public Object unknownTo(Object copier) {
        Copier shape = copiers.of(copier);
        return shape == null ? copier : shape.sink.get(copier);
    }

    /** {@inheritDoc} None of a file in an archive. */
    @Override
    public FileChannel fileOf(Object channel) {
        return channel instanceof FileChannel file ? file : null;
    }

    /** {@inheritDoc} It reads for itself. */
    @Override
    public FileChunks open(Object copier) throws IOException {
        FileChannel file = fileOf(readerOf(copier));
        return file == null ? null : new Rounds(copiers.of(copier), copier, file);
    }

    @Override
    public Object readerOf(Object copier) {
        return copiers.of(copier).channel.get(copier);
    }

    /** {@inheritDoc} By another of its server's threads. */
    @Override
    public boolean askAgain(Object copier, Runnable first) {
        try {
            execute(copier, first);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    @Override
    public Retry retry() {
        return this;
    }

    /** {@inheritDoc} Nobody tries it before it is told to. */
    @Override
    public void park(Object copier, BooleanSupplier stillParked) {
        // See above.
    }

    @Override
    public void reenter(Object copier) {
        execute(copier, () -> { });
    }

    private void execute(Object copier, Runnable first) {
        Copier shape = copiers.of(copier);
        try {
            Object sink = shape.sink.get(copier);
            Executor executor = (Executor) executors.of(sink).invoke(sink);
            executor.execute(() -> {
                first.run();
                shape.goOn(copier);
            });
        } catch (Throwable refused) {
            throw Reflection.unchecked(refused);
        }
    }

    @Override
    public boolean isOpen(Object copier) {
        Copier shape = copiers.of(copier);
        return shape != null && ((Channel) shape.channel.get(copier)).isOpen();
    }

    @Override
    public void forget() {
        copiers.forget();
        executors.forget();
    }

    /** What is asked of a copier, and how it goes on. */
    private record Copier(VarHandle sink, VarHandle channel, MethodHandle remaining, MethodHandle buffer, MethodHandle succeeded) {

        static Copier of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> copier = Reflection.ancestor(type, COPIER);
            String root = copier.getName().substring(0, copier.getName().length() - COPIER.length());
            MethodHandles.Lookup lookup = reflection.in(copier);
            Class<?> sink = Class.forName(root + SINK, false, copier.getClassLoader());
            return new Copier(reflection.field(copier, "sink", sink),
                    reflection.field(copier, "channel", SeekableByteChannel.class),
                    lookup.findGetter(copier, "remainingLength", long.class).asType(MethodType.methodType(long.class, Object.class)),
                    bufferOf(lookup, copier, root).asType(MethodType.methodType(long.class, Object.class)),
                    lookup.findVirtual(copier, "succeeded", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)));
        }

        /** Jetty 12.0 has the size in the copier, and 12.1 in its pool. */
        private static MethodHandle bufferOf(MethodHandles.Lookup lookup, Class<?> copier, String root)
                throws ReflectiveOperationException {
            try {
                return lookup.findGetter(copier, "bufferSize", int.class);
            } catch (NoSuchFieldException newer) {
                Class<?> pool = Class.forName(root + SIZED_POOL, false, copier.getClassLoader());
                return MethodHandles.filterReturnValue(lookup.findGetter(copier, "pool", pool),
                        lookup.findVirtual(pool, "getSize", MethodType.methodType(int.class)));
            }
        }

        /** Negative where it goes on to the file's end. */
        long remainingBytes(Object copier) {
            return ask(remaining, copier);
        }

        long bufferBytes(Object copier) {
            return ask(buffer, copier);
        }

        private static long ask(MethodHandle question, Object copier) {
            try {
                return (long) question.invokeExact(copier);
            } catch (Throwable thrown) {
                throw Reflection.unchecked(thrown);
            }
        }

        void goOn(Object copier) {
            try {
                succeeded.invokeExact(copier);
            } catch (Throwable theirs) {
                throw Reflection.unchecked(theirs);
            }
        }
    }

    /** The rounds of a copier, in each of which it reads. */
    private static final class Rounds implements FileChunks {

        private final Copier shape;
        private final Object copier;
        private final FileChannel file;
        private final long end;
        private final long bufferBytes;

        Rounds(Copier shape, Object copier, FileChannel file) throws IOException {
            this.shape = shape;
            this.copier = copier;
            this.file = file;
            long remaining = shape.remainingBytes(copier);
            this.end = remaining < 0 ? Long.MAX_VALUE : file.position() + remaining;
            this.bufferBytes = shape.bufferBytes(copier);
        }

        @Override
        public FileChannel file() {
            return file;
        }

        @Override
        public long position() {
            long remaining = shape.remainingBytes(copier);
            try {
                return remaining < 0 ? file.position() : end - remaining;
            } catch (IOException closed) {
                return end;    // the original call says so
            }
        }

        @Override
        public long end() {
            return end;
        }

        @Override
        public long reachBytes() {
            return bufferBytes;
        }
    }

    /** From a response to the executor of the component that it is of; null of another sink. */
    private static MethodHandle executorOf(Reflection reflection, Class<?> sink) throws ReflectiveOperationException {
        Class<?> response = interfaceOf(sink, RESPONSE);
        if (response == null) {
            return null;
        }
        String root = response.getName().substring(0, response.getName().length() - RESPONSE.length());
        Class<?> request = Class.forName(root + REQUEST, false, response.getClassLoader());
        Class<?> components = Class.forName(root + COMPONENTS, false, response.getClassLoader());
        MethodHandles.Lookup lookup = reflection.in(response);
        MethodHandle toRequest = lookup.findVirtual(response, "getRequest", MethodType.methodType(request));
        MethodHandle toComponents = lookup.findVirtual(request, "getComponents", MethodType.methodType(components));
        return MethodHandles.filterReturnValue(MethodHandles.filterReturnValue(toRequest, toComponents),
                executorIn(components, root, lookup));
    }

    /** Jetty has told of an executor since 12.0.13, and before that of its pool alone. */
    private static MethodHandle executorIn(Class<?> components, String root, MethodHandles.Lookup lookup)
            throws ReflectiveOperationException {
        try {
            return lookup.findVirtual(components, "getExecutor", MethodType.methodType(Executor.class));
        } catch (NoSuchMethodException older) {
            Class<?> pool = Class.forName(root + POOL, false, components.getClassLoader());
            return lookup.findVirtual(components, "getThreadPool", MethodType.methodType(pool))
                    .asType(MethodType.methodType(Executor.class, components));
        }
    }

    private static Class<?> interfaceOf(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> each : at.getInterfaces()) {
                Class<?> found = each.getName().endsWith(name) ? each : interfaceOf(each, name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
