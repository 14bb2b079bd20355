package io.readahead.server.kafka;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.adapter.Shapes;
import io.readahead.weave.AskAtEntry;
import io.readahead.weave.Weaving;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * Kafka's TLS layer, which reads the file into a buffer of its own: which socket is behind it.
 *
 * <p>With a count of 0 its method flushes what is encrypted already, reads nothing and returns 0. (A 0 from {@code FileChannel.read}
 * instead would make it send what the buffer held before.) Kafka sets write interest before the first call and takes it away after the
 * last, so its selector calls again after a 0.
 *
 * <p>Source: {@code org.apache.kafka.common.network.SslTransportLayer.transferFrom}, the same in Kafka 4.0.2 and 4.4.0;
 * {@code KafkaChannel.setSend}.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class KafkaTls implements ServerAdapter {

    public static final List<Weaving> WEAVINGS = List.of(new AskAtEntry("org/apache/kafka/common/network/SslTransportLayer",
            "transferFrom", "(Ljava/nio/channels/FileChannel;JJ)J", 0, 1, 2,
            "transferFrom(FileChannel file, long position, long count) that leaves file and position alone"));

    private static final String SITE = "org.apache.kafka.common.network.SslTransportLayer.transferFrom";

    private static final String LAYER = "org.apache.kafka.common.network.SslTransportLayer";

    private final Shapes<VarHandle> sockets;

    /** @param report is told, in a line, of a class that has another shape */
    public KafkaTls(Reflection reflection, Consumer<String> report) {
        sockets = new Shapes<>(type -> {
            Class<?> layer = Reflection.ancestor(type, LAYER);
            return reflection.field(layer, "socketChannel", SocketChannel.class);
        }, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    @Override
    public Object channelOf(Object layer) {
        VarHandle socket = sockets.of(layer);
        return socket == null ? null : (SocketChannel) socket.get(layer);
    }

    @Override
    public void forget() {
        sockets.forget();
    }
}
