package io.readahead.server;

import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Kafka's TLS layer: which socket is behind it.
 *
 * <p>Source: {@code org.apache.kafka.common.network.SslTransportLayer}, Kafka 4.4.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class KafkaTls {

    private final ClassValue<VarHandle> sockets;

    /** @param report is told, in a line, of a class that has another shape */
    public KafkaTls(Reflection reflection, Consumer<String> report) {
        sockets = new ClassValue<>() {
            @Override
            protected VarHandle computeValue(Class<?> type) {
                try {
                    Class<?> layer = Reflection.ancestor(type, "SslTransportLayer");
                    return reflection.in(layer).findVarHandle(layer, "socketChannel", SocketChannel.class).withInvokeBehavior();
                } catch (ReflectiveOperationException | RuntimeException e) {
                    report.accept(type.getName() + " has another shape than the agent knows, and its calls pass through: " + e);
                    return null;
                }
            }
        };
    }

    /** The socket behind a layer; null where the layer has another shape. */
    public SocketChannel socketOf(Object layer) {
        VarHandle socket = sockets.get(layer.getClass());
        return socket == null ? null : (SocketChannel) socket.get(layer);
    }
}
