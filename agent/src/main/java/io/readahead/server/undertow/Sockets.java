package io.readahead.server.undertow;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.Shapes;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * From what Undertow and XNIO put in front of a socket to the socket.
 *
 * <p>Source: {@code SslConduit} and {@code UndertowSslConnection}, Undertow 2.2.37, 2.3.18 and 2.4.3; {@code ConduitWritableByteChannel},
 * {@code NioSocketStreamConnection} and {@code NioSocketConduit}, XNIO 3.8.16.
 * <p>Errors: a class of that name and another shape is reported once, and what it is in front of is not known.
 */
final class Sockets {

    static final String TLS_CONDUIT = "io.undertow.protocols.ssl.SslConduit";

    private static final String SOCKET = "java.nio.channels.SocketChannel";
    private static final String CONDUIT = "org.xnio.conduits.StreamSinkConduit";
    private static final String SOCKET_CONDUIT = "org.xnio.nio.NioSocketConduit";

    /** Which field of a class leads on, and how its type is called. */
    private record Step(String owner, String field, String type) {

        /** @param type a class of that name, relocated or not */
        VarHandle in(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            String root = type.getName().substring(0, type.getName().length() - owner.length());
            Class<?> next = this.type.equals(SOCKET) ? SocketChannel.class
                    : Class.forName(root + this.type, false, type.getClassLoader());
            return reflection.field(type, field, next);
        }
    }

    private static final List<Step> STEPS = List.of(
            new Step("org.xnio.conduits.ConduitWritableByteChannel", "conduit", CONDUIT),
            new Step("io.undertow.protocols.ssl.UndertowSslConnection", "sslConduit", TLS_CONDUIT),
            new Step(TLS_CONDUIT, "sink", CONDUIT),
            new Step("org.xnio.nio.NioSocketStreamConnection", "conduit", SOCKET_CONDUIT),
            new Step(SOCKET_CONDUIT, "socketChannel", SOCKET));

    private final Shapes<VarHandle> steps;

    /** @param report is told, in a line, of a class that has another shape */
    Sockets(Reflection reflection, Consumer<String> report) {
        steps = new Shapes<>(type -> {
            for (Step step : STEPS) {
                if (type.getName().endsWith(step.owner)) {
                    return step.in(reflection, type);
                }
            }
            return null;
        }, report);
    }

    /** The socket behind a channel, a conduit or a connection; null where another thing stands between. */
    SocketChannel behind(Object first) {
        Object at = first;
        while (at != null && !(at instanceof SocketChannel)) {
            VarHandle step = steps.of(at);
            at = step == null ? null : step.get(at);
        }
        return (SocketChannel) at;
    }

    /** The conduit that a channel hands its calls to; null where it is none of XNIO's. */
    Object conduitOf(Object channel) {
        VarHandle step = steps.of(channel);
        return step == null ? null : step.get(channel);
    }

    /** Lets go of the server's classes. */
    void forget() {
        steps.forget();
    }
}
