package io.readahead.server.undertow;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.adapter.Shapes;
import io.readahead.weave.AskBeforeRead;
import io.readahead.weave.Weaving;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * Undertow's HTTP/1.1 response, which sends the first bytes of a file together with the head of the answer, in one write from a buffer:
 * which socket is behind it, and which file behind one that XNIO opened.
 *
 * <p>With a 0 its method gives the buffer back and returns 0, as where the socket has no room; its caller then asks for writability.
 *
 * <p>Source: {@code HttpResponseConduit.transferFrom} and {@code AbstractServerConnection}, the same in Undertow 2.2.37, 2.3.18 and 2.4.4;
 * {@code XnioFileChannel}, XNIO 3.8.16.
 * <p>Errors: a class of another shape is reported once, and its calls pass through; so do those of other connections, without a report.
 */
public final class UndertowResponse implements ServerAdapter {

    public static final List<Weaving> WEAVINGS = List.of(new AskBeforeRead("io/undertow/server/protocol/http/HttpResponseConduit",
            "transferFrom(Ljava/nio/channels/FileChannel;JJ)J",
            "one call of FileChannel.read(ByteBuffer) in transferFrom(FileChannel, long, long)"));

    private static final String SITE = "io.undertow.server.protocol.http.HttpResponseConduit.transferFrom";

    private static final String RESPONSE = "io.undertow.server.protocol.http.HttpResponseConduit";
    private static final String HTTP_CONNECTION = "io.undertow.server.protocol.http.HttpServerConnection";
    private static final String SERVER_CONNECTION = "io.undertow.server.AbstractServerConnection";
    private static final String STREAM_CONNECTION = "org.xnio.StreamConnection";
    private static final String XNIO_FILE = "org.xnio.XnioFileChannel";

    private final Shapes<Connection> connections;
    private final Sockets sockets;
    private final Shapes<VarHandle> files;

    /** @param report is told, in a line, of a class that has another shape */
    public UndertowResponse(Reflection reflection, Consumer<String> report) {
        connections = new Shapes<>(type -> Connection.of(reflection, type), report);
        sockets = new Sockets(reflection, report);
        files = new Shapes<>(type -> type.getName().endsWith(XNIO_FILE)
                ? reflection.field(type, "delegate", FileChannel.class) : null, report);
    }

    @Override
    public String site() {
        return SITE;
    }

    /** {@inheritDoc} None where the connection is another one than NIO, plain or Undertow's TLS. */
    @Override
    public Object channelOf(Object response) {
        Connection connection = connections.of(response);
        Object stream = connection == null ? null : connection.streamOf(response);
        return stream == null ? null : sockets.behind(stream);
    }

    @Override
    public Object unknownTo(Object response) {
        Connection connection = connections.of(response);
        Object stream = connection == null ? null : connection.streamOf(response);
        return stream == null ? response : stream;
    }

    /** {@inheritDoc} It is behind one of XNIO's; any other file is as it is. */
    @Override
    public FileChannel fileOf(Object file) {
        VarHandle delegate = files.of(file);
        return (FileChannel) (delegate == null ? file : delegate.get(file));
    }

    @Override
    public boolean tellsEachEnd() {
        return true;
    }

    @Override
    public void forget() {
        connections.forget();
        sockets.forget();
        files.forget();
    }

    /** From a response to its XNIO connection. */
    private record Connection(VarHandle connection, VarHandle channel) {

        static Connection of(Reflection reflection, Class<?> type) throws ReflectiveOperationException {
            Class<?> response = Reflection.ancestor(type, RESPONSE);
            String root = response.getName().substring(0, response.getName().length() - RESPONSE.length());
            Class<?> http = Class.forName(root + HTTP_CONNECTION, false, response.getClassLoader());
            Class<?> server = Reflection.ancestor(http, SERVER_CONNECTION);
            return new Connection(reflection.field(response, "connection", http),
                    reflection.field(server, "channel", Class.forName(STREAM_CONNECTION, false, server.getClassLoader())));
        }

        Object streamOf(Object response) {
            return channel.get(connection.get(response));
        }
    }
}
