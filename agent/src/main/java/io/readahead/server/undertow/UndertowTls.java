package io.readahead.server.undertow;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.weave.Weaving;
import java.nio.channels.WritableByteChannel;
import java.util.List;
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

    private final Sockets sockets;

    /** @param report is told, in a line, of a class that has another shape */
    public UndertowTls(Reflection reflection, Consumer<String> report) {
        sockets = new Sockets(reflection, report);
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
    }
}
