package io.readahead.server;

import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Kafka's TLS layer: which socket is behind it.
 *
 * <p>Source: {@code org.apache.kafka.common.network.SslTransportLayer}, Kafka 4.0.2 and 4.4.0.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class KafkaTls {

    /** Where the server's call is that the agent stands in for. */
    public static final String SITE = "org.apache.kafka.common.network.SslTransportLayer.transferFrom";

    private static final String LAYER = "org.apache.kafka.common.network.SslTransportLayer";

    private final Shapes<VarHandle> sockets;

    /** @param report is told, in a line, of a class that has another shape */
    public KafkaTls(Reflection reflection, Consumer<String> report) {
        sockets = new Shapes<>(type -> {
            Class<?> layer = Reflection.ancestor(type, LAYER);
            return reflection.in(layer).findVarHandle(layer, "socketChannel", SocketChannel.class).withInvokeBehavior();
        }, report);
    }

    /** The socket behind a layer; null where the layer has another shape. */
    public SocketChannel socketOf(Object layer) {
        VarHandle socket = sockets.of(layer);
        return socket == null ? null : (SocketChannel) socket.get(layer);
    }

    /** Lets go of the server's classes. */
    public void forget() {
        sockets.forget();
    }
}
