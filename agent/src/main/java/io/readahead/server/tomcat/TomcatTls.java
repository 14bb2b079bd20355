package io.readahead.server.tomcat;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.adapter.Shapes;
import io.readahead.weave.Weaving;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tomcat's TLS channel: which socket is behind it.
 *
 * <p>The poller first flushes what is encrypted already, and calls {@code transferTo} only once nothing of that is left, so that no byte
 * waits behind a 0. After a 0, on the poller as on the worker that makes the first call, it has the socket registered for writing. Which
 * engine encrypts, the JDK's or OpenSSL, makes no difference to it.
 *
 * <p>Source: {@code NioEndpoint.Poller.processSendfile}, {@code SecureNioChannel.write}, Tomcat 9.0.98, 10.1.56 and 11.0.21.
 * <p>Errors: a class of another shape is reported once, and its calls pass through.
 */
public final class TomcatTls implements ServerAdapter {

    /** It calls {@code FileChannel.transferTo}, as a class of any server does. */
    public static final List<Weaving> WEAVINGS = List.of();

    private static final String SITE = "org.apache.tomcat.util.net.NioEndpoint$Poller.processSendfile";

    private static final String CHANNEL = "org.apache.tomcat.util.net.NioChannel";
    private static final String TLS_CHANNEL = "org.apache.tomcat.util.net.SecureNioChannel";

    private final Shapes<VarHandle> sockets;

    /** @param report is told, in a line, of a class that has another shape */
    public TomcatTls(Reflection reflection, Consumer<String> report) {
        sockets = new Shapes<>(type -> {
            if (!type.getName().endsWith(TLS_CHANNEL)) {
                return null;
            }
            Class<?> channel = Reflection.ancestor(type, CHANNEL);
            return reflection.field(channel, "sc", SocketChannel.class);
        }, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    /** {@inheritDoc} The socket of its connection at this moment: Tomcat uses a channel again for the next one. */
    @Override
    public Object channelBehind(WritableByteChannel target) {
        VarHandle socket = sockets.of(target);
        return socket == null ? null : (SocketChannel) socket.get(target);
    }

    /** {@inheritDoc} The poller calls once, and comes to a connection again when it has been to all others that are ready. */
    @Override
    public boolean encryptsOnLoop() {
        return true;
    }

    @Override
    public void forget() {
        sockets.forget();
    }
}
