package io.readahead.server.undertow;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.adapter.Shapes;
import io.readahead.weave.Weaving;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Undertow's TLS for HTTP/1.1: which socket is behind its conduit.
 *
 * <p>After a 0 its callers ask for writability, or wait for it in a worker of their own. What was encrypted already and did not fit into
 * the socket, one record at most, goes out with the next bytes; the original call, too, reads those first. Where the peer's next record
 * has to be read before anything can be written, the conduit asks for readability, which is never withheld.
 *
 * <p>Any other conduit, such as that of chunked answers, is not known: nobody can tell what its caller makes of a 0. Undertow's HTTP/2
 * gives up a stream after a hundred of them; it hands in a channel of its own.
 *
 * <p>Source: {@code SslConduit.transferFrom} and {@code doWrap}, {@code AbstractFramedStreamSinkChannel.transferFrom}, Undertow 2.2.37,
 * 2.3.18 and 2.4.3.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class UndertowTls implements ServerAdapter {

    /** It calls {@code FileChannel.transferTo}, as a class of any server does. */
    public static final List<Weaving> WEAVINGS = List.of();

    private static final String SITE = "io.undertow.protocols.ssl.SslConduit.transferFrom";

    private static final String IO_THREAD = "org.xnio.XnioIoThread";

    private final Sockets sockets;
    private final Shapes<Conduit> conduits;

    /** @param report is told, in a line, of a class that has another shape */
    public UndertowTls(Reflection reflection, Consumer<String> report) {
        sockets = new Sockets(reflection, report);
        conduits = new Shapes<>(type -> type.getName().endsWith(Sockets.TLS_CONDUIT) ? Conduit.of(reflection, type) : null, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    @Override
    public Object channelBehind(WritableByteChannel target) {
        return sockets.behind(target);
    }

    @Override
    public void forget() {
        sockets.forget();
        conduits.forget();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Its I/O thread, when it has told a listener that there is room, looks whether somebody wants to write, and takes the socket's
     * interest away if not ({@code SslWriteReadyHandler.writeReady}). A worker that the listener has sent, and that is answered 0 at once,
     * may ask for writability between the two: then the conduit holds that it was asked, and nobody listens, for ever. So the I/O thread
     * is told to do once more, when it is through with that, what the conduit holds. Seen twice in some 5,000 waits, on 2.3.
     */
    @Override
    public void saidLater(WritableByteChannel target) {
        Object conduit = sockets.conduitOf(target);
        Conduit shape = conduit == null ? null : conduits.of(conduit);
        if (shape == null) {
            return;
        }
        try {
            Executor thread = (Executor) shape.writeThread.invokeExact(conduit);
            thread.execute(() -> shape.resumeIfAsked(conduit));
        } catch (RejectedExecutionException ignored) {
            // Undertow is being stopped.
        } catch (Throwable theirs) {
            throw Reflection.unchecked(theirs);
        }
    }

    /** What is asked of a conduit. */
    private record Conduit(MethodHandle writeThread, MethodHandle isWriteResumed, MethodHandle resumeWrites) {

        static Conduit of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            String root = type.getName().substring(0, type.getName().length() - Sockets.TLS_CONDUIT.length());
            Class<?> thread = Class.forName(root + IO_THREAD, false, type.getClassLoader());
            return new Conduit(
                    reflection.in(type).findVirtual(type, "getWriteThread", MethodType.methodType(thread))
                            .asType(MethodType.methodType(Executor.class, Object.class)),
                    reflection.in(type).findVirtual(type, "isWriteResumed", MethodType.methodType(boolean.class))
                            .asType(MethodType.methodType(boolean.class, Object.class)),
                    reflection.in(type).findVirtual(type, "resumeWrites", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class)));
        }

        /** Threads: the conduit's I/O thread. */
        void resumeIfAsked(Object conduit) {
            try {
                if ((boolean) isWriteResumed.invokeExact(conduit)) {
                    resumeWrites.invokeExact(conduit);
                }
            } catch (Throwable closed) {
                throw Reflection.unchecked(closed);
            }
        }
    }
}
