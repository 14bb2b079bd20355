package io.readahead.server.jetty;

import io.readahead.adapter.FlushAdapter;
import io.readahead.adapter.Reflection;
import io.readahead.adapter.Retry;
import io.readahead.adapter.Shapes;
import io.readahead.weave.AskBeforeFlush;
import io.readahead.weave.Weaving;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Jetty's TLS, whose {@code SSLEngine.wrap} reads what is mapped.
 *
 * <p>{@code flush} returns false where not all was taken; its {@code WriteFlusher} then waits, and has {@code onIncompleteFlush} see to it
 * that {@code completeWrite} is called. That writes an empty buffer to the socket, to be called back at once where that has room: a loop
 * that would never rest. So it does nothing as long as we owe that call, which is made by the executor of the server's connection. Whoever
 * makes it before the flusher waits makes it in vain; but then {@code onIncompleteFlush}, which comes later, finds that nothing is owed.
 *
 * <p>Source: {@code SslConnection.SslEndPoint.flush} and {@code onIncompleteFlush}, {@code WriteFlusher}, the same in Jetty 12.0.0, 12.0.39
 * and 12.1.13.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class JettyTls implements FlushAdapter, Retry {

    public static final List<Weaving> WEAVINGS = List.of(new AskBeforeFlush("org/eclipse/jetty/io/ssl/SslConnection$SslEndPoint",
            "flush", "onIncompleteFlush", "flush(ByteBuffer...) and onIncompleteFlush()"));

    private static final String SITE = "org.eclipse.jetty.io.ssl.SslConnection$SslEndPoint.flush";

    private static final String CONNECTION = "org.eclipse.jetty.io.ssl.SslConnection";
    private static final String END_POINT = CONNECTION + "$SslEndPoint";
    private static final String FLUSHER = "org.eclipse.jetty.io.WriteFlusher";
    private static final String BUFFER = "org.eclipse.jetty.io.RetainableByteBuffer";
    private static final String LOCK = "org.eclipse.jetty.util.thread.AutoLock";
    private static final String NO_FLUSH = "IDLE";

    private final Shapes<EndPoint> endPoints;

    /** @param report is told, in a line, of a class that has another shape */
    public JettyTls(Reflection reflection, Consumer<String> report) {
        endPoints = new Shapes<>(type -> EndPoint.of(reflection, type), report);
    }

    @Override
    public String site() {
        return SITE;
    }

    /** {@inheritDoc} The end point itself. */
    @Override
    public Object channelOf(Object endPoint) {
        return endPoints.of(endPoint) == null ? null : endPoint;
    }

    /** {@inheritDoc} Records that its socket had no room for; Jetty writes these first, and then calls back. */
    @Override
    public boolean isFlushing(Object endPoint) {
        try {
            return endPoints.of(endPoint).isFlushing(endPoint);
        } catch (Throwable theirs) {
            throw Reflection.unchecked(theirs);
        }
    }

    @Override
    public Retry retry() {
        return this;
    }

    /** {@inheritDoc} Nobody tries it before it is told to. */
    @Override
    public void park(Object endPoint, BooleanSupplier stillParked) {
        // See above.
    }

    @Override
    public void reenter(Object endPoint) {
        EndPoint shape = endPoints.of(endPoint);
        try {
            Executor executor = (Executor) shape.executor.invokeExact(endPoint);
            executor.execute(() -> shape.completeWrite(endPoint));
        } catch (Throwable refused) {
            throw Reflection.unchecked(refused);
        }
    }

    @Override
    public boolean isOpen(Object endPoint) {
        EndPoint shape = endPoints.of(endPoint);
        try {
            return shape != null && (boolean) shape.isOpen.invokeExact(endPoint);
        } catch (Throwable theirs) {
            throw Reflection.unchecked(theirs);
        }
    }

    @Override
    public void forget() {
        endPoints.forget();
    }

    /** What is asked of an end point, and how it goes on. */
    private record EndPoint(MethodHandle connection, MethodHandle executor, MethodHandle flusher, MethodHandle completeWrite,
                            MethodHandle isOpen, VarHandle lock, MethodHandle acquire, MethodHandle release, VarHandle flushState,
                            VarHandle encrypted, MethodHandle hasRemaining) {

        static EndPoint of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> endPoint = Reflection.ancestor(type, END_POINT);
            ClassLoader loader = endPoint.getClassLoader();
            String root = endPoint.getName().substring(0, endPoint.getName().length() - END_POINT.length());
            Class<?> connection = Class.forName(root + CONNECTION, false, loader);
            Class<?> flusher = Class.forName(root + FLUSHER, false, loader);
            Class<?> buffer = Class.forName(root + BUFFER, false, loader);
            Class<?> lock = Class.forName(root + LOCK, false, loader);
            MethodHandles.Lookup lookup = reflection.in(endPoint);
            MethodHandle toConnection = lookup.findVirtual(endPoint, "getSslConnection", MethodType.methodType(connection));
            MethodHandle toExecutor = reflection.in(connection)
                    .findVirtual(connection, "getExecutor", MethodType.methodType(Executor.class));
            return new EndPoint(toConnection.asType(MethodType.methodType(Object.class, Object.class)),
                    MethodHandles.filterReturnValue(toConnection, toExecutor).asType(MethodType.methodType(Executor.class, Object.class)),
                    lookup.findVirtual(endPoint, "getWriteFlusher", MethodType.methodType(flusher))
                            .asType(MethodType.methodType(Object.class, Object.class)),
                    lookup.findVirtual(flusher, "completeWrite", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)),
                    lookup.findVirtual(endPoint, "isOpen", MethodType.methodType(boolean.class))
                            .asType(MethodType.methodType(boolean.class, Object.class)),
                    reflection.field(connection, "_lock", lock),
                    reflection.in(lock).findVirtual(lock, "lock", MethodType.methodType(lock))
                            .asType(MethodType.methodType(void.class, Object.class)),
                    reflection.in(lock).findVirtual(lock, "close", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)),
                    reflection.field(connection, "_flushState", connection.getDeclaredField("_flushState").getType()),
                    reflection.field(connection, "_encryptedOutput", buffer),
                    reflection.in(buffer).findVirtual(buffer, "hasRemaining", MethodType.methodType(boolean.class))
                            .asType(MethodType.methodType(boolean.class, Object.class)));
        }

        /** The lock is held by threads that read from the connection or write to it, as long as they do; none waits for anything in it. */
        boolean isFlushing(Object endPoint) throws Throwable {
            Object of = (Object) connection.invokeExact(endPoint);
            Object held = lock.get(of);
            acquire.invokeExact(held);
            try {
                Object output = encrypted.get(of);
                boolean idle = ((Enum<?>) flushState.get(of)).name().equals(NO_FLUSH);
                return !idle || output != null && (boolean) hasRemaining.invokeExact(output);
            } finally {
                release.invokeExact(held);
            }
        }

        void completeWrite(Object endPoint) {
            try {
                Object waiting = (Object) flusher.invokeExact(endPoint);
                completeWrite.invokeExact(waiting);
            } catch (Throwable theirs) {
                throw Reflection.unchecked(theirs);
            }
        }
    }
}
