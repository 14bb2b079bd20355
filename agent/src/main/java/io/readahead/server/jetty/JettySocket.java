package io.readahead.server.jetty;

import io.readahead.weave.AskBeforeWrite;
import io.readahead.weave.Weaving;
import java.util.List;

/**
 * Jetty's plain socket, to which a response is written in one gathering write: its head, and a part of a file that {@code ResourceHandler}
 * or {@code DefaultServlet} has mapped.
 *
 * <p>After a write that left something its {@code WriteFlusher} waits for writability, whatever was taken.
 *
 * <p>Source: {@code SocketChannelEndPoint.flush}, the same in Jetty 12.0.16 and 12.1.14; {@code WriteFlusher.write} and
 * {@code completeWrite}.
 */
public final class JettySocket {

    public static final List<Weaving> WEAVINGS = List.of(new AskBeforeWrite("org/eclipse/jetty/io/SocketChannelEndPoint",
            "flush([Ljava/nio/ByteBuffer;)Z", "a call of SocketChannel.write in flush(ByteBuffer...)"));

    private JettySocket() {
    }
}
